using System.Diagnostics;

namespace FamilyDoctor.Bench;

/// <summary>How much was done in a second, and how long one had to wait, in milliseconds.</summary>
/// <param name="FalseConflicts">Commands that were refused although nobody stood in their way.</param>
public sealed record Measured(double PerSecond, double P50, double P99, double P999, long FalseConflicts = 0)
{
    public static Measured Of(double perSecond, IEnumerable<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToArray();
        return new(perSecond, At(0.5), At(0.99), At(0.999));

        double At(double share) => sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
    }

    /// <summary>One piece of work of so many parts, since when it began.</summary>
    public static Measured Task(long parts, long began) => Of(parts / Stopwatch.GetElapsedTime(began).TotalSeconds, []);

    /// <summary>The median of several rounds, figure by figure; conflicts add up.</summary>
    public static Measured Median(IReadOnlyList<Measured> rounds)
    {
        return new(Middle(r => r.PerSecond), Middle(r => r.P50), Middle(r => r.P99), Middle(r => r.P999), rounds.Sum(r => r.FalseConflicts));

        double Middle(Func<Measured, double> figure)
        {
            var sorted = rounds.Select(figure).Order().ToArray();
            return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        }
    }
}

/// <summary>Clients that ask, wait for the answer and ask again.</summary>
public static class Clients
{
    /// <param name="ask">One question of the client with this number.</param>
    /// <param name="worth">How much one question counts.</param>
    public static async Task<Measured> Run(int clients, TimeSpan time, Func<int, Task> ask, int worth = 1)
    {
        var waited = Enumerable.Range(0, clients).Select(_ => new List<double>(16_384)).ToArray();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(waited.Select((mine, client) => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(start) < time)
            {
                var asked = Stopwatch.GetTimestamp();
                await ask(client);
                mine.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }
        })));
        var took = Stopwatch.GetElapsedTime(start);
        return Measured.Of(waited.Sum(w => (long)w.Count) * worth / took.TotalSeconds, waited.SelectMany(w => w));
    }

    /// <summary>So many clients share a list of questions among themselves.</summary>
    public static async Task<Measured> Share<T>(int clients, IReadOnlyList<T> questions, Func<T, Task> ask)
    {
        var waited = new double[questions.Count];
        var next = -1;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var mine && mine < questions.Count)
            {
                var asked = Stopwatch.GetTimestamp();
                await ask(questions[mine]);
                waited[mine] = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
            }
        })));
        return Measured.Of(questions.Count / Stopwatch.GetElapsedTime(start).TotalSeconds, waited);
    }
}
