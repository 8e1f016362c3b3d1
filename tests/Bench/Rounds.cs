namespace FamilyDoctor.Bench;

/// <summary>A row's result: the medians of both sides.</summary>
public sealed record Result(Row Row, Measured Ours, Measured Limit)
{
    public double Ratio => Ours.PerSecond / Limit.PerSecond;

    /// <summary>What else there is to say, beside the figures.</summary>
    public string? Word { get; init; }
}

/// <summary>Ours and the limit in turn, so that both meet the same machine.</summary>
public static class Rounds
{
    public static async Task<Result> Of(Row row, bool quick)
    {
        var (rounds, time) = (quick, row.IsOneTask) switch
        {
            (true, false) => (2, TimeSpan.FromSeconds(0.3)),
            (_, true) => (3, TimeSpan.Zero),
            _ => (5, TimeSpan.FromSeconds(2)),
        };
        Console.Error.Write($"{row.Name}, ours:limit");
        for (var warm = 0; warm < (row.IsOneTask ? 2 : 1); warm++)
        {
            await row.Ours(time);
            await row.TheLimit(time);
        }
        var (ours, limit) = (new List<Measured>(), new List<Measured>());
        for (var i = 0; i < rounds; i++)
        {
            ours.Add(await row.Ours(time));
            limit.Add(await row.TheLimit(time));
            Console.Error.Write($" {ours[i].PerSecond:N0}:{limit[i].PerSecond:N0}");
        }
        Console.Error.WriteLine();
        return new(row, Measured.Median(ours), Measured.Median(limit)) { Word = row.InTheEnd is { } end ? await end() : null };
    }
}
