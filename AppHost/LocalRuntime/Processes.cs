using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace FamilyDoctor.AppHost.LocalRuntime;

/// <summary>A project or an executable, with the environment that Aspire gives it.</summary>
internal sealed class ProcessInstance(
    IResource resource, bool balanced, DistributedApplicationExecutionContext execution, IConfiguration configuration,
    Output output) : Instance(resource)
{
    private static readonly HttpClient Health = new() { Timeout = TimeSpan.FromSeconds(10) };
    private readonly Dictionary<EndpointAnnotation, int> _targets = [];
    private GuardedProcess? _process;

    public override int? ProcessId => _process is { HasExited: false } ? _process.Id : null;
    public override int? ExitCode => _process is { HasExited: true } ? _process.ExitCode : null;
    public override Task Exited => _process?.Exited ?? Task.CompletedTask;

    /// <summary>Where the process itself listens: the public port, or behind a balancer a port of its own.</summary>
    public int Target(EndpointAnnotation endpoint)
    {
        if (!_targets.TryGetValue(endpoint, out var port))
            _targets[endpoint] = port = balanced ? PrivateFolder.FreePort() : endpoint.TargetPort ?? endpoint.Port!.Value;
        return port;
    }

    public override async Task Start(CancellationToken ct)
    {
        var arguments = Resource.Annotations.OfType<ArgumentsAnnotation>().SelectMany(annotation => annotation.Arguments);
        var start = Resource is ExecutableResource executable
            ? new GuardedStart(executable.Command, [.. arguments]) { WorkingDirectory = executable.WorkingDirectory }
            : Project() is var (assembly, folder)
                ? new GuardedStart("dotnet", [assembly, .. arguments]) { WorkingDirectory = folder }
                : throw new InvalidOperationException($"{Resource.Name} is neither a project nor an executable.");
        _process = await GuardedProcess.Start(start with
        {
            Environment = await Variables(ct),
            Line = line => output.Line(Resource.Name, line),
        }, ct);
    }

    public override async Task<bool> IsHealthy(CancellationToken ct)
    {
        foreach (var check in Resource.Annotations.OfType<HttpHealthAnnotation>())
        {
            var endpoint = Endpoints.FirstOrDefault(e => check.EndpointName is null || e.Name == check.EndpointName)
                ?? throw new DistributedApplicationException($"{Resource.Name} has no endpoint for its health check.");
            try
            {
                using var answer = await Health.GetAsync(
                    new Uri($"{endpoint.UriScheme}://localhost:{Target(endpoint)}{check.Path}"), ct);
                if ((int)answer.StatusCode != check.StatusCode)
                    return false;
            }
            catch (Exception silent) when (silent is HttpRequestException
                || (silent is OperationCanceledException && !ct.IsCancellationRequested))
            {
                return false;
            }
        }

        return true;
    }

    public override Task Stop() => _process?.Stop(Signal.Terminate, TimeSpan.FromSeconds(20)) ?? Task.CompletedTask;

    public override void Kill() => _process?.Send(Signal.Kill);

    private IEnumerable<EndpointAnnotation> Endpoints => Resource.Annotations.OfType<EndpointAnnotation>();

    // As AppHost itself was built: bin/Debug/net10.0.
    private (string Assembly, string Folder) Project()
    {
        var path = Resource.Annotations.OfType<ProjectAnnotation>().Single().ProjectPath;
        var folder = Path.GetDirectoryName(path)!;
        var flavour = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory).Split(Path.DirectorySeparatorChar)[^2..];
        var output = Path.Combine([folder, "bin", .. flavour]);
        var settings = Directory.Exists(output) ? Directory.GetFiles(output, "*.runtimeconfig.json") : [];
        return settings is [var one]
            ? (Path.ChangeExtension(Path.ChangeExtension(one, null), "dll"), folder)
            : throw new DistributedApplicationException($"It is not built: run `dotnet build {path}`.");
    }

    private async Task<Dictionary<string, string>> Variables(CancellationToken ct)
    {
        var context = new EnvironmentCallbackContext(execution, Resource, [], ct);
        var variables = context.EnvironmentVariables;
        var profile = Resource.Annotations.OfType<LaunchProfile>().FirstOrDefault();
        if (Resource is ProjectResource)
        {
            foreach (var (name, value) in Telemetry())
                variables[name] = value;
            variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
            if (profile is not null)
                variables["DOTNET_LAUNCH_PROFILE"] = profile.Name;
            if (Endpoints.Any())
                variables["ASPNETCORE_URLS"] = string.Join(';', Endpoints.Select(e => $"{e.UriScheme}://localhost:{Target(e)}"));
        }

        foreach (var endpoint in Endpoints.Where(endpoint => endpoint.Variable is not null))
            variables[endpoint.Variable!] = $"{Target(endpoint)}";
        foreach (var annotation in Resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context);
        foreach (var (name, value) in profile?.Variables ?? [])
            variables.TryAdd(name, value);

        var evaluated = new Dictionary<string, string>();
        foreach (var (name, value) in variables)
            evaluated[name] = value is IValueProvider provider ? await provider.GetValueAsync(ct) ?? "" : $"{value}";
        return evaluated;
    }

    private Dictionary<string, string> Telemetry()
    {
        var collector = configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] ?? configuration["OTEL_EXPORTER_OTLP_ENDPOINT"];
        return string.IsNullOrWhiteSpace(collector)
            ? []
            : new()
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector,
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] ?? "grpc",
                ["OTEL_SERVICE_NAME"] = Resource.Name,
                ["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={Id[^8..]}",
                ["OTEL_BLRP_SCHEDULE_DELAY"] = "1000",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "1000",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "1000",
                ["OTEL_TRACES_SAMPLER"] = "always_on",
                ["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based",
                ["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory",
            };
    }
}

