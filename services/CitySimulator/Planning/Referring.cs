using FamilyDoctor.CitySimulator.Rows;

namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>The referrals of the published period with their way to hospital and back, and the quotas they went into.</summary>
public sealed class Referring
{
    /// <summary>Quotas are published this far ahead; the last ones reach beyond the start of the city's clock.</summary>
    public const int DaysAhead = 28;
    private const int MostSlotMinutes = 15, ClinicMinutes = 480;
    private enum Fate { Declined, NoShow, Seen, Admitted, Urgent }

    private static readonly Dictionary<string, string[]> Reasons = new()
    {
        ["cardiology"] = ["I20.9", "I48.9", "I50.9"], ["neurology"] = ["G45.9", "I63.9", "G40.9"], ["endocrinology"] = ["E11.9", "E05.9"],
        ["orthopaedics"] = ["M17.9", "M54.5"], ["ophthalmology"] = ["H25.9", "H40.9"], ["oncology"] = ["C34.9", "C50.9", "C18.9"],
    };

    private readonly Plan plan;
    private readonly List<(Team Team, ReferralRow Row)> referrals = [];
    private readonly List<(Team Team, DownReferralRow Row)> downReferrals = [];
    private readonly Dictionary<(int, string), DateOnly> busy = [];

    public Referring(Plan plan)
    {
        this.plan = plan;
        var period = plan.PeriodOf("referrals") ?? (plan.City.Today, plan.City.Today);
        Clinics = new(plan.Hospitals.SelectMany(h => h.Services.Select(s => (h, s))), period.From, plan.City.Today.AddDays(DaysAhead), plan.Days);
        var moments = plan.Days.Spread(plan.Count("referrals"), period.From, period.To).ToList();
        var fates = Fates(moments.Count);
        var teams = plan.TeamsOver("referrals", moments.Count);
        for (var i = 0; i < moments.Count; i++)
            Refer(i, moments[i], (Fate)fates[i], plan.Staffing.Teams[teams[i]]);
        SendBack(moments.Count);
    }

    public HospitalDays Clinics { get; }
    public IReadOnlyList<(Team Team, ReferralRow Row)> Referrals => referrals;
    public IReadOnlyList<(Team Team, DownReferralRow Row)> DownReferrals => downReferrals;

    public IEnumerable<QuotaRow> Quotas => Clinics.All.Select(day => Quota(plan, day));

    /// <summary>A third for family doctors, some for urgent cases, the rest for the public; enough to take over what is late.</summary>
    public static QuotaRow Quota(Plan plan, HospitalDay day)
    {
        var (family, urgent) = (Math.Max(2, (int)Math.Ceiling(day.Routine / 0.75)), day.Urgent + 1);
        var total = Math.Max((2 * family) + urgent, (int)(family / 0.34));
        return new($"quota:{day.Hospital.Index}:{day.What}:{day.Date:yyyy-MM-dd}", plan.Days.At(day.Date.AddDays(-DaysAhead), 8 * 60), day.Hospital.Id,
            day.What, day.Date, new(8, 0), Math.Clamp(ClinicMinutes / total, 1, MostSlotMinutes), family, urgent, total - family - urgent);
    }

    private int[] Fates(int count)
    {
        var shares = plan.City.Assumptions.ReferralShares.Value;
        var parts = new[] { shares.Declined, shares.NoShow, 0, shares.Admitted, shares.Urgent };
        parts[(int)Fate.Seen] = Math.Max(0, 1 - parts.Sum());
        return Apportioning.Mixed(Apportioning.Apportion(count, parts), plan.Choice, "fate of referral");
    }

