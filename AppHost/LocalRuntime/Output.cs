using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace FamilyDoctor.AppHost.LocalRuntime;

/// <summary>What the person at the terminal sees: states, the services' own lines, and how far the founding of the city is.</summary>
internal sealed class Output(RunOptions options, ResourceNotificationService notifications)
{
    private const string ProgressMark = "@progress ";
    private const string ReadyMark = "@ready";
    private static readonly string[] Colours = ["36", "32", "33", "35", "34", "96", "92", "95"];
    private static readonly TimeSpan BetweenPlainLines = TimeSpan.FromSeconds(2);
    private readonly bool _terminal = !Console.IsOutputRedirected && !options.IsTest;
    private readonly Lock _pen = new();
    private readonly Dictionary<string, string> _colours = [];
    private string? _progress;
    private long _lastPlain;
    private bool _announced;

    public void Opening(string folder, IConfiguration configuration)
    {
        Write("Distributed application starting.");
        Write($"Data folder: {folder}");
        if (configuration["City"] is { } city)
            Write($"City: {city}");
    }

    public void Closing()
    {
        _progress = null;
        Write("Stopping; a moment, please.");
    }

    public void Line(string resource, string text)
    {
        if (text.StartsWith(ProgressMark, StringComparison.Ordinal))
            Progress(text[ProgressMark.Length..]);
        else if (text.Trim() == ReadyMark)
            Ready();
        else
            Write($"{Coloured(resource, $"{resource,-10} |")} {text}");
    }

    public void Complain(string resource, string text) => Write(Paint("31;1", $"{resource} {text}"));

    public void State(Instance instance, CustomResourceSnapshot now)
    {
        var url = instance.Resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault()?.Url;
        var details = now.State?.Text == KnownResourceStates.Running
            ? $"{now.HealthStatus}, process {instance.ProcessId}{(url is null ? "" : $", {url}")}"
            : now.ExitCode is { } code ? $"exit code {code}" : "";
        if (now.State?.Text != KnownResourceStates.NotStarted)
            Write($"{Coloured(instance.Resource.Name, $"{instance.Resource.Name,-10} *")} {now.State?.Text} {details}".TrimEnd());
        if (instance.Resource.Name == "dashboard" && now.HealthStatus is HealthStatus.Healthy && !_announced)
        {
            _announced = true;
            Write(Paint("1;97;44", $"  FamilyDoctor is at {url}  "));
        }
    }

    /// <summary>All resources with their states.</summary>
    public string Table(IEnumerable<IResource> resources)
    {
        var table = new StringBuilder($"{"resource",-12}{"state",-15}{"health",-11}{"process",-9}address\n");
        foreach (var now in resources.SelectMany(resource => notifications.Of(resource.Name)))
        {
            var process = now.Snapshot.Properties.FirstOrDefault(p => p.Name == "executable.pid")?.Value;
            var url = now.Resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault()?.Url;
            table.Append($"{now.Resource.Name,-12}{now.Snapshot.State?.Text,-15}{now.Snapshot.HealthStatus,-11}{process,-9}{url}".TrimEnd());
            table.Append('\n');
        }

        return table.ToString();
    }

    /// <summary>Before anything runs: one sentence instead of a stack trace, where we know the cause.</summary>
    public static void Die(Exception fault)
    {
        var known = fault is AggregateException { InnerExceptions: [var only] } ? only : fault;
        Console.Error.WriteLine(known is DistributedApplicationException or InvalidOperationException ? known.Message : known.ToString());
        Environment.Exit(1);
    }

    private void Progress(string text)
    {
        lock (_pen)
        {
            _progress = text;
            if (_terminal)
                Console.Write($"\r\e[2K{text}");
            else if (_lastPlain == 0 || TimeProvider.System.GetElapsedTime(_lastPlain) > BetweenPlainLines)
            {
                _lastPlain = TimeProvider.System.GetTimestamp();
                Console.WriteLine(text);
            }
        }
    }

    private void Ready()
    {
        lock (_pen)
        {
            if (_terminal && _progress is not null)
                Console.WriteLine();
            else if (_progress is not null)
                Console.WriteLine(_progress);
            _progress = null;
        }

        Write(Paint("1;97;42", "  The city is founded: its days begin.  "));
    }

    private void Write(string text)
    {
        lock (_pen)
        {
            if (_terminal && _progress is not null)
                Console.Write("\r\e[2K");
            Console.WriteLine(text);
            if (_terminal && _progress is not null)
                Console.Write(_progress);
        }
    }

    private string Coloured(string resource, string text)
    {
        lock (_pen)
        {
            if (!_colours.TryGetValue(resource, out var colour))
                _colours[resource] = colour = Colours[_colours.Count % Colours.Length];
            return Paint(colour, text);
        }
    }

    private string Paint(string colour, string text) => _terminal ? $"\e[{colour}m{text}\e[0m" : text;
}
