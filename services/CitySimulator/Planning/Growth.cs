namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>A stretch of the history between two known stocks of contracted residents.</summary>
/// <param name="After">The day of the earlier stock; the stretch begins on the next.</param>
/// <param name="Until">The day of the later stock.</param>
public sealed record Stretch(DateOnly After, DateOnly Until, int Before, int Reached);

/// <summary>How the number of contracted residents grew, year by year, at 1:N.</summary>
public static class Growth
{
    /// <summary>First day of the founded history.</summary>
    public static DateOnly HistoryFrom(CityFile city) => city.Assumptions.HistoryFrom.Value
        ?? new DateOnly((city.Series("contracted").FirstOrDefault()?.At ?? city.Today).Year - 1, 1, 1);

    public static List<Stretch> Stretches(CityFile city, int scale)
    {
        var stocks = Stocks(city);
        var stretches = new List<Stretch>();
        var (after, before) = (HistoryFrom(city).AddDays(-1), 0);
        foreach (var (at, value) in stocks)
        {
            var reached = Apportioning.Scaled(value, scale);
            stretches.Add(new(after, at, before, reached));
            (after, before) = (at, reached);
        }
        return stretches;
    }

    /// <summary>Published stocks, with the ends of the years between them by constant growth.</summary>
    private static List<(DateOnly At, double Value)> Stocks(CityFile city)
    {
        var known = city.Series("contracted").Select(f => (At: f.At!.Value, f.Value)).ToList();
        if (known.Count == 0)
            return [];
        var all = new List<(DateOnly, double)>();
        var (first, from) = (known[0], HistoryFrom(city));
        var growth = 1 + city.Assumptions.Growth.Value;
        foreach (var end in YearEnds(from, first.At))
            all.Add((end, first.Value / Math.Pow(growth, Years(end, first.At))));
        all.Add(first);
        foreach (var (earlier, later) in known.Zip(known.Skip(1)))
        {
            foreach (var end in YearEnds(earlier.At.AddDays(1), later.At))
            {
                var part = Years(earlier.At, end) / Years(earlier.At, later.At);
                all.Add((end, earlier.Value > 0
                    ? earlier.Value * Math.Pow(later.Value / earlier.Value, part)
                    : later.Value * part));
            }
            all.Add(later);
        }
        return all;
    }

    private static IEnumerable<DateOnly> YearEnds(DateOnly from, DateOnly before)
    {
        for (var end = new DateOnly(from.Year, 12, 31); end < before; end = end.AddYears(1))
            yield return end;
    }

    private static double Years(DateOnly from, DateOnly to) => (to.DayNumber - from.DayNumber) / 365.25;
}
