using FamilyDoctor.CitySimulator.Rows;

namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>An examination on a large device with all its steps.</summary>
public sealed record ExamCase(
    string Name, Resident Resident, HospitalDay Device, string BodySite, bool Critical, DateTimeOffset RequestedAt, DateTimeOffset ConfirmedAt,
    DateTimeOffset ArrivedAt, DateTimeOffset ReportedAt)
{
    public DateTimeOffset PerformedAt => ArrivedAt.AddMinutes(25);

    public DateTimeOffset AcknowledgedAt => ReportedAt.AddMinutes(90);
}

/// <summary>The large-equipment examinations of the published period, and the days of the devices.</summary>
public sealed class Examining
{
    private const int MostSlotMinutes = 30, DeviceMinutes = 480, OneCriticalIn = 50;

    private static readonly Dictionary<string, string[]> Sites = new()
    {
        ["CT"] = ["chest", "abdomen", "head"],
        ["MRI"] = ["lumbarSpine", "knee", "brain"],
        ["endoscopy"] = ["stomach", "colon"],
        ["PETCT"] = ["wholeBody"],
    };

    private readonly Plan plan;
    private readonly List<ExamCase> cases = [];

    public Examining(Plan plan)
    {
        this.plan = plan;
        var period = plan.PeriodOf("exams") ?? (plan.City.Today, plan.City.Today);
        Devices = new(plan.Hospitals.SelectMany(h => h.Modalities.Select(m => (h, m))), period.From, plan.City.Today.AddDays(Referring.DaysAhead), plan.Days);
        var moments = plan.Days.Spread(plan.Count("exams"), period.From, period.To).ToList();
        var modalities = Modalities(plan, moments.Count);
        var teams = plan.TeamsOver("exams", moments.Count);
        for (var i = 0; i < moments.Count; i++)
            cases.Add(Examine($"{i}", i, moments[i], modalities[i], plan.Staffing.Teams[teams[i]]));
    }

    public HospitalDays Devices { get; }
    public IReadOnlyList<ExamCase> Cases => cases;

    /// <summary>Which device each of so many exams needs: the assumed shares exactly, in an order of the seed.</summary>
    public static string[] Modalities(Plan plan, int count)
    {
        var shares = plan.City.Assumptions.ExamShares.Value;
        return [.. Apportioning.Mixed(Apportioning.Apportion(count, [.. shares.Values]), plan.Choice, "modality").Select(m => shares.Keys.ElementAt(m))];
    }

    public ExamBookRow Book(HospitalDay day)
    {
        var usual = plan.YearlyRate("exams") / Math.Max(1, 50.0 * plan.Hospitals.Sum(h => h.Modalities.Count));
        var slots = Math.Max(4, (int)Math.Ceiling(Math.Max(day.Routine, 2 * usual) / 0.75));
        return new($"exam-book:{day.Hospital.Index}:{day.What}:{day.Date:yyyy-MM-dd}", plan.Days.At(day.Date.AddDays(-Referring.DaysAhead), 8 * 60),
            day.Hospital.Id, day.What, day.Date, new(8, 0), Math.Clamp(DeviceMinutes / slots, 1, MostSlotMinutes), slots);
    }

    public ExamCase Examine(string name, long salt, DateTimeOffset at, string modality, Team team)
    {
        var (days, choice, day) = (plan.Days, plan.Choice, plan.Days.DateOf(at));
        var hospitals = plan.Hospitals.Where(h => h.Modalities.Contains(modality)).ToList();
        var device = Devices.From(choice.One(hospitals, "hospital of exam", salt), modality, days.Add(day, 2));
        device.Routine++;
        return new(name, plan.Panels.PickNear(team, day, "examined", salt), device, choice.One(Sites.GetValueOrDefault(modality) ?? ["other"], "site", salt),
            salt % OneCriticalIn == 17, at, days.InHours(days.Add(day, 1), choice.Fraction("confirmed", salt)),
            days.At(device.Date, (8 * 60) + choice.Below(360, "came to exam", salt)),
            days.InHours(days.Add(device.Date, 1), 0.5 * choice.Fraction("reported", salt)));
    }

    public Guid Id(ExamCase c) => plan.Choice.Id("exam", c.Name);

    public ExamRow Row(ExamCase c)
    {
        DateTimeOffset? Past(DateTimeOffset at) => at < plan.End ? at : null;
        var reported = Past(c.ReportedAt);
        return new($"exam:{c.Name}", c.RequestedAt, Id(c), plan.ContractOf(c.Resident, plan.Days.DateOf(c.RequestedAt)), c.Device.Hospital.Id, c.Device.What,
            c.Device.Date, c.BodySite, Past(c.ConfirmedAt), Past(c.ArrivedAt), Past(c.PerformedAt), reported, reported is null ? null : c.Critical,
            Past(c.AcknowledgedAt));
    }
}
