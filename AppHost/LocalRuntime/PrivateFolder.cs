using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace FamilyDoctor.AppHost.LocalRuntime;

/// <summary>Folders that only their server may enter, and the small things that go with them.</summary>
internal static class PrivateFolder
{
    public static async Task Create(string folder, string owner, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (Environment.IsPrivilegedProcess)
            await GuardedProcess.Run(["chown", $"{owner}:", folder], ct: ct);
    }

    public static async Task WriteSecret(string file, string content, string owner, CancellationToken ct)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using (var writer = new StreamWriter(file, options))
            await writer.WriteAsync(content.AsMemory(), ct);
        if (Environment.IsPrivilegedProcess)
            await GuardedProcess.Run(["chown", $"{owner}:", file], ct: ct);
    }

    private static readonly ConcurrentDictionary<int, bool> Given = new();

    /// <summary>
    /// Each once, since whoever was given it may not have taken it yet. Below the range from which the system takes ports
    /// for outgoing connections: one of those might take the port between now and the server's start.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(15_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                if (Given.TryAdd(port, true))
                    return port;
            }
            catch (SocketException)
            {
                // Taken; the next one then.
            }
        }
    }

    public static string LastLines(string log) =>
        File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(15)) : "nothing was logged";

    public static string? FolderInPath(params string[] programs) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(folder => programs.All(program => File.Exists(Path.Combine(folder, program))));
}
