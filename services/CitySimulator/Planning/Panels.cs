namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>Each team's residents, to choose from whom something happens to.</summary>
public sealed class Panels
{
    private readonly Dictionary<Team, List<Resident>> byTeam;
    private readonly HashSet<Resident> between = [];
    private readonly IReadOnlyList<Team> teams;
    private readonly Choice choice;

    public Panels(Population population, Staffing staffing, Choice choice)
    {
        (teams, Working, this.choice) = (staffing.Teams, staffing.Teams, choice);
        byTeam = staffing.Teams.ToDictionary(t => t, _ => new List<Resident>());
        foreach (var resident in population.Residents)
            byTeam[resident.Team].Add(resident);
    }

    /// <summary>Teams that go on.</summary>
    public IReadOnlyList<Team> Working { get; private set; }

    /// <summary>Somebody signed after all others.</summary>
    public void Add(Resident resident) => byTeam[resident.Team].Add(resident);

    /// <summary>Somebody goes to another team; its list stays in the order of signing.</summary>
    public void Move(Resident resident, Team to)
    {
        byTeam[resident.Team].Remove(resident);
        between.Remove(resident);
        resident.Team = to;
        byTeam[to].Insert(SignedBefore(byTeam[to], resident.SignedOn), resident);
    }

    /// <summary>A team ends: nothing new happens to its residents until they are with another.</summary>
    public IReadOnlyList<Resident> Leave(Team team)
    {
        var leaving = byTeam[team];
        (byTeam[team], Working) = ([], [.. Working.Where(t => t != team)]);
        between.UnionWith(leaving);
        return leaving;
    }

    /// <summary>His team ends, and he is not with another yet.</summary>
    public bool IsBetweenTeams(Resident resident) => between.Contains(resident);

    /// <summary>How many were under contract on a day.</summary>
    public int CountOn(Team team, DateOnly day) => byTeam[team].Count(r => r.SignedOn < day && (r.LeftOn is not { } left || left >= day));

    /// <summary>Someone under contract that day and for a while after, if possible as wished; null when there is nobody.</summary>
    public Resident? Pick(Team team, DateOnly day, string what, long index, Func<Resident, bool>? wish = null)
    {
        var all = byTeam[team];
        var signed = SignedBefore(all, day);
        if (signed == 0)
            return null;
        Resident? fallback = null;
        var start = choice.Below(signed, what, index);
        for (var tries = 0; tries < Math.Min(signed, 200); tries++)
        {
            var resident = all[(start + (tries * 7)) % signed];
            if (!resident.StaysFrom(day))
                continue;
            fallback ??= resident;
            if (wish is null || wish(resident))
                return resident;
        }
        return fallback ?? all.Take(signed).FirstOrDefault(r => r.StaysFrom(day));
    }

    /// <summary>Someone of this team, or of the next one that has somebody that day.</summary>
    public Resident PickNear(Team team, DateOnly day, string what, long index, Func<Resident, bool>? wish = null)
    {
        for (var i = 0; i < teams.Count; i++)
        {
            if (Pick(teams[(team.Index + i) % teams.Count], day, what, index, wish) is { } resident)
                return resident;
        }
        throw new InvalidOperationException($"Nobody is under contract on {day:O}.");
    }

    private static int SignedBefore(List<Resident> residents, DateOnly day)
    {
        var (low, high) = (0, residents.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = residents[middle].SignedOn < day ? (middle + 1, high) : (low, middle);
        }
        return low;
    }
}
