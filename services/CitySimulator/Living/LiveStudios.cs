using FamilyDoctor.CitySimulator.Planning;

namespace FamilyDoctor.CitySimulator.Living;

/// <summary>The studios of five-star doctors hold two half-days a week of their own; once a quarter they choose others.</summary>
public sealed class LiveStudios(Plan plan)
{
    private const int Quarter = 62; // working days

    public IEnumerable<Step> Day(DateOnly day, int number) => number % Quarter != 0 ? [] : plan.Ratings.Studios
        .Where(s => plan.Panels.Working.Contains(s.Team)).Select(studio => SetHours(studio, day, number / Quarter));

    private Step SetHours(Studio studio, DateOnly day, int quarter)
    {
        var first = (studio.Team.Index + quarter) % 5;
        var at = plan.Days.InHours(day, plan.Choice.Fraction("studio hours", studio.Team.Index));
        return new(at, at.AddDays(30), $"studio:{studio.Team.Index}:{quarter}", "studio hours set", "teams", $"/studios/{studio.Id}/hours", new
        {
            hours = new[] { HalfDay(first, "08:00", "11:00"), HalfDay((first + 2) % 5, "13:30", "16:30") },
        })
        { Method = HttpMethod.Put };
    }

    private static object HalfDay(int weekday, string opens, string closes) => new { day = DayOfWeek.Monday + weekday, opens, closes };
}
