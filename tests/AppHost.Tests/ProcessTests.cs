using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using FamilyDoctor.AppHost.LocalRuntime;

namespace FamilyDoctor.AppHost.Tests;

/// <summary>A whole application as a process of its own, as ./run starts it.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("familydoctor-data-").FullName;

    [Fact]
    public async Task A_clean_stop_leaves_nothing_running_and_the_data_stay()
    {
        string secret;
        using (var first = await StartAndWait())
        {
            secret = first.Said("the secret is ");
            using var second = Start();
            await second.Process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Equal(1, second.Process.ExitCode);
            Assert.Contains($"runs already on {_folder} (process {first.Process.Id})", second.All, StringComparison.Ordinal);

            var family = Family(first.Process.Id);
            Assert.True(family.Count > 8, "servers, the service and their guards");
            await GuardedProcess.Run(["kill", "-TERM", $"{first.Process.Id}"]);
            await first.Process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal(0, first.Process.ExitCode);
            await Until.True(() => !family.Any(GuardedProcess.IsAlive), $"every process is gone: {await Alive(family)}");
        }

        using var again = await StartAndWait();
        Assert.Equal(secret, again.Said("the secret is "));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "parameters.json")));
    }

    [Fact]
    public async Task Nothing_outlives_an_application_that_is_killed()
    {
        using var application = await StartAndWait();
        var family = Family(application.Process.Id);
        Assert.True(family.Count > 8, "servers, the service and their guards");
        application.Process.Kill();
        await Until.True(() => !family.Any(GuardedProcess.IsAlive), "every process of the application is gone");
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        using var application = Start($"--Port={port}");
        await application.Process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(1, application.Process.ExitCode);
        Assert.Contains($"Port {port} of web is taken by ", application.All, StringComparison.Ordinal);
        Assert.Contains($"(process {Environment.ProcessId})", application.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_another_city_are_refused()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "city"), "shenzhen-100");
        using var application = Start();
        await application.Process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(1, application.Process.ExitCode);
        Assert.Contains("holds the data of shenzhen-100", application.All, StringComparison.Ordinal);
        Assert.Contains("--fresh", application.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_of_somebody_else_is_left_alone()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "diary.txt"), "mine");
        using var application = Start("--Local:Fresh=true");
        await application.Process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(1, application.Process.ExitCode);
        Assert.True(File.Exists(Path.Combine(_folder, "diary.txt")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<Child> StartAndWait()
    {
        var child = Start();
        await Until.True(() => child.Process.HasExited || child.All.Contains("the secret is ", StringComparison.Ordinal), () => $"web runs; so far:\n{child.All}");
        Assert.False(child.Process.HasExited, child.All);
        return child;
    }

    private Child Start(params string[] settings) => new(["application", $"--Local:DataFolder={_folder}", .. settings]);

    private static async Task<string> Alive(IEnumerable<int> family) =>
        family.Where(GuardedProcess.IsAlive).ToList() is { Count: > 0 } alive
            ? await GuardedProcess.Run(["ps", "-o", "pid=,ppid=,stat=,args=", "-p", string.Join(',', alive)])
            : "none";

    private static HashSet<int> Family(int parent)
    {
        var children = GuardedProcess.ChildrenOf(parent);
        return [.. children, .. children.SelectMany(Family)];
    }

    private sealed class Child : IDisposable
    {
        private readonly List<string> _lines = [];

        public Child(string[] arguments)
        {
            var info = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            Process = Process.Start(info)!;
            DataReceivedEventHandler remember = (_, line) =>
            {
                lock (_lines)
                    _lines.Add(line.Data ?? "");
            };
            Process.OutputDataReceived += remember;
            Process.ErrorDataReceived += remember;
            Process.BeginOutputReadLine();
            Process.BeginErrorReadLine();
        }

        public Process Process { get; }

        public string All
        {
            get
            {
                lock (_lines)
                    return string.Join('\n', _lines);
            }
        }

        public string Said(string mark) => All.Split(mark)[1].Split('\n')[0];

        public void Dispose()
        {
            if (!Process.HasExited)
            {
                GuardedProcess.Run(["kill", "-TERM", Process.Id.ToString(CultureInfo.InvariantCulture)]).GetAwaiter().GetResult();
                Process.WaitForExit(TimeSpan.FromSeconds(30));
            }

            Process.Dispose();
        }
    }
}
