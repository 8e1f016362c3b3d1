using FamilyDoctor.CitySimulator.Rows;

namespace FamilyDoctor.CitySimulator.Planning;

public enum Fate { Declined, Cancelled, NoShow, Seen, Admitted, Urgent }

/// <summary>A referral with all its steps, as far as it will go; what lies beyond the present has not happened yet.</summary>
public sealed record ReferralCase(
    string Name, long Salt, Resident Resident, HospitalDay Clinic, Fate Fate, string Reason, DateTimeOffset SubmittedAt, DateTimeOffset AnsweredAt,
    DateTimeOffset ArrivedAt, DateTimeOffset OutcomeAt, DateTimeOffset AcknowledgedAt)
{
    public bool Comes => Fate is Fate.Seen or Fate.Admitted or Fate.Urgent;

    public string Priority => Fate is Fate.Urgent ? "Urgent" : "Routine";

    public string Disposition => Fate is Fate.Admitted ? "Admitted" : "Treated";
}

/// <summary>A patient's way home with all its steps.</summary>
public sealed record DownReferralCase(
    string Name, ReferralCase Up, bool FamilyBedSuggested, DateTimeOffset ProposedAt, DateTimeOffset AcceptedAt, DateTimeOffset ContactAt, string Mode,
    DateTimeOffset ClosedAt);

/// <summary>The referrals of the published period with their way to hospital and back, and the quotas they went into.</summary>
public sealed class Referring
{
    /// <summary>Quotas are published this far ahead; the last ones reach beyond the start of the city's clock.</summary>
    public const int DaysAhead = 28;
    private const int MostSlotMinutes = 15, ClinicMinutes = 480;
    private const int DaysBetween = 400; // for the same service; one that is under way may not be opened again

    private static readonly Dictionary<string, string[]> Reasons = new()
    {
        ["cardiology"] = ["I20.9", "I48.9", "I50.9"],
        ["neurology"] = ["G45.9", "I63.9", "G40.9"],
        ["endocrinology"] = ["E11.9", "E05.9"],
        ["orthopaedics"] = ["M17.9", "M54.5"],
        ["ophthalmology"] = ["H25.9", "H40.9"],
        ["oncology"] = ["C34.9", "C50.9", "C18.9"],
    };

    private readonly Plan plan;
    private readonly List<ReferralCase> cases = [];
    private readonly List<DownReferralCase> returns = [];
    private readonly Dictionary<(int, string), DateOnly> busy = [];

    public Referring(Plan plan)
    {
        this.plan = plan;
        var period = plan.PeriodOf("referrals") ?? (plan.City.Today, plan.City.Today);
        Clinics = new(plan.Hospitals.SelectMany(h => h.Services.Select(s => (h, s))), period.From, plan.City.Today.AddDays(DaysAhead), plan.Days);
        var moments = plan.Days.Spread(plan.Count("referrals"), period.From, period.To).ToList();
        var fates = Fates(plan, moments.Count, cancelled: 0); // an import tells nothing of cancelled ones
        var teams = plan.TeamsOver("referrals", moments.Count);
        for (var i = 0; i < moments.Count; i++)
            cases.Add(Refer($"{i}", i, moments[i], fates[i], plan.Staffing.Teams[teams[i]]));
        var home = cases.Where(c => c.Fate is Fate.Admitted && c.OutcomeAt < plan.End).ToList();
        var number = Math.Min(home.Count, Apportioning.ShareOf(cases.Count, plan.City.Assumptions.ReferralShares.Value.DownReferral));
        for (var i = 0; i < number; i++)
            returns.Add(SendBack(home[(int)((i + 0.5) * home.Count / number)]));
        returns.Sort((a, b) => a.ProposedAt.CompareTo(b.ProposedAt));
    }

    public HospitalDays Clinics { get; }
    public IReadOnlyList<ReferralCase> Cases => cases;
    public IReadOnlyList<DownReferralCase> Returns => returns;

    /// <summary>What becomes of so many referrals: the assumed shares exactly, in an order of the seed.</summary>
    public static Fate[] Fates(Plan plan, int count, double cancelled)
    {
        var shares = plan.City.Assumptions.ReferralShares.Value;
        var parts = new[] { shares.Declined, cancelled, shares.NoShow, 0, shares.Admitted, shares.Urgent };
        parts[(int)Fate.Seen] = Math.Max(0, 1 - parts.Sum());
        return [.. Apportioning.Mixed(Apportioning.Apportion(count, parts), plan.Choice, "fate of referral").Select(f => (Fate)f)];
    }

    /// <summary>A third for family doctors, some for urgent cases, the rest for the public; enough to take over what is late.</summary>
    public QuotaRow Quota(HospitalDay day)
    {
        var usual = plan.YearlyRate("referrals") / Math.Max(1, 50.0 * plan.Hospitals.Sum(h => h.Services.Count));
        var (family, urgent) = (Math.Max(2, (int)Math.Ceiling(Math.Max(day.Routine, 2 * usual) / 0.75)), Math.Max(day.Urgent, (int)Math.Ceiling(usual / 5)) + 1);
        var total = Math.Max((2 * family) + urgent, (int)(family / 0.34));
        return new($"quota:{day.Hospital.Index}:{day.What}:{day.Date:yyyy-MM-dd}", plan.Days.At(day.Date.AddDays(-DaysAhead), 8 * 60), day.Hospital.Id,
            day.What, day.Date, new(8, 0), Math.Clamp(ClinicMinutes / total, 1, MostSlotMinutes), family, urgent, total - family - urgent);
    }

