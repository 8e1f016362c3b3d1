using FamilyDoctor.AppHost.LocalRuntime;

namespace FamilyDoctor.AppHost.Tests;

public sealed class GuardedProcessTests
{
    [Fact]
    public async Task A_child_that_speaks_at_once_is_known_by_its_number_all_the_same()
    {
        await Task.WhenAll(Enumerable.Range(0, 60).Select(async _ =>
        {
            var lines = new List<string>();
            await using var child = await GuardedProcess.Start(new("sh", "-c", "echo $$") { Line = lines.Add })
                .WaitAsync(TimeSpan.FromSeconds(30));
            await Until.True(() => lines.Count == 1, "the child's one word arrives");
            Assert.Equal($"{child.Id}", lines[0]);
        }));
    }

    [Fact]
    public async Task A_command_that_does_not_exist_ends_as_the_shell_ends_it()
    {
        var lines = new List<string>();
        await using var child = await GuardedProcess.Start(new("no-such-command") { Line = lines.Add });
        await child.Exited.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(127, child.ExitCode);
        await Until.True(() => lines.Count == 1, "the shell's complaint arrives");
        Assert.Contains("no-such-command: not found", lines[0], StringComparison.Ordinal);
    }
}
