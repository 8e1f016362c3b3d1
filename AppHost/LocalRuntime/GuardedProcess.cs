using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace FamilyDoctor.AppHost.LocalRuntime;

/// <summary>
/// A child process in a group of its own that never outlives this one: a small shell beside it waits at a pipe from here,
/// and when the pipe closes, even by SIGKILL, it ends the whole group.
/// </summary>
internal sealed class GuardedProcess : IAsyncDisposable
{
    // Arguments: the signal that asks for a clean end, a log file or "-", a folder to remove when orphaned or "-", the command.
    private const string Guard = """
        set -m
        trap : INT TERM HUP
        signal=$1 log=$2 remove=$3; shift 3
        exec 3<&0 4>&2 </dev/null 2>/dev/null
        # The child says its number before it becomes the command: nothing that the command says can come first.
        (
            echo "$BASHPID"
            exec 2>&4 3<&- 4>&-
            if [ "$log" = - ]; then exec "$@"; else exec "$@" >>"$log" 2>&1; fi
        ) &
        child=$!
        exec 4>&-
        {
            while read -r _ <&3; do :; done
            kill -s "$signal" -- "-$child"
            for _ in $(seq 100); do kill -0 -- "-$child" || break; sleep 0.1; done
            kill -s KILL -- "-$child"
            [ "$remove" = - ] || rm -rf -- "$remove"
        } >/dev/null 2>&1 &
        watch=$!
        while :; do wait "$child"; code=$?; kill -0 "$child" || break; done
        kill -s KILL -- "-$child"
        read -r -t 0 <&3 || kill -s KILL -- "-$watch"
        wait "$watch"
        exit "$code"
        """;

    private readonly Process _shell;

    private GuardedProcess(Process shell, int id) => (_shell, Id) = (shell, id);

    /// <summary>The process itself (and its group), not the shell that guards it.</summary>
    public int Id { get; }

    public Task Exited => _shell.WaitForExitAsync();

    public bool HasExited => _shell.HasExited;

    public int ExitCode => _shell.ExitCode;

    public static async Task<GuardedProcess> Start(GuardedStart start, CancellationToken ct = default)
    {
        var info = new ProcessStartInfo("bash")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = start.WorkingDirectory ?? "/",
        };
        string[] command = [.. AsUser(start.User), start.Command, .. start.Arguments];
        foreach (var argument in
            (string[])["-c", Guard, "guard", start.Signal, start.Log ?? "-", start.RemoveWhenOrphaned ?? "-", .. command])
        {
            info.ArgumentList.Add(argument);
        }

        if (!start.InheritEnvironment)
            info.Environment.Clear();
        foreach (var (name, value) in start.Environment)
            info.Environment[name] = value;
        if (!info.Environment.ContainsKey("PATH"))
            info.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");

        var shell = Process.Start(info) ?? throw new InvalidOperationException($"{start.Command} did not start.");
        var first = await shell.StandardOutput.ReadLineAsync(ct);
        if (!int.TryParse(first, CultureInfo.InvariantCulture, out var id))
            throw new InvalidOperationException($"{start.Command} did not start: {await shell.StandardError.ReadToEndAsync(ct)}");

        _ = Forward(shell.StandardOutput, start.Line);
        _ = Forward(shell.StandardError, start.Line);
        return new GuardedProcess(shell, id);
    }

    /// <summary>Asks for a clean end, insists after <paramref name="limit"/>, and returns when the process is gone.</summary>
    public async Task Stop(Signal signal, TimeSpan limit)
    {
        if (!_shell.HasExited)
        {
            Send(signal);
            using var patience = new CancellationTokenSource(limit);
            try
            {
                await _shell.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Send(Signal.Kill);
                await _shell.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    public void Send(Signal signal) => _ = kill(-Id, (int)signal);

    public async ValueTask DisposeAsync()
    {
        await Stop(Signal.Terminate, TimeSpan.FromSeconds(10));
        _shell.Dispose();
    }

    /// <summary>Servers refuse to run as root: then they run as the user that their package made.</summary>
    public static string[] AsUser(string? user) => user is not null && Environment.IsPrivilegedProcess
        ? ["setpriv", $"--reuid={user}", $"--regid={user}", "--init-groups", "--"]
        : [];

    /// <summary>Runs a short command to its end; an exit code other than 0 is an error that shows what the command said.</summary>
    public static async Task<string> Run(
        string[] command, IReadOnlyDictionary<string, string>? environment = null, CancellationToken ct = default)
    {
        var info = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            info.Environment[name] = value;
        try
        {
            using var process = Process.Start(info) ?? throw new InvalidOperationException($"{command[0]} did not start.");
            var errors = process.StandardError.ReadToEndAsync(ct);
            var output = await process.StandardOutput.ReadToEndAsync(ct);
            await process.WaitForExitAsync(ct);
            return process.ExitCode == 0
                ? output
                : throw new InvalidOperationException($"{string.Join(' ', command)} failed: {(await errors).Trim()}");
        }
        catch (Win32Exception missing)
        {
            throw new InvalidOperationException($"The command {command[0]} is missing.", missing);
        }
    }

    public static bool IsAlive(int process) => kill(process, 0) == 0;

    public static int[] ChildrenOf(int process)
    {
        using var ps = Process.Start(new ProcessStartInfo("ps", ["-A", "-o", "ppid=,pid="]) { RedirectStandardOutput = true });
        return [.. ps!.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(ids => ids[0] == process.ToString(CultureInfo.InvariantCulture))
            .Select(ids => int.Parse(ids[1], CultureInfo.InvariantCulture))];
    }

    private static async Task Forward(StreamReader from, Action<string>? line)
    {
        while (await from.ReadLineAsync() is { } text)
            line?.Invoke(text);
    }

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}

internal enum Signal { Interrupt = 2, Quit = 3, Kill = 9, Terminate = 15 }

internal sealed record GuardedStart(string Command, params string[] Arguments)
{
    public string? User { get; init; }
    public string? WorkingDirectory { get; init; }
    public bool InheritEnvironment { get; init; } = true;
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    /// <summary>What the guard sends when this process is gone.</summary>
    public string Signal { get; init; } = "TERM";
    public string? Log { get; init; }
    public string? RemoveWhenOrphaned { get; init; }
    public Action<string>? Line { get; init; }
}
