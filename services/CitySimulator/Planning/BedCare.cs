using FamilyDoctor.CitySimulator.Rows;

namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>A family bed with all its steps.</summary>
public sealed record Bed(
    string Name, long Salt, Guid Id, Resident Resident, DateTimeOffset RequestedAt, DateTimeOffset AssessedAt, DateTimeOffset ApprovedAt,
    DateTimeOffset OpenedAt, DateTimeOffset ClosesAt);

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
            beds.Add(Open($"{i}", i, moments[i], plan.Staffing.Teams[teams[i]]));
    }

    public IReadOnlyList<Bed> Beds => beds;

    /// <summary>Whether a resident has, had or will have a bed.</summary>
    public bool Has(Resident resident) => residents.Contains(resident.Index);

    public IEnumerable<BedCapacityRow> Capacities => plan.Staffing.Institutions.Select(i => new BedCapacityRow($"bed-capacity:{i.Index}",
        plan.Days.At(i.OpenedOn, 9 * 60), i.Id, plan.City.Districts[i.District].Code,
        Math.Max(3, (int)Math.Ceiling(Peak([.. beds.Where(b => b.Resident.Team.Institution == i)]) / plan.City.Assumptions.BedUse.Value))));

    public BedRow Row(Bed bed, int visits)
    {
        var isClosed = bed.ClosesAt < plan.End;
        var form = FormOf(bed);
        return new($"bed:{bed.Name}", bed.RequestedAt, bed.Id, plan.ContractOf(bed.Resident, plan.Days.DateOf(bed.RequestedAt)), form.Origin, form.Type,
            [form.Condition], bed.AssessedAt, form.Barthel, form.Braden, bed.ApprovedAt, bed.Resident.Team.Leader.Id, bed.OpenedAt, form.DoctorEveryDays,
            form.NurseEveryDays, isClosed ? bed.ClosesAt : null, isClosed ? form.CloseReason : null, isClosed ? visits : null);
    }

    /// <summary>A bed that was not planned from its opening: its resident has one now.</summary>
    public Bed Taken(Bed bed)
    {
        residents.Add(bed.Resident.Index);
        return bed;
    }

    /// <summary>What is written down about a bed besides its times.</summary>
    public BedForm FormOf(Bed bed)
    {
        var (salt, choice) = (bed.Salt, plan.Choice);
        return new(choice.One(Origins, "origin", salt), choice.One(Types, "bed type", salt), choice.One(Conditions, "condition", salt),
            20 + choice.Below(50, "Barthel", salt), 12 + choice.Below(7, "Braden", salt), 14, 7, choice.One(Reasons, "closed because", salt));
    }

    /// <summary>Somebody who can hardly travel is cared for at home for some weeks.</summary>
    public Bed Open(string name, long salt, DateTimeOffset openedAt, Team team)
    {
        var (days, openedOn) = (plan.Days, plan.Days.DateOf(openedAt));
        DateTimeOffset Before(int workingDays) =>
            days.InHours(days.Back(openedOn, workingDays), plan.Choice.Fraction("bed step", (salt * 16) + workingDays));
        var resident = plan.Panels.PickNear(team, days.DateOf(Before(5)), "bed", salt, r => !Has(r) && r.LeftOn is null && r.AgeOn(openedOn) >= 60);
        residents.Add(resident.Index);
        var closedOn = days.OnOrBefore(openedOn.AddDays(ShortestDays + plan.Choice.Below(LongestDays - ShortestDays + 1, "bed days", salt)));
        return new(name, salt, plan.Choice.Id("bed", name), resident, Before(5), Before(3), Before(2), openedAt, days.InHours(closedOn, 0.7));
    }

    private static int Peak(IReadOnlyList<Bed> beds) => beds.Count == 0 ? 0
        : beds.Max(b => beds.Count(other => other.ApprovedAt <= b.ApprovedAt && other.ClosesAt > b.ApprovedAt));
}

public sealed record BedForm(
    string Origin, string Type, string Condition, int Barthel, int Braden, int DoctorEveryDays, int NurseEveryDays, string CloseReason);
