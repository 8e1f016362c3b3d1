using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace FamilyDoctor.AppHost.LocalRuntime;

/// <summary>Everything that outlives a run: the servers' data, their ports, the generated secrets. One run at a time owns it.</summary>
internal sealed class DataFolder : IDisposable
{
    private const long LeastFreeDisk = 500L << 20;
    private readonly FileStream _lock;
    private readonly bool _temporary;
    private readonly Lock _memory = new();

    private DataFolder(string path, string city, FileStream @lock, bool temporary) =>
        (Path, City, _lock, _temporary) = (path, city, @lock, temporary);

    public string Path { get; }

    /// <summary>City and scale, which the data belong to.</summary>
    public string City { get; }

    public string Socket => In("control.sock");

    public string In(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Where data folders are unless the configuration says otherwise; servers cannot enter root's home.</summary>
    public static string Root => Environment.IsPrivilegedProcess
        ? "/var/lib/familydoctor"
        : System.IO.Path.Combine(Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "familydoctor");

    public static DataFolder Open(IConfiguration configuration, string city, bool temporary)
    {
        var given = configuration["Local:DataFolder"];
        temporary &= given is null;
        var path = System.IO.Path.GetFullPath(given ?? (temporary
            ? Directory.CreateTempSubdirectory("familydoctor-").FullName
            : System.IO.Path.Combine(Root, city)));
        try
        {
            Directory.CreateDirectory(path);
            // The servers' own users must get through to their folders.
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32("711", 8));
            if (!temporary && !File.Exists(System.IO.Path.Combine(path, "city")) && Directory.EnumerateFileSystemEntries(path)
                .Any(entry => System.IO.Path.GetFileName(entry) is not ("lock" or "pid")))
                throw new DistributedApplicationException($"{path} is not empty and no data folder of FamilyDoctor: name another one.");
            var folder = new DataFolder(path, city, Lock(path), temporary);
            folder.Settle(configuration.GetValue("Local:Fresh", false));
            return folder;
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
        {
            throw new DistributedApplicationException($"The data folder {path} cannot be written: {fault.Message}", fault);
        }
    }

    /// <summary>The value of the first time.</summary>
    public string Kept(string name, Func<string> first) => Remember("parameters.json", name, _ => true, first);

    /// <summary>The same port at every start, as long as nobody else has taken it.</summary>
    public int Port(string name) => int.Parse(Remember("ports.json", name,
        port => IsFree(int.Parse(port, CultureInfo.InvariantCulture)),
        () => PrivateFolder.FreePort().ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    public static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        File.Delete(Socket);
        File.Delete(In("pid"));
        _lock.Dispose();
        if (_temporary)
            Directory.Delete(Path, recursive: true);
    }

    private static FileStream Lock(string path)
    {
        try
        {
            var stream = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(System.IO.Path.Combine(path, "pid"), $"{Environment.ProcessId}");
            return stream;
        }
        catch (IOException) when (File.Exists(System.IO.Path.Combine(path, "pid")))
        {
            throw new DistributedApplicationException($"FamilyDoctor runs already on {path} (process " +
                $"{File.ReadAllText(System.IO.Path.Combine(path, "pid"))}). ./run status shows it, ./run stop ends it.");
        }
    }

    private void Settle(bool fresh)
    {
        if (fresh)
        {
            foreach (var file in (string[])["parameters.json", "ports.json", "city"])
                File.Delete(In(file));
            if (Directory.Exists(In("servers")))
                Directory.Delete(In("servers"), recursive: true);
        }

        if (File.Exists(In("city")) && File.ReadAllText(In("city")) is var former && former != City)
        {
            _lock.Dispose();
            throw new DistributedApplicationException(
                $"{Path} holds the data of {former}, not of {City}: name another folder, or begin anew with --fresh.");
        }

        if (new DriveInfo(Path).AvailableFreeSpace is < LeastFreeDisk and var left)
        {
            _lock.Dispose();
            throw new DistributedApplicationException(
                $"The disk of {Path} is full: {left >> 20} MB are left, {LeastFreeDisk >> 20} MB are needed at least.");
        }

        File.WriteAllText(In("city"), City);
    }

    private string Remember(string file, string name, Func<string, bool> stillGood, Func<string> next)
    {
        lock (_memory)
        {
            var known = File.Exists(In(file))
                ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(In(file)))!
                : [];
            if (known.TryGetValue(name, out var value) && stillGood(value))
                return value;
            known[name] = next();
            // Written aside and renamed, so that a crash never leaves half of the secrets.
            var options = new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using (var stream = new FileStream(In($"{file}.new"), options))
            {
                JsonSerializer.Serialize(stream, known);
                stream.Flush(flushToDisk: true);
            }

            File.Move(In($"{file}.new"), In(file), overwrite: true);
            return known[name];
        }
    }
}
