using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Viewing;

/// <summary>A home visit in the round of whoever makes it.</summary>
/// <param name="Responsible">Whom it was planned for.</param>
public sealed record VisitsOfPractitioner(
    Guid VisitId, Guid? BedId, Guid ResidentId, Guid InstitutionId, Guid? PractitionerId, string Role, VisitStatus Status, DateTimeOffset PlannedFrom,
    DateTimeOffset PlannedTo, Guid? Responsible) : IRow<VisitsOfPractitioner>
{
    static int IRow<VisitsOfPractitioner>.Version => 3;

    public static IEnumerable<string> Indexes => ["practitioner_id, planned_from", "responsible, planned_from"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is VisitPlanned or VisitAssigned or VisitHandedOver or VisitRescheduled or VisitEnRoute or VisitStarted or VisitCompleted or VisitRefused
        or VisitNotAtHome or VisitMissed or VisitCancelled or VisitRehomed or LateVisitQuarantined or LateVisitDismissed ? [recorded.StreamId] : [];

    public static VisitsOfPractitioner? Evolve(VisitsOfPractitioner? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, VisitPlanned e) => new(id, e.BedId, e.ResidentId, e.InstitutionId, null, e.Role, VisitStatus.Planned, e.From, e.To, null),
        ({ } v, VisitAssigned e) => v with { Status = VisitStatus.Assigned, PractitionerId = e.PractitionerId, Responsible = e.PractitionerId },
        ({ } v, VisitHandedOver e) =>
            v with
            {
                Status = e.PractitionerId is null ? VisitStatus.Planned : VisitStatus.Assigned,
                PractitionerId = e.PractitionerId,
                Responsible = e.Responsible == Guid.Empty ? null : e.Responsible,
            },
        ({ } v, VisitRehomed e) => v with { InstitutionId = e.InstitutionId },
        ({ } v, VisitRescheduled e) => v with { PlannedFrom = e.From, PlannedTo = e.To },
        ({ } v, VisitEnRoute) => v with { Status = VisitStatus.EnRoute },
        ({ } v, VisitStarted) => v with { Status = VisitStatus.Started },
        ({ } v, VisitCompleted) => v with { Status = VisitStatus.Completed },
        ({ } v, VisitRefused) => v with { Status = VisitStatus.Refused },
        ({ } v, VisitNotAtHome) => v with { Status = VisitStatus.NotAtHome },
        ({ } v, VisitMissed) => v with { Status = VisitStatus.Missed },
        ({ } v, VisitCancelled) => v with { Status = VisitStatus.Cancelled },
        (_, LateVisitQuarantined { Visit: var e } q) => new(id, e.BedId, e.ResidentId, e.InstitutionId, q.PractitionerId, e.Role, VisitStatus.Quarantined, e.From, e.To,
            q.PractitionerId),
        ({ } v, LateVisitDismissed) => v with { Status = VisitStatus.Dismissed },
        _ => row,
    };
}

public static class VisitsOfPractitionerEndpoint
{
    public static void MapVisitsOfPractitioner(this IEndpointRouteBuilder routes) => routes
        .MapGet("/visits", Handle).WithName(nameof(VisitsOfPractitioner)).WithSummary("The home visits of a practitioner from a moment on")
        .For(Role.Clinic);

    private static async Task<IReadOnlyList<VisitsOfPractitioner>> Handle(
        Guid practitionerId, Rows<VisitsOfPractitioner> rows, CancellationToken ct, DateTimeOffset? from = null, DateTimeOffset? to = null, int limit = 100) =>
        await rows.Where($"practitioner_id = $1 and planned_from >= $2 and planned_from < $3 order by planned_from, visit_id limit {Math.Clamp(limit, 1, 200)}", ct,
            practitionerId, (from ?? DateTimeOffset.UnixEpoch).UtcDateTime, (to ?? DateTimeOffset.MaxValue).UtcDateTime);
}
