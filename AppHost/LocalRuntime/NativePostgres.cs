using System.Globalization;

namespace FamilyDoctor.AppHost.LocalRuntime;

/// <summary>A private PostgreSQL server in a folder of its own, from the machine's binaries, on 127.0.0.1 only.</summary>
internal sealed class NativePostgres(string folder, int port, string user, string password) : IAsyncDisposable
{
    private const string SystemUser = "postgres";
    private GuardedProcess? _server;

    /// <summary>Server settings beside the defaults, as in <c>postgres -c name=value</c>.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    /// <summary>For tests: the folder goes with the server if this process is killed.</summary>
    public bool RemoveWhenOrphaned { get; init; }

    public int Port => port;

    public int? ProcessId => _server is { HasExited: false } ? _server.Id : null;

    public int? ExitCode => _server is { HasExited: true } ? _server.ExitCode : null;

    public Task Exited => _server?.Exited ?? Task.CompletedTask;

    public string Log => Path.Combine(folder, "postgres.log");

    private string Data => Path.Combine(folder, "data");

    public string ConnectionString(string database) => string.Create(CultureInfo.InvariantCulture,
        $"Host=127.0.0.1;Port={port};Username={user};Password={password};Database={database}");

    /// <summary>Creates the cluster on first use, starts the server and waits until it takes connections.</summary>
    public async Task Start(CancellationToken ct = default)
    {
        var bin = Binaries() ?? throw new InvalidOperationException(
            "PostgreSQL is not installed: no initdb and postgres in /usr/lib/postgresql/*/bin or in PATH.");
        await PrivateFolder.Create(folder, SystemUser, ct);
        if (!File.Exists(Path.Combine(Data, "PG_VERSION")))
            await Initialize(bin, ct);

        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = "",
            ["max_connections"] = "300",
            ["logging_collector"] = "off",
        };
        foreach (var (name, value) in Settings)
            settings[name] = value;
        _server = await GuardedProcess.Start(
            new(Path.Combine(bin, "postgres"), ["-D", Data, .. settings.SelectMany(s => (string[])["-c", $"{s.Key}={s.Value}"])])
            {
                User = SystemUser,
                WorkingDirectory = folder,
                InheritEnvironment = false,
                Environment = new Dictionary<string, string> { ["LANG"] = "C.UTF-8", ["TZ"] = "UTC" },
                Signal = "INT",
                Log = Log,
                RemoveWhenOrphaned = RemoveWhenOrphaned ? folder : null,
            }, ct);
        while (!IsReady())
        {
            if (_server.HasExited)
                throw new InvalidOperationException($"PostgreSQL did not start: {PrivateFolder.LastLines(Log)}");
            await Task.Delay(50, ct);
        }
    }

    /// <summary>The server says of itself that it takes connections (line 8 of its pid file).</summary>
    public bool IsReady()
    {
        try
        {
            return ProcessId is not null
                && File.ReadAllLines(Path.Combine(Data, "postmaster.pid")) is { Length: >= 8 } lines
                && lines[0] == ProcessId?.ToString(CultureInfo.InvariantCulture) && lines[7].Trim() == "ready";
        }
        catch (IOException)
        {
            return false;
        }
    }

    public async Task CreateDatabase(string database, CancellationToken ct = default)
    {
        var exists = await Psql($"select 1 from pg_database where datname = '{database.Replace("'", "''")}'", ct);
        if (exists.Trim() != "1")
            await Psql($"create database \"{database.Replace("\"", "\"\"")}\"", ct);
    }

    /// <summary>Fast shutdown: connections are cut, everything committed is on disk.</summary>
    public Task Stop() => _server?.Stop(Signal.Interrupt, TimeSpan.FromSeconds(20)) ?? Task.CompletedTask;

    public void Send(Signal signal) => _server?.Send(signal);

    /// <summary>As the machine's out-of-memory killer would end it.</summary>
    public async Task Kill()
    {
        if (_server is not { HasExited: false })
            return;
        var backends = GuardedProcess.ChildrenOf(_server.Id);
        _server.Send(Signal.Kill);
        await _server.Exited;
        // They notice that their postmaster is gone; a new one refuses to start before the last has left.
        while (backends.Any(GuardedProcess.IsAlive))
            await Task.Delay(20);
    }

    public async ValueTask DisposeAsync() => await Stop();

    private async Task Initialize(string bin, CancellationToken ct)
    {
        var secret = Path.Combine(folder, "password");
        await PrivateFolder.WriteSecret(secret, password, SystemUser, ct);
        try
        {
            await GuardedProcess.Run([.. GuardedProcess.AsUser(SystemUser), Path.Combine(bin, "initdb"), "-D", Data,
                $"--username={user}", $"--pwfile={secret}", "--auth-host=scram-sha-256", "--auth-local=scram-sha-256",
                "--encoding=UTF8", "--locale=C.UTF-8"], ct: ct);
        }
        catch
        {
            // A half-made cluster would look like one at the next start.
            if (Directory.Exists(Data))
                Directory.Delete(Data, recursive: true);
            throw;
        }
        finally
        {
            File.Delete(secret);
        }
    }

    private Task<string> Psql(string sql, CancellationToken ct) => GuardedProcess.Run(
        [Path.Combine(Binaries()!, "psql"), "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1",
            "-p", port.ToString(CultureInfo.InvariantCulture), "-U", user, "-d", "postgres", "-c", sql],
        new Dictionary<string, string> { ["PGPASSWORD"] = password }, ct);

    /// <summary>The newest installed version's programs.</summary>
    public static string? Binaries()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql")
                .Where(d => File.Exists(Path.Combine(d, "bin", "initdb")) && File.Exists(Path.Combine(d, "bin", "postgres")))
                .MaxBy(d => int.TryParse(Path.GetFileName(d), out var version) ? version : 0)
            : null;
        return debian is not null ? Path.Combine(debian, "bin") : PrivateFolder.FolderInPath("initdb", "postgres");
    }
}