/// <summary>A profile of a project's launchSettings.json, chosen as Aspire chooses it.</summary>
internal sealed record LaunchProfile(string Name, string? Urls, Dictionary<string, string> Variables) : IResourceAnnotation
{
    public static LaunchProfile? Of(string projectPath, ProjectResourceOptions options, IConfiguration configuration)
    {
        var file = Path.Combine(Path.GetDirectoryName(projectPath)!, "Properties", "launchSettings.json");
        if (options.ExcludeLaunchProfile || !File.Exists(file))
            return null;
        using var settings = JsonDocument.Parse(
            File.ReadAllText(file), new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var profiles = settings.RootElement.GetProperty("profiles").EnumerateObject().ToList();
        if (options.LaunchProfileName is { } named)
        {
            return profiles.Any(p => p.Name == named)
                ? Read(profiles.First(p => p.Name == named))
                : throw new DistributedApplicationException($"Launch profile '{named}' does not exist in {file}.");
        }

        var wanted = configuration["AppHost:DefaultLaunchProfileName"] ?? configuration["DOTNET_LAUNCH_PROFILE"];
        var chosen = profiles.Where(p => p.Name == wanted).Concat(profiles.Where(IsProject)).Take(1).ToList();
        return chosen is [var profile] ? Read(profile) : null;
    }

    public IEnumerable<EndpointAnnotation> Endpoints()
    {
        var seen = new Dictionary<string, int>();
        foreach (var url in (Urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries).Select(url => new Uri(url)))
        {
            var number = seen[url.Scheme] = seen.GetValueOrDefault(url.Scheme) + 1;
            yield return new EndpointAnnotation(url.Scheme, number == 1 ? url.Scheme : $"{url.Scheme}{number}", url.Port);
        }
    }

    private static bool IsProject(JsonProperty profile) =>
        !profile.Value.TryGetProperty("commandName", out var command) || command.GetString() is "Project" or "Executable";

    private static LaunchProfile Read(JsonProperty profile) => new(
        profile.Name,
        profile.Value.TryGetProperty("applicationUrl", out var urls) ? urls.GetString() : null,
        profile.Value.TryGetProperty("environmentVariables", out var variables)
            ? variables.EnumerateObject().ToDictionary(variable => variable.Name, variable => variable.Value.GetString() ?? "")
            : []);
}
