namespace FamilyDoctor.CitySimulator.Planning;

public sealed record Institution(int Index, Guid Id, int District, DateOnly OpenedOn);

public sealed record Practitioner(int Index, Guid Id, string Kind, Institution Institution, DateTimeOffset RegisteredAt);

public sealed record Member(Practitioner Who, string Role, decimal Fte);

/// <summary>A team with its members; the first is the family doctor who leads.</summary>
public sealed record Team(int Index, Guid Id, Institution Institution, DateTimeOffset FormedAt, IReadOnlyList<Member> Members)
{
    public Practitioner Leader => Members[0].Who;

    public IEnumerable<Practitioner> Doctors => Members.Where(m => m.Role == "gp").Select(m => m.Who);

    public Practitioner Nurse => Members.First(m => m.Role == "nurse").Who;

    public double Fte => (double)Members.Where(m => m.Role == "gp").Sum(m => m.Fte);
}

/// <summary>Institutions, staff and teams, in the order in which they began.</summary>
public sealed class Staffing
{
    private readonly List<Institution> institutions = [];
    private readonly List<Practitioner> practitioners = [];
    private readonly List<Team> teams = [];
    private readonly Choice choice;
    private readonly Days days;
    private readonly IReadOnlyList<int> districtOf;
    private readonly decimal nurseFte;
    private readonly Dictionary<Practitioner, int> teamsOf = [];

    public Staffing(CityFile city, int scale, Days days, Choice choice)
    {
        (this.days, this.choice) = (days, choice);
        var waves = Wave.Of(city, scale);
        var last = waves[^1];
        districtOf = Apportioning.Mixed(Apportioning.Apportion(last.Institutions, [.. city.Districts.Select(d => (double)d.Population)]), choice, "district of institution");
        // Fewer nurses than teams: each works in several, with an equal part of her time.
        var teamsOfNurse = waves.Max(w => (w.Teams + w.Staff["nurse"] - 1) / w.Staff["nurse"]);
        nurseFte = decimal.Floor(100m / Math.Max(1, teamsOfNurse)) / 100;
        Wave? before = null;
        foreach (var wave in waves)
        {
            Open(wave, before);
            before = wave;
        }
    }

    public IReadOnlyList<Institution> Institutions => institutions;
    public IReadOnlyList<Practitioner> Practitioners => practitioners;
    public IReadOnlyList<Team> Teams => teams;

    private void Open(Wave wave, Wave? before)
    {
        foreach (var at in Moments(wave.Institutions - (before?.Institutions ?? 0), wave, before))
            institutions.Add(new(institutions.Count, choice.Id("institution", institutions.Count), districtOf[institutions.Count], days.DateOf(at)));

        var count = wave.Teams - (before?.Teams ?? 0);
        var formed = Moments(count, wave, before).ToList();
        var staff = wave.Staff.ToDictionary(k => k.Key, k => k.Value - (before?.Staff.GetValueOrDefault(k.Key) ?? 0));
        var shares = staff.ToDictionary(k => k.Key, k => Apportioning.Apportion(k.Value, [.. Enumerable.Repeat(1.0, Math.Max(1, count))]));
        var hosts = Hosts(formed);
        for (var t = 0; t < count; t++)
        {
            var members = new List<Member>();
            foreach (var (kind, share) in shares)
            {
                for (var n = 0; n < share[t]; n++)
                    members.Add(new(Register(kind, hosts[t], formed[t]), kind == "doctor" ? "gp" : kind, kind == "nurse" ? nurseFte : 1));
            }
            if (members.All(m => m.Role != "nurse"))
                members.Add(SharedNurse());
            foreach (var nurse in members.Where(m => m.Role == "nurse"))
                teamsOf[nurse.Who] = teamsOf.GetValueOrDefault(nurse.Who) + 1;
            teams.Add(new(teams.Count, choice.Id("team", teams.Count), hosts[t], formed[t],
                [.. members.OrderBy(m => m.Role == "gp" ? 0 : m.Role == "nurse" ? 1 : 2)]));
        }
        for (var i = 0; count == 0 && i < staff.Values.Sum(); i++) // a wave without a new team: they work in no team yet
            Register(staff.SelectMany(k => Enumerable.Repeat(k.Key, k.Value)).ElementAt(i), institutions[i % institutions.Count], days.InHours(days.OnOrBefore(wave.At), 0));
    }

    private Practitioner Register(string kind, Institution at, DateTimeOffset teamFormed)
    {
        var practitioner = new Practitioner(practitioners.Count, choice.Id("practitioner", practitioners.Count), kind, at, teamFormed.AddMinutes(-30));
        practitioners.Add(practitioner);
        return practitioner;
    }

    private Member SharedNurse() => new(practitioners.Where(p => p.Kind == "nurse").MinBy(n => (teamsOf.GetValueOrDefault(n), n.Index))!, "nurse", nurseFte);

    /// <summary>Where each new team works: institutions that are open, as evenly as can be.</summary>
    private List<Institution> Hosts(List<DateTimeOffset> formed)
    {
        var load = institutions.ToDictionary(i => i, i => teams.Count(t => t.Institution == i));
        var hosts = new List<Institution>();
        foreach (var at in formed)
        {
            var day = days.DateOf(at);
            var host = institutions.Where(i => i.OpenedOn <= day).MinBy(i => (load[i], i.Index))!;
            load[host]++;
            hosts.Add(host);
        }
        return hosts;
    }

    private IEnumerable<DateTimeOffset> Moments(int count, Wave wave, Wave? before) => before is null
        ? Enumerable.Range(0, count).Select(_ => days.InHours(days.OnOrAfter(wave.From), 0.1))
        : days.Spread(count, before.At.AddDays(1), wave.At);
}
