using System.Diagnostics;

namespace FamilyDoctor.AppHost.Tests;

internal static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    public static Task True(Func<bool> condition, string what) => True(() => Task.FromResult(condition()), what);

    public static Task True(Func<Task<bool>> condition, string what) => True(condition, () => what);

    /// <param name="what">Asked only when the limit has passed, so it can tell what was there instead.</param>
    public static Task True(Func<bool> condition, Func<string> what) => True(() => Task.FromResult(condition()), what);

    private static async Task True(Func<Task<bool>> condition, Func<string> what)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > Limit)
                Assert.Fail($"{what()}: not within {Limit.TotalSeconds} s.");
            await Task.Delay(50);
        }
    }
}