    /// <summary>Somebody of the team is referred to the next clinic that is not too soon to be answered.</summary>
    public ReferralCase Refer(string name, long salt, DateTimeOffset at, Fate fate, Team team)
    {
        var (days, choice, day) = (plan.Days, plan.Choice, plan.Days.DateOf(at));
        var hospital = choice.One(plan.Hospitals, "hospital of referral", salt);
        var service = choice.One(hospital.Services, "service of referral", salt);
        var clinic = Clinics.From(hospital, service, days.Add(day, fate is Fate.Urgent ? 1 : 6));
        (clinic.Urgent, clinic.Routine) = fate is Fate.Urgent ? (clinic.Urgent + 1, clinic.Routine) : (clinic.Urgent, clinic.Routine + 1);
        var resident = plan.Panels.PickNear(team, day, "referred", salt, r => busy.GetValueOrDefault((r.Index, service)) < day && !plan.BedCare.Has(r));
        busy[(resident.Index, service)] = clinic.Date.AddDays(DaysBetween);

        var answered = fate is Fate.Urgent ? at.AddMinutes(40) : days.InHours(days.Add(day, 1 + (int)(salt % 2)), choice.Fraction("accepted", salt));
        return On(new(name, salt, resident, clinic, fate, choice.One(Reasons.GetValueOrDefault(service) ?? ["Z00.0"], "reason", salt), at, answered, at, at, at), clinic);
    }

    /// <summary>The patient comes on this day, is seen, and his doctor reads what came of it.</summary>
    public ReferralCase On(ReferralCase c, HospitalDay clinic)
    {
        var (days, choice, salt) = (plan.Days, plan.Choice, c.Salt);
        var outcomeOn = days.OnOrAfter(clinic.Date.AddDays(c.Fate is Fate.Admitted ? 6 : choice.Below(4, "outcome after", salt)));
        return c with
        {
            Clinic = clinic,
            ArrivedAt = c.Fate is Fate.NoShow ? days.At(clinic.Date, 17 * 60) : days.At(clinic.Date, (8 * 60) + choice.Below(360, "arrived", salt)),
            OutcomeAt = days.At(outcomeOn, 16 * 60),
            AcknowledgedAt = days.InHours(days.Add(outcomeOn, 1), choice.Fraction("acknowledged", salt)),
        };
    }

    /// <summary>An admitted patient is handed back to his team.</summary>
    public DownReferralCase SendBack(ReferralCase up)
    {
        var day = plan.Days.DateOf(up.OutcomeAt);
        var accepted = plan.Days.InHours(plan.Days.Add(day, 1), 0.2);
        var contact = accepted.AddHours(1 + plan.Choice.Below(4, "first contact", up.Salt));
        // An offered bed can be answered only while the offer stands, so those of the past suggest none.
        return new(up.Name, up, contact >= plan.End && up.Salt % 3 != 0, up.OutcomeAt.AddMinutes(15), accepted, contact,
            up.Salt % 3 == 0 ? "Visit" : "Phone", plan.Days.InHours(plan.Days.OnOrAfter(day.AddDays(20)), 0.5));
    }

    public ReferralRow Row(ReferralCase c)
    {
        var answered = Past(c.AnsweredAt);
        var (arrived, outcome) = (answered is null ? null : Past(c.ArrivedAt), Past(c.OutcomeAt));
        return new($"referral:{c.Name}", c.SubmittedAt, Id(c), plan.ContractOf(c.Resident, plan.Days.DateOf(c.SubmittedAt)), c.Clinic.Hospital.Id,
            c.Clinic.What, c.Priority, c.Reason, c.Clinic.Date, c.SubmittedAt, c.Fate is Fate.Declined ? null : answered, c.Comes ? arrived : null,
            c.Comes ? c.Fate is Fate.Admitted : null, c.Comes ? outcome : null, c.Comes ? c.Disposition : null,
            c.Comes && outcome is not null ? Past(c.AcknowledgedAt) : null, c.Fate is Fate.Declined ? answered : null,
            c.Fate is Fate.Declined ? "betterTreatedInPrimaryCare" : null, c.Fate is Fate.NoShow ? arrived : null);
    }

    public DownReferralRow Row(DownReferralCase c)
    {
        var contact = Past(c.ContactAt);
        return new($"down-referral:{c.Name}", c.ProposedAt, Id(c), plan.ContractOf(c.Up.Resident, plan.Days.DateOf(c.Up.SubmittedAt)), c.Up.Clinic.Hospital.Id,
            Id(c.Up), c.FamilyBedSuggested, Past(c.AcceptedAt), contact, contact is null ? null : c.Mode, Past(c.ClosedAt));
    }

    public Guid Id(ReferralCase c) => plan.Choice.Id("referral", c.Name);

    public Guid Id(DownReferralCase c) => plan.Choice.Id("down-referral", c.Name);

    private DateTimeOffset? Past(DateTimeOffset at) => at < plan.End ? at : null;
}
