using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Viewing;

[JsonConverter(typeof(JsonStringEnumConverter<Breach>))]
public enum Breach { None, Referral, WayBack, CriticalResult, Emergency }

/// <summary>What in a district was not done in time, or found no hospital, the longest ago first; it stays here until somebody does it.</summary>
/// <param name="Level">How far up it has come.</param>
/// <param name="DueAt">When it was first late.</param>
public sealed record DistrictWorklist(
    Guid Id, string DistrictCode, Guid InstitutionId, Guid HospitalId, string Number, Breach Task, int Level, string EscalatedTo, DateTimeOffset DueAt)
    : IRow<DistrictWorklist>, IWork
{
    static int IRow<DistrictWorklist>.Version => 2;

    public static IEnumerable<string> Indexes => ["district_code, due_at, id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is EmergencyRouteTaken or PatientArrived or DownReferralRehomed or ReferralDrafted or ReferralRedirected or ReferralOverdue or ReferralAccepted or ReferralWaitlisted or ReferralDeclined or ReferralAdvised
        or ReferralReturnedForInformation or ReferralRebookRequired or ReferralCancelled or ReferralClosed
        or DownReferralProposed or DownReferralOverdue or DownReferralReassigned or DownReferralAccepted or DownReferralClosed or DownReferralCancelled
        or ReferralOwnerChanged or DownReferralOwnerChanged or ExamOwnerChanged
        or ExamRequested or CriticalResultOverdue or ExamCriticalAcknowledged or ExamAcknowledged ? [recorded.StreamId] : [];

    public static DistrictWorklist? Evolve(DistrictWorklist? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, ReferralDrafted e) => Of(id, e.DistrictCode, e.FromOrg, e.HospitalId, recorded),
        (_, DownReferralProposed e) => Of(id, e.DistrictCode, e.ToOrg, e.HospitalId, recorded),
        (_, ExamRequested e) => Of(id, e.DistrictCode, e.InstitutionId, e.HospitalId, recorded),
        ({ } r, ReferralRedirected e) => r.InTime() with { HospitalId = e.ToHospital },
        ({ } r, DownReferralReassigned e) => r.InTime() with { InstitutionId = e.ToOrg, DistrictCode = e.DistrictCode },
        ({ } r, ReferralOwnerChanged e) => r with { InstitutionId = e.FromOrg, DistrictCode = e.DistrictCode },
        ({ } r, DownReferralOwnerChanged e) => r with { InstitutionId = e.ToOrg, DistrictCode = e.DistrictCode },
        ({ } r, ExamOwnerChanged e) => r with { InstitutionId = e.InstitutionId, DistrictCode = e.DistrictCode },
        ({ } r, ReferralOverdue e) => r.Late(Breach.Referral, e.Level, e.EscalatedTo, recorded),
        ({ } r, DownReferralOverdue e) => r.Late(Breach.WayBack, e.Level, e.EscalatedTo, recorded),
        ({ } r, CriticalResultOverdue e) => r.Late(Breach.CriticalResult, e.Level, e.EscalatedTo, recorded),
        ({ } r, EmergencyRouteTaken e) => r.Late(Breach.Emergency, 2, e.EscalatedTo, recorded),
        ({ } r, DownReferralRehomed e) => r with { InstitutionId = e.ToOrg, DistrictCode = e.DistrictCode },
        ({ } r, ReferralCancelled { Reason: EndedByDeath.Reason } or DownReferralCancelled { Reason: EndedByDeath.Reason }) => r.InTime(),
        ({ } r, PatientArrived or ReferralAccepted or ReferralWaitlisted or ReferralReturnedForInformation or ReferralRebookRequired) => r.InTime(),
        (_, ReferralDeclined or ReferralAdvised or ReferralCancelled or ReferralClosed or DownReferralAccepted or DownReferralClosed or DownReferralCancelled
            or ExamCriticalAcknowledged or ExamAcknowledged) => null,
        _ => row,
    };

    private static DistrictWorklist Of(Guid id, string district, Guid institution, Guid hospital, Recorded recorded) =>
        new(id, district, institution, hospital, Ids.Human('R', id), Breach.None, 0, "", recorded.OccurredAt);

    private DistrictWorklist Late(Breach breach, int level, string office, Recorded recorded) =>
        this with { Task = breach, Level = level, EscalatedTo = office, DueAt = Task is Breach.None ? recorded.OccurredAt : DueAt };

    private DistrictWorklist InTime() => this with { Task = Breach.None, Level = 0, EscalatedTo = "" };
}

public static class DistrictWorklistEndpoint
{
    public static void MapDistrictWorklist(this IEndpointRouteBuilder routes) => routes
        .MapGet("/worklists/district", Handle).WithName(nameof(DistrictWorklist)).WithSummary("What was not done in time in a district")
        .For(Role.Commission, Role.Service);

    private static Task<WorkPage<DistrictWorklist>> Handle(
        string districtCode, Rows<DistrictWorklist> rows, CancellationToken ct, int level = 1, string? after = null, int limit = 100) =>
        rows.Page("district_code = $1 and level >= $2", after, limit, ct, districtCode, level);
}
