using System.Globalization;

namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>
/// The contracted residents: as many at the end of each stretch as published, those whose term ended without renewal
/// replaced by others. Until the city's clock starts everybody stays with the team he signed with.
/// </summary>
public sealed class Population
{
    // An ended contract is in grace for a month before it expires; both lie within one stretch, so stocks stay exact.
    private const int GraceDays = 31;

    private readonly List<Resident> residents = [];
    private readonly Dictionary<Team, int> panels = [];
    private readonly List<DateOnly> ends = [];
    private readonly CityFile city;
    private readonly Staffing staffing;
    private readonly Days days;
    private readonly Choice choice;
    private readonly int[] terms;
    private readonly People people;

    public Population(CityFile city, int scale, Staffing staffing, Days days, Choice choice)
    {
        (this.city, this.staffing, this.days, this.choice) = (city, staffing, days, choice);
        foreach (var team in staffing.Teams)
            panels[team] = 0;
        terms = TermsOfAll();
        var stretches = Growth.Stretches(city, scale);
        foreach (var stretch in stretches)
            Sign(stretch, End(stretch));
        people = new(city, choice);
        people.Describe(residents);
        if (stretches is [.., var last])
        {
            LastYearSigned = residents.Count(r => r.SignedOn > last.After) * 365.0 / (last.Until.DayNumber - last.After.DayNumber);
        }
    }

    /// <summary>How many signed in the last stretch of the history, a year.</summary>
    public double LastYearSigned { get; }

    public IReadOnlyList<Resident> Residents => residents;

    /// <summary>Ends the due share of the contracts whose term ends in this stretch; the others are renewed.</summary>
    private int End(Stretch stretch)
    {
        var (due, mayLeave) = (0, new List<Resident>());
        foreach (var resident in residents.Where(r => r.LeftOn is null))
        {
            while (ends[resident.Index] <= stretch.Until)
            {
                due++;
                if (ends[resident.Index].AddDays(GraceDays) <= stretch.Until)
                    mayLeave.Add(resident);
                ends[resident.Index] = Terms.NextEnd(ends[resident.Index], resident.TermMonths);
            }
        }
        var leaving = Math.Min(mayLeave.Count, Apportioning.ShareOf(due, 1 - city.Assumptions.RenewedShare.Value));
        for (var i = 0; i < leaving; i++)
        {
            var resident = mayLeave[(int)((i + 0.5) * mayLeave.Count / leaving)];
            resident.LeftOn = EndIn(resident, stretch);
            panels[resident.Team]--;
        }
        return leaving;
    }

    private static DateOnly EndIn(Resident resident, Stretch stretch)
    {
        var end = Terms.FirstEnd(resident.SignedOn, resident.TermMonths);
        while (end <= stretch.After)
            end = Terms.NextEnd(end, resident.TermMonths);
        return end;
    }

    /// <summary>After the founding: somebody signs, with these teams in turn.</summary>
    public Resident SignToday(DateTimeOffset moment, IReadOnlyList<Team> teams)
    {
        var team = teams[residents.Count % teams.Count];
        var resident = Resident(moment, choice.Below(3, "cross-district", residents.Count) == 0
            ? choice.Below(city.Districts.Count, "home", residents.Count) : team.Institution.District, team);
        people.Describe(resident);
        return resident;
    }

    private Resident Resident(DateTimeOffset moment, int district, Team team)
    {
        var resident = new Resident
        {
            Index = residents.Count,
            Team = team,
            District = district,
            SignedAt = moment,
            SignedOn = days.DateOf(moment),
            TermMonths = terms[residents.Count % terms.Length],
        };
        residents.Add(resident);
        return resident;
    }

    private void Sign(Stretch stretch, int left)
    {
        var count = stretch.Reached - stretch.Before + left;
        var (after, began) = (stretch.After, days.DateOf(staffing.Teams[0].FormedAt));
        var moments = days.Spread(count, (after > began ? after : began).AddDays(1), stretch.Until).ToList();
        var homes = Apportioning.Mixed(
            Apportioning.Apportion(count, [.. city.Districts.Select(d => (double)d.Population)]), choice, $"homes until {stretch.Until:O}");
        var joining = staffing.Teams.Where(t => days.DateOf(t.FormedAt) <= stretch.Until).ToList();
        for (var i = 0; i < count;)
        {
            // As long as no other team begins, the same teams share those who sign.
            var there = joining.Where(t => t.FormedAt < moments[i]).ToList();
            var next = joining.Where(t => t.FormedAt >= moments[i]).Select(t => t.FormedAt).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
            var until = i;
            while (until < count && moments[until] <= next)
                until++;
            foreach (var (seat, n) in Seats(stretch, there, homes[i..until]).Select((seat, n) => (seat, n)))
            {
                var resident = Resident(moments[i + n], seat.District, seat.Team);
                ends.Add(Terms.FirstEnd(resident.SignedOn, resident.TermMonths));
                panels[seat.Team]++;
            }
            i = until;
        }
    }

    /// <summary>Who signs where: teams fill up evenly by their doctors, residents go to a team of their district if they can.</summary>
    private (int District, Team Team)[] Seats(Stretch stretch, List<Team> teams, int[] homes)
    {
        var fte = teams.Sum(t => t.Fte);
        var needs = teams.Select(t => Math.Max(0, (stretch.Reached * t.Fte / fte) - panels[t])).ToList();
        var seats = Apportioning.Apportion(homes.Length, needs.Sum() > 0 ? needs : [.. teams.Select(t => t.Fte)]);
        var left = homes.CountBy(h => h).ToDictionary(h => h.Key, h => h.Value);
        var all = new List<(int, Team)>(homes.Length);
        for (var t = 0; t < teams.Count; t++)
        {
            var near = Math.Min(seats[t], left.GetValueOrDefault(teams[t].Institution.District));
            all.AddRange(Enumerable.Repeat((teams[t].Institution.District, teams[t]), near));
            seats[t] -= near;
            left[teams[t].Institution.District] = left.GetValueOrDefault(teams[t].Institution.District) - near;
        }
        var elsewhere = new Queue<int>(left.OrderBy(h => h.Key).SelectMany(h => Enumerable.Repeat(h.Key, h.Value)));
        for (var t = 0; t < teams.Count; t++)
        {
            for (; seats[t] > 0; seats[t]--)
                all.Add((elsewhere.Dequeue(), teams[t])); // cross-district signing is allowed
        }
        return Apportioning.Mix(all.ToArray(), choice, $"seats from {residents.Count}");
    }

    // Dealt out again and again, so that each hundred has its proportion of every term.
    private int[] TermsOfAll()
    {
        var terms = city.Assumptions.Terms.Value;
        var months = terms.Keys.Select(term => int.Parse(term, CultureInfo.InvariantCulture)).ToList();
        return [.. Apportioning.Mixed(Apportioning.Apportion(100, [.. terms.Values]), choice, "terms").Select(i => months[i])];
    }
}
