using Aspire.Hosting;
using Aspire.Hosting.Testing;

namespace FamilyDoctor.AppHost.Tests;

public sealed class WaitingTests : IDisposable
{
    private readonly FakeProject _project = new();
    private readonly string _signal = Path.Combine(Path.GetTempPath(), $"familydoctor-{Path.GetRandomFileName()}");

    [Fact]
    public async Task A_resource_starts_only_when_what_it_waits_for_is_healthy()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        var slow = builder.AddProject("slow", _project.Path).WithArgs("service", _signal).WithHttpHealthCheck("/health");
        builder.AddExecutable("after", "sleep", "/", "1000").WaitFor(slow);
        builder.AddExecutable("beside", "sleep", "/", "1000").WaitForStart(slow);
        await using var app = await builder.BuildAsync();
        await app.StartAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await app.ResourceNotifications.WaitForResourceAsync("beside", KnownResourceStates.Running, limit.Token);
        await app.ResourceNotifications.WaitForResourceAsync("slow", KnownResourceStates.Running, limit.Token);
        Assert.Equal(KnownResourceStates.Waiting, State(app, "after"));

        await File.WriteAllTextAsync(_signal, "now", limit.Token);
        await app.ResourceNotifications.WaitForResourceAsync("after", KnownResourceStates.Running, limit.Token);
    }

    [Theory]
    [InlineData("exit 0", nameof(KnownResourceStates.Running))]
    [InlineData("exit 3", nameof(KnownResourceStates.FailedToStart))]
    public async Task Waiting_for_a_completion_needs_the_right_exit_code(string script, string state)
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        var job = builder.AddExecutable("job", "sh", "/", "-c", script);
        builder.AddExecutable("after", "sleep", "/", "1000").WaitForCompletion(job);
        await using var app = await builder.BuildAsync();
        await app.StartAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await app.ResourceNotifications.WaitForResourceAsync("after", state, limit.Token);
    }

    [Fact]
    public async Task Who_hears_that_a_resource_has_ended_may_start_it_again_at_once()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        builder.AddExecutable("brief", "sh", "/", "-c", "exit 3");
        await using var app = await builder.BuildAsync();
        using var pen = new HeldPen("brief      * Exited"); // its end is known, but not yet written down
        await app.StartAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await app.ResourceNotifications.WaitForResourceAsync("brief", KnownResourceStates.Exited, limit.Token);
        var started = await app.ResourceCommands.ExecuteCommandAsync("brief", "resource-start", limit.Token);
        Assert.True(started.Success, started.ErrorMessage);
    }

    [Fact]
    public void Nobody_waits_for_himself_and_no_two_resources_share_a_name()
    {
        using var builder = DistributedApplicationTestingBuilder.Create();
        var one = builder.AddExecutable("one", "sleep", "/", "1");
        Assert.Throws<DistributedApplicationException>(() => one.WaitFor(one));
        Assert.Throws<DistributedApplicationException>(() => builder.AddExecutable("One", "sleep", "/", "1"));
        Assert.Throws<ArgumentException>(() => builder.AddExecutable("two_words", "sleep", "/", "1"));
    }

    public void Dispose()
    {
        _project.Dispose();
        File.Delete(_signal);
    }

    private static string? State(DistributedApplication app, string resource) =>
        app.ResourceNotifications.TryGetCurrentState(resource, out var now) ? now.Snapshot.State?.Text : null;

    /// <summary>In place of the terminal, slow at one line. It passes nothing on: whoever writes to the real one holds that and waits for this.</summary>
    private sealed class HeldPen : StringWriter
    {
        private readonly TextWriter _terminal = Console.Out;
        private readonly ManualResetEventSlim _released = new();
        private readonly string _line;

        public HeldPen(string line)
        {
            _line = line;
            Console.SetOut(this);
        }

        public override void WriteLine(string? value)
        {
            if (value?.StartsWith(_line, StringComparison.Ordinal) is true)
                _released.Wait(TimeSpan.FromSeconds(30));
        }

        protected override void Dispose(bool disposing)
        {
            Console.SetOut(_terminal);
            _released.Set();
            base.Dispose(disposing);
        }
    }
}
