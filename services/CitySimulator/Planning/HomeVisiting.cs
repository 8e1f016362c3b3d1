using FamilyDoctor.CitySimulator.Rows;

namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>Home visits: to the family beds while they are open, and house calls to others.</summary>
public sealed class HomeVisiting
{
    private static readonly string[] Causes = ["notAtHome", "refused", "practitionerUnavailable"];

    private readonly Plan plan;
    private readonly Diary diary;
    private readonly List<(Team Team, VisitRow Row)> visits = [];
    private readonly Dictionary<Bed, int> ofBed = [];

    public HomeVisiting(Plan plan)
    {
        this.plan = plan;
        diary = new(plan.Days);
        var published = plan.PeriodOf("homeVisits") is not null;
        var period = plan.PeriodOf("homeVisits") ?? plan.PeriodOf("bedsOpened") ?? (plan.From, plan.City.Today.AddDays(-1));
        var open = plan.BedCare.Beds.Select(b => (Bed: b, Days: OpenDays(b, period))).Where(b => b.Days.Count > 0).ToList();
        var total = published ? plan.Count("homeVisits") : Apportioning.ShareOf(plan.BedCare.Beds.Count, plan.City.Assumptions.VisitsPerBed.Value);
        var toBeds = open.Count == 0 ? 0 : published ? Apportioning.ShareOf(total, plan.City.Assumptions.BedVisitsShare.Value) : total;
        foreach (var (count, i) in Apportioning.Apportion(toBeds, [.. open.Select(b => (double)b.Days.Count)]).Select((count, i) => (count, i)))
            VisitBed(open[i].Bed, open[i].Days, count);
        if (published)
            CallAtHomes(total - toBeds, Apportioning.ShareOf(total, plan.City.Assumptions.MissedVisitShare.Value), period);
        visits.Sort((a, b) => (a.Row.OccurredAt, a.Row.VisitId).CompareTo((b.Row.OccurredAt, b.Row.VisitId)));
    }

    public IReadOnlyList<(Team Team, VisitRow Row)> Visits => visits;

    public int CountOf(Bed bed) => ofBed.GetValueOrDefault(bed);

    /// <summary>The working days between opening and end on which a visit could have been made.</summary>
    private List<DateOnly> OpenDays(Bed bed, (DateOnly From, DateOnly To) period)
    {
        var (first, last) = (plan.Days.DateOf(bed.OpenedAt).AddDays(1), plan.Days.DateOf(bed.ClosesAt < plan.End ? bed.ClosesAt : plan.End).AddDays(-1));
        return plan.Days.Working(first > period.From ? first : period.From, last < period.To ? last : period.To);
    }

    private void VisitBed(Bed bed, List<DateOnly> days, int count)
    {
        ofBed[bed] = count;
        for (var n = 0; n < count; n++)
            Add($"bed:{bed.Name}:{n}", bed.Resident, days[(int)((double)n * days.Count / count)], days[^1], bed, bed.OpenedAt, missed: false);
    }

    private void CallAtHomes(int completed, int missed, (DateOnly From, DateOnly To) period)
    {
        var outcomes = Apportioning.Mixed([completed, missed], plan.Choice, "missed visit");
        var moments = plan.Days.Spread(outcomes.Length, period.From, period.To).ToList();
        var teams = plan.TeamsOver("homeVisits", outcomes.Length);
        for (var i = 0; i < outcomes.Length; i++)
        {
            var day = plan.Days.DateOf(moments[i]);
            var resident = plan.Panels.PickNear(plan.Staffing.Teams[teams[i]], day, "house call", i, r => r.AgeOn(day) >= 65 && !plan.BedCare.Has(r));
            Add($"call:{i}", resident, day, period.To, null, DateTimeOffset.MinValue, outcomes[i] == 1);
        }
    }

    private void Add(string name, Resident resident, DateOnly day, DateOnly last, Bed? bed, DateTimeOffset notBefore, bool missed)
    {
        var salt = visits.Count;
        var (who, role, from) = diary.Find(resident.Team, plan.Choice.Below(3, "visitor", salt) == 0, day, last);
        var to = from.AddMinutes(Diary.VisitMinutes);
        var planned = from.AddHours(-20);
        visits.Add((resident.Team, new($"visit:{name}", planned > notBefore ? planned : notBefore, plan.Choice.Id("visit", name), bed?.Id,
            plan.ContractOf(resident, bed is null ? day : plan.Days.DateOf(bed.RequestedAt)), who.Id, role, from, to, missed ? null : to,
            missed ? plan.Choice.One(Causes, "missed because", salt) : null)));
    }
}
