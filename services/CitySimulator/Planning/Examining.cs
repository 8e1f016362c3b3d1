using FamilyDoctor.CitySimulator.Rows;

namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>The large-equipment examinations of the published period, and the days of the devices.</summary>
public sealed class Examining
{
    private const int MostSlotMinutes = 30, DeviceMinutes = 480;

    private static readonly Dictionary<string, string[]> Sites = new()
    {
        ["CT"] = ["chest", "abdomen", "head"], ["MRI"] = ["lumbarSpine", "knee", "brain"], ["endoscopy"] = ["stomach", "colon"], ["PETCT"] = ["wholeBody"],
    };

    private readonly Plan plan;
    private readonly List<(Team Team, ExamRow Row)> exams = [];

    public Examining(Plan plan)
    {
        this.plan = plan;
        var period = plan.PeriodOf("exams") ?? (plan.City.Today, plan.City.Today);
        Devices = new(plan.Hospitals.SelectMany(h => h.Modalities.Select(m => (h, m))), period.From, plan.City.Today.AddDays(Referring.DaysAhead), plan.Days);
        var moments = plan.Days.Spread(plan.Count("exams"), period.From, period.To).ToList();
        var shares = plan.City.Assumptions.ExamShares.Value;
        var modalities = shares.Keys.ToList();
        var mixed = Apportioning.Mixed(Apportioning.Apportion(moments.Count, [.. shares.Values]), plan.Choice, "modality");
        var teams = plan.TeamsOver("exams", moments.Count);
        for (var i = 0; i < moments.Count; i++)
            Examine(i, moments[i], modalities[mixed[i]], plan.Staffing.Teams[teams[i]]);
    }

    public HospitalDays Devices { get; }
    public IReadOnlyList<(Team Team, ExamRow Row)> Exams => exams;
    public IEnumerable<ExamBookRow> Books => Devices.All.Select(day => Book(plan, day));

    public static string SiteOf(Plan plan, string modality, long index) => plan.Choice.One(Sites.GetValueOrDefault(modality) ?? ["other"], "site", index);

    public static ExamBookRow Book(Plan plan, HospitalDay day)
    {
        var slots = Math.Max(4, (int)Math.Ceiling(day.Routine / 0.75));
        return new($"exam-book:{day.Hospital.Index}:{day.What}:{day.Date:yyyy-MM-dd}", plan.Days.At(day.Date.AddDays(-Referring.DaysAhead), 8 * 60),
            day.Hospital.Id, day.What, day.Date, new(8, 0), Math.Clamp(DeviceMinutes / slots, 1, MostSlotMinutes), slots);
    }

    private void Examine(int i, DateTimeOffset at, string modality, Team team)
    {
        var (days, choice, day) = (plan.Days, plan.Choice, plan.Days.DateOf(at));
        var hospitals = plan.Hospitals.Where(h => h.Modalities.Contains(modality)).ToList();
        var book = Devices.From(choice.One(hospitals, "hospital of exam", i), modality, days.Add(day, 2))
            ?? throw new InvalidOperationException($"No device for {modality} after {day:O}.");
        book.Routine++;
        var resident = plan.Panels.PickNear(team, day, "examined", i);
        var confirmed = days.InHours(days.Add(day, 1), choice.Fraction("confirmed", i));
        var arrived = days.At(book.Date, (8 * 60) + choice.Below(360, "came to exam", i));
        var performed = arrived.AddMinutes(25);
        var reported = days.InHours(days.Add(book.Date, 1), 0.5 * choice.Fraction("reported", i));
        exams.Add((resident.Team, new($"exam:{i}", at, choice.Id("exam", i), plan.ContractOf(resident, day), book.Hospital.Id, modality, book.Date,
            SiteOf(plan, modality, i), Past(confirmed), Past(arrived), Past(performed), Past(reported), Past(reported) is null ? null : i % 50 == 17,
            Past(reported.AddMinutes(90)))));
    }

    private DateTimeOffset? Past(DateTimeOffset at) => at < plan.End ? at : null;
}
