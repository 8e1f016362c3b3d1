using System.Globalization;
using System.Net.Sockets;

namespace FamilyDoctor.AppHost.LocalRuntime;

/// <summary>A private RabbitMQ node in a folder of its own, from the machine's binaries, on 127.0.0.1 only.</summary>
internal sealed class NativeRabbitMq(string folder, RabbitMqPorts ports, string user, string password) : IAsyncDisposable
{
    private const string SystemUser = "rabbitmq";
    private GuardedProcess? _node;
    private GuardedProcess? _portMapper;

    /// <summary>For tests: the folder goes with the node if this process is killed.</summary>
    public bool RemoveWhenOrphaned { get; init; }

    public int Port => ports.Amqp;

    public int? ProcessId => _node is { HasExited: false } ? _node.Id : null;

    public int? ExitCode => _node is { HasExited: true } ? _node.ExitCode : null;

    public Task Exited => _node?.Exited ?? Task.CompletedTask;

    public string Log => Path.Combine(folder, "rabbitmq.log");

    public string ConnectionString =>
        $"amqp://{Uri.EscapeDataString(user)}:{Uri.EscapeDataString(password)}@127.0.0.1:{ports.Amqp}";

    public async Task Start(CancellationToken ct = default)
    {
        var program = Program("rabbitmq-server", "/usr/lib/rabbitmq/bin") ?? throw new InvalidOperationException(
            "RabbitMQ is not installed: no rabbitmq-server in /usr/lib/rabbitmq/bin or in PATH.");
        var portMapper = Program("epmd", [.. ErlangFolders()]) ?? throw new InvalidOperationException(
            "Erlang is not installed: no epmd in PATH.");
        await PrivateFolder.Create(folder, SystemUser, ct);
        await PrivateFolder.WriteSecret(Path.Combine(folder, "rabbitmq.conf"), Configuration(), SystemUser, ct);
        await PrivateFolder.WriteSecret(Path.Combine(folder, "enabled_plugins"), "[].\n", SystemUser, ct);

        // Erlang would leave a port mapper of its own behind; ours is guarded like the node.
        var environment = NodeEnvironment();
        _portMapper = await GuardedProcess.Start(new(portMapper)
        {
            User = SystemUser,
            WorkingDirectory = folder,
            InheritEnvironment = false,
            Environment = environment,
            Log = Log,
        }, ct);
        _node = await GuardedProcess.Start(new(program)
        {
            User = SystemUser,
            WorkingDirectory = folder,
            InheritEnvironment = false,
            Environment = environment,
            Log = Log,
            RemoveWhenOrphaned = RemoveWhenOrphaned ? folder : null,
        }, ct);
        while (!await IsReady(ct))
        {
            if (_node.HasExited)
                throw new InvalidOperationException($"RabbitMQ did not start: {PrivateFolder.LastLines(Log)}");
            await Task.Delay(100, ct);
        }
    }

    /// <summary>The node answers a client's greeting; it opens its port only when it is all up.</summary>
    public async Task<bool> IsReady(CancellationToken ct = default)
    {
        if (ProcessId is null)
            return false;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(3));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", ports.Amqp, patience.Token);
            await client.GetStream().WriteAsync("AMQP\0\0\x9\x1"u8.ToArray(), patience.Token);
            return await client.GetStream().ReadAsync(new byte[1], patience.Token) > 0;
        }
        catch (Exception fault) when (fault is SocketException or IOException
            || (fault is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
    }

    public async Task Stop()
    {
        await (_node?.Stop(Signal.Terminate, TimeSpan.FromSeconds(20)) ?? Task.CompletedTask);
        await (_portMapper?.Stop(Signal.Terminate, TimeSpan.FromSeconds(5)) ?? Task.CompletedTask);
    }

    public void Send(Signal signal) => _node?.Send(signal);

    /// <summary>As the machine's out-of-memory killer would end it.</summary>
    public async Task Kill()
    {
        _node?.Send(Signal.Kill);
        await (_node?.Exited ?? Task.CompletedTask);
        await Stop();
    }

    public async ValueTask DisposeAsync() => await Stop();

    private string Configuration() => $"""
        listeners.tcp.default = 127.0.0.1:{ports.Amqp}
        distribution.listener.interface = 127.0.0.1
        distribution.listener.port_range.min = {ports.Distribution}
        distribution.listener.port_range.max = {ports.Distribution}
        default_user = {user}
        default_pass = {password}
        disk_free_limit.absolute = 200MB
        raft.wal_max_size_bytes = 67108864
        log.console = true
        log.console.level = warning
        log.file = false

        """;

    private Dictionary<string, string> NodeEnvironment() => new()
    {
        ["PATH"] = string.Join(':', [.. ErlangFolders(), "/usr/local/bin", "/usr/bin", "/bin"]),
        ["LANG"] = "C.UTF-8",
        ["HOME"] = folder,
        ["RABBITMQ_CONF_ENV_FILE"] = "/dev/null",
        ["RABBITMQ_NODENAME"] = "familydoctor@localhost",
        ["RABBITMQ_DIST_PORT"] = ports.Distribution.ToString(CultureInfo.InvariantCulture),
        ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq.conf"),
        ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins"),
        ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "data"),
        ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
        ["RABBITMQ_GENERATED_CONFIG_DIR"] = Path.Combine(folder, "generated"),
        // Idle schedulers would spin on processors that the services need.
        ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] =
            "+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
        ["ERL_EPMD_PORT"] = ports.PortMapper.ToString(CultureInfo.InvariantCulture),
        ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
    };

    private static IEnumerable<string> ErlangFolders() =>
        new[] { "/usr/lib/erlang", "/usr/local/lib/erlang", "/opt/homebrew/lib/erlang" }
            .Where(Directory.Exists)
            .SelectMany(root => Directory.GetDirectories(root, "erts-*"))
            .Select(runtime => Path.Combine(runtime, "bin"));

    private static string? Program(string name, params string[] folders) =>
        (PrivateFolder.FolderInPath(name) is { } inPath ? folders.Append(inPath) : folders)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    public static bool IsInstalled => Program("rabbitmq-server", "/usr/lib/rabbitmq/bin") is not null;
}

internal sealed record RabbitMqPorts(int Amqp, int Distribution, int PortMapper)
{
    public static RabbitMqPorts Free() => new(PrivateFolder.FreePort(), PrivateFolder.FreePort(), PrivateFolder.FreePort());
}
