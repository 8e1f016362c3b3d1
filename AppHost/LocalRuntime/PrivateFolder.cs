using System.Net;
using System.Net.Sockets;

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

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public static string LastLines(string log) =>
        File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(15)) : "nothing was logged";

    public static string? FolderInPath(params string[] programs) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .FirstOrDefault(folder => programs.All(program => File.Exists(Path.Combine(folder, program))));
}
