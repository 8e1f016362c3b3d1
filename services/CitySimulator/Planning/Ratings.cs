namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>A doctor's assessed year.</summary>
public sealed record Award(Practitioner Doctor, int Stars, int Period, DateTimeOffset At);

public sealed record Studio(Guid Id, Team Team, DateTimeOffset OpenedAt);

/// <summary>Who holds how many stars when the city's clock starts, and the studios of the five-star doctors.</summary>
public sealed class Ratings
{
    public Ratings(CityFile city, int scale, Staffing staffing, Days days, Choice choice)
    {
        int Count(string key) => Apportioning.Scaled(city.Find(key)?.Value ?? 0, scale);
        var (three, four, five) = (Count("threeStar"), Count("fourStar"), Count("fiveStar"));

        // Five-star doctors lead a team, since only a leader opens a studio.
        var leaders = staffing.Teams.Select(t => t.Leader).ToArray();
        var others = staffing.Teams.SelectMany(t => t.Doctors.Skip(1)).ToArray();
        var doctors = Apportioning.Mix(leaders, choice, "stars of leaders").Concat(Apportioning.Mix(others, choice, "stars of doctors")).ToList();

        var period = (city.Find("fiveStar") ?? city.Find("threeStar") ?? city.Find("fourStar"))?.At?.Year ?? city.Today.Year - 1;
        var (before, now) = (Assessment(period - 1), Assessment(period));
        Awards =
        [
            .. doctors.Take(five).Select(d => new Award(d, 4, period - 1, before)), // five stars need four in the year before
            .. doctors.Take(five).Select(d => new Award(d, 5, period, now)),
            .. doctors.Skip(five).Take(four).Select(d => new Award(d, 4, period, now)),
            .. doctors.Skip(five + four).Take(three).Select(d => new Award(d, 3, period, now)),
        ];
        Studios = [.. staffing.Teams.Where(t => doctors.Take(Count("studios")).Contains(t.Leader))
            .Select(t => new Studio(choice.Id("studio", t.Index), t, now.AddHours(1)))];

        DateTimeOffset Assessment(int year)
        {
            var day = days.OnOrBefore(new DateOnly(year, 12, 20));
            return days.InHours(day < city.Today ? day : days.OnOrBefore(city.Today.AddDays(-1)), 0.6);
        }
    }

    public IReadOnlyList<Award> Awards { get; }
    public IReadOnlyList<Studio> Studios { get; }
}