    private void Refer(int i, DateTimeOffset at, Fate fate, Team team)
    {
        var (days, choice, day) = (plan.Days, plan.Choice, plan.Days.DateOf(at));
        var hospital = choice.One(plan.Hospitals, "hospital of referral", i);
        var service = choice.One(hospital.Services, "service of referral", i);
        var clinic = Clinics.From(hospital, service, days.Add(day, fate is Fate.Urgent ? 1 : 6))
            ?? throw new InvalidOperationException($"{service} of hospital {hospital.Index} has no day after {day:O}.");
        (clinic.Urgent, clinic.Routine) = fate is Fate.Urgent ? (clinic.Urgent + 1, clinic.Routine) : (clinic.Urgent, clinic.Routine + 1);
        var resident = plan.Panels.PickNear(team, day, "referred", i, r => busy.GetValueOrDefault((r.Index, service)) < day && !plan.BedCare.Has(r));
        busy[(resident.Index, service)] = clinic.Date.AddDays(30);

        var accepted = fate is Fate.Urgent ? at.AddMinutes(40) : days.InHours(days.Add(day, 1 + (i % 2)), choice.Fraction("accepted", i));
        var arrived = days.At(clinic.Date, 8 * 60 + choice.Below(360, "arrived", i));
        var outcomeOn = days.OnOrAfter(clinic.Date.AddDays(fate is Fate.Admitted ? 6 : choice.Below(4, "outcome after", i)));
        var outcome = days.At(outcomeOn, 16 * 60);
        var acknowledged = days.InHours(days.Add(outcomeOn, 1), choice.Fraction("acknowledged", i));
        var comes = fate is not (Fate.Declined or Fate.NoShow);
        referrals.Add((resident.Team, new($"referral:{i}", at, choice.Id("referral", i), plan.ContractOf(resident, day), hospital.Id, service,
            fate is Fate.Urgent ? "Urgent" : "Routine", choice.One(Reasons.GetValueOrDefault(service) ?? ["Z00.0"], "reason", i), clinic.Date, at,
            fate is Fate.Declined ? null : Past(accepted), comes ? Past(arrived) : null, comes ? fate is Fate.Admitted : null,
            comes && Past(arrived) is not null ? Past(outcome) : null, comes ? fate is Fate.Admitted ? "Admitted" : "Treated" : null,
            comes && Past(outcome) is not null ? Past(acknowledged) : null, fate is Fate.Declined ? Past(accepted) : null,
            fate is Fate.Declined ? "betterTreatedInPrimaryCare" : null, fate is Fate.NoShow ? Past(days.At(clinic.Date, 17 * 60)) : null)));
    }

    /// <summary>Of those who were admitted and are home again, the assumed share is handed back to their team.</summary>
    private void SendBack(int count)
    {
        var home = referrals.Where(r => r.Row is { Admitted: true, OutcomeAt: not null }).ToList();
        var number = Math.Min(home.Count, Apportioning.ShareOf(count, plan.City.Assumptions.ReferralShares.Value.DownReferral));
        for (var i = 0; i < number; i++)
        {
            var (team, up) = home[(int)((i + 0.5) * home.Count / number)];
            var (at, day) = (up.OutcomeAt!.Value, plan.Days.DateOf(up.OutcomeAt.Value));
            var accepted = plan.Days.InHours(plan.Days.Add(day, 1), 0.2);
            var contact = accepted.AddHours(1 + plan.Choice.Below(4, "first contact", i));
            var closed = plan.Days.InHours(plan.Days.OnOrAfter(day.AddDays(20)), 0.5);
            var isRecent = Past(closed) is null; // offers of a bed can be answered only while they are open
            downReferrals.Add((team, new($"down-referral:{i}", at.AddMinutes(15), plan.Choice.Id("down-referral", i), up.Contract, up.HospitalId, up.ReferralId,
                isRecent && Past(contact) is null, Past(accepted), Past(contact), Past(contact) is null ? null : i % 3 == 0 ? "Visit" : "Phone", Past(closed))));
        }
        downReferrals.Sort((a, b) => a.Row.OccurredAt.CompareTo(b.Row.OccurredAt));
    }

    private DateTimeOffset? Past(DateTimeOffset at) => at < plan.End ? at : null;
}
