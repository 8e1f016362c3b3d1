using System.Diagnostics;

namespace FamilyDoctor.AppHost.Tests;

internal static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    public static Task True(Func<bool> condition, string what) => True(() => Task.FromResult(condition()), what);

    public static async Task True(Func<Task<bool>> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(clock.Elapsed < Limit, $"{what}: not within {Limit.TotalSeconds} s.");
            await Task.Delay(50);
        }
    }
}
