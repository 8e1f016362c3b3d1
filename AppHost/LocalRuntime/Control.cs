using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace FamilyDoctor.AppHost.LocalRuntime;

/// <summary>Answers ./run restart, stop, status and token through a socket that only the same user can open.</summary>
internal sealed class ControlServer(
    DataFolder data, IReadOnlyList<IResource> resources, ResourceCommandService commands, Output output,
    IHostApplicationLifetime lifetime, IServiceProvider services) : BackgroundService
{
    private static readonly TimeSpan TokenLifetime = TimeSpan.FromHours(12);
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        File.Delete(data.Socket);
        _socket.Bind(new UnixDomainSocketEndPoint(data.Socket));
        File.SetUnixFileMode(data.Socket, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        _socket.Listen();
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _socket.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
            _ = Serve(await _socket.AcceptAsync(stoppingToken), stoppingToken);
    }

    private async Task Serve(Socket client, CancellationToken ct)
    {
        await using var stream = new NetworkStream(client, ownsSocket: true);
        using var reader = new StreamReader(stream, leaveOpen: true);
        await using var writer = new StreamWriter(stream) { AutoFlush = true };
        try
        {
            var command = (await reader.ReadLineAsync(ct) ?? "").Split('\u001f');
            var (code, text) = await Answer(command, ct);
            await writer.WriteLineAsync($"{code}".AsMemory(), ct);
            await writer.WriteLineAsync(text.AsMemory(), ct);
            // The client of a stop waits until this process is gone and with it the connection.
            if (command is ["stop"])
                await Task.Delay(Timeout.Infinite, lifetime.ApplicationStopped);
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException)
        {
            // The client did not wait for the answer.
        }
    }

    private async Task<(int Code, string Text)> Answer(string[] command, CancellationToken ct)
    {
        switch (command)
        {
            case ["status"]:
                return (0, output.Table(resources).TrimEnd());
            case ["restart", var resource]:
                var result = await commands.ExecuteCommandAsync(resource, KnownResourceCommands.RestartCommand, ct);
                return result.Success ? (0, $"{resource} is being started again.") : (1, result.ErrorMessage ?? "It did not work.");
            case ["stop"]:
                lifetime.StopApplication();
                return (0, "Stopping.");
            case ["token", var role, .. var rest] when rest.Length % 2 == 0:
                if (services.GetService<DevelopmentIssuer>() is not { } issuer)
                    return (1, "Tokens are the identity provider's here: the development issuer works in Development only.");
                var given = rest.Chunk(2).ToDictionary(pair => pair[0], pair => pair[1]);
                return (0, await issuer.Token(given.GetValueOrDefault("--sub", role), role.Split(','),
                    given.GetValueOrDefault("--org"), TokenLifetime, ct));
            default:
                return (1, "Say one of: status, stop, restart RESOURCE, token ROLE [--org ID] [--sub ID].");
        }
    }
}

/// <summary>The other end: <c>AppHost control status</c>, which ./run calls.</summary>
internal static class ControlClient
{
    private const string FolderOption = "--Local:DataFolder";

    public static int Run(string[] arguments)
    {
        string[] folders = arguments.IndexOf(FolderOption) is >= 0 and var at && at + 1 < arguments.Length
            ? [arguments[at + 1]]
            : Environment.GetEnvironmentVariable("Local__DataFolder") is { } given ? [given]
            : Directory.Exists(DataFolder.Root) ? Directory.GetDirectories(DataFolder.Root) : [];
        var command = arguments.Where((argument, i) => argument != FolderOption && (i == 0 || arguments[i - 1] != FolderOption));
        foreach (var folder in folders)
        {
            if (Connect(Path.Combine(folder, "control.sock")) is { } socket)
                return Ask(socket, string.Join('\u001f', command));
        }

        Console.Error.WriteLine("FamilyDoctor does not run here.");
        return 3;
    }

    private static Socket? Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    private static int Ask(Socket socket, string command)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        using var reader = new StreamReader(stream);
        using var writer = new StreamWriter(stream);
        writer.WriteLine(command);
        writer.Flush();
        if (!int.TryParse(reader.ReadLine(), out var code))
        {
            // It closed the connection without a word: it was ending, and now it has.
            Console.Error.WriteLine("FamilyDoctor was being stopped.");
            return command == "stop" ? 0 : 1;
        }

        var text = reader.ReadToEnd().TrimEnd();
        (code == 0 ? Console.Out : Console.Error).WriteLine(text);
        return code;
    }
}
