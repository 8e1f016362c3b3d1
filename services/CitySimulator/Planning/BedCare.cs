using FamilyDoctor.CitySimulator.Rows;

namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>A family bed of the past; open ones have no end yet.</summary>
public sealed record Bed(
    int Index, Guid Id, Resident Resident, DateTimeOffset RequestedAt, DateTimeOffset AssessedAt, DateTimeOffset ApprovedAt, DateTimeOffset OpenedAt,
    DateTimeOffset? ClosedAt);

/// <summary>The family beds of the published period, one after the other and never two for one resident.</summary>
public sealed class BedCare
{
    private const int ShortestDays = 20, LongestDays = 54;
    private static readonly string[] Types = ["Therapeutic", "Therapeutic", "Therapeutic", "Rehabilitative", "Rehabilitative", "Palliative"];
    private static readonly string[] Origins = ["Team", "Resident", "Outpatient", "HospitalDischarge"];
    private static readonly string[] Reasons = ["Improved", "Improved", "StableToRoutine", "StableToRoutine", "Recovered", "Transferred", "Request"];
    private static readonly string[] Conditions = ["I69.3", "I10", "E11.9", "G81.9", "J44.9", "C34.9"];

    private readonly Plan plan;
    private readonly List<Bed> beds = [];
    private readonly HashSet<int> residents = [];

    public BedCare(Plan plan)
    {
        this.plan = plan;
        if (plan.PeriodOf("bedsOpened") is not { } period)
            return;
        var moments = plan.Days.Spread(plan.Count("bedsOpened"), period.From, period.To).ToList();
        var teams = plan.TeamsOver("bedsOpened", moments.Count);
        for (var i = 0; i < moments.Count; i++)
            Open(i, moments[i], plan.Staffing.Teams[teams[i]]);
    }

    public IReadOnlyList<Bed> Beds => beds;

    /// <summary>Whether a resident has, had or will have a bed.</summary>
    public bool Has(Resident resident) => residents.Contains(resident.Index);

    public IEnumerable<BedCapacityRow> Capacities => plan.Staffing.Institutions.Select(i => new BedCapacityRow($"bed-capacity:{i.Index}",
        plan.Days.At(i.OpenedOn, 9 * 60), i.Id, plan.City.Districts[i.District].Code,
        Math.Max(2, (int)Math.Ceiling(Peak([.. beds.Where(b => b.Resident.Team.Institution == i)]) / plan.City.Assumptions.BedUse.Value))));

    public BedRow Row(Bed bed, int visits)
    {
        var (i, choice) = (bed.Index, plan.Choice);
        return new($"bed:{i}", bed.RequestedAt, bed.Id, plan.ContractOf(bed.Resident, plan.Days.DateOf(bed.RequestedAt)), choice.One(Origins, "origin", i),
            choice.One(Types, "bed type", i), [choice.One(Conditions, "condition", i)], bed.AssessedAt, 20 + choice.Below(50, "Barthel", i),
            12 + choice.Below(7, "Braden", i), bed.ApprovedAt, bed.Resident.Team.Leader.Id, bed.OpenedAt, 14, 7, bed.ClosedAt,
            bed.ClosedAt is null ? null : choice.One(Reasons, "closed because", i), bed.ClosedAt is null ? null : visits);
    }

    private void Open(int i, DateTimeOffset openedAt, Team team)
    {
        var (days, openedOn) = (plan.Days, plan.Days.DateOf(openedAt));
        DateTimeOffset Before(int workingDays) =>
            days.InHours(days.Back(openedOn, workingDays), plan.Choice.Fraction("bed step", (i * 16L) + workingDays));
        var resident = plan.Panels.PickNear(team, days.DateOf(Before(5)), "bed", i, r => !Has(r) && r.LeftOn is null && r.AgeOn(openedOn) >= 60);
        residents.Add(resident.Index);
        var closedOn = days.OnOrBefore(openedOn.AddDays(ShortestDays + plan.Choice.Below(LongestDays - ShortestDays + 1, "bed days", i)));
        var closedAt = days.InHours(closedOn, 0.7);
        beds.Add(new(i, plan.Choice.Id("bed", i), resident, Before(5), Before(3), Before(2), openedAt, closedAt < plan.End ? closedAt : null));
    }

    private static int Peak(IReadOnlyList<Bed> beds) => beds.Count == 0 ? 0
        : beds.Max(b => beds.Count(other => other.ApprovedAt <= b.ApprovedAt && (other.ClosedAt is not { } closed || closed > b.ApprovedAt)));
}
