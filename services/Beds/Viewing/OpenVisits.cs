using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Viewing;

/// <summary>A home visit about which somebody has something to do: to find somebody for it, to make it, to act on what was found, to look at it again.</summary>
/// <param name="PractitionerId">Who makes it; null while nobody does.</param>
/// <param name="ActBy">Somebody has acted on the deterioration by then.</param>
public sealed record OpenVisits(
    Guid VisitId, Guid? BedId, Guid ResidentId, Guid InstitutionId, Guid? PractitionerId, string Role, VisitStatus Status, DateTimeOffset PlannedFrom,
    DateTimeOffset PlannedTo, DateTimeOffset? ActBy, Severity? Severity) : IRow<OpenVisits>
{
    static int IRow<OpenVisits>.Version => 2;

    public static IEnumerable<string> Indexes => ["institution_id", "practitioner_id", "bed_id", "resident_id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is VisitPlanned or VisitAssigned or VisitHandedOver or VisitRescheduled or VisitEnRoute or VisitStarted or VisitCompleted or VisitRefused or VisitNotAtHome
        or VisitMissed or VisitCancelled or DeteriorationDetected or DeteriorationEscalated or VisitRehomed or LateVisitQuarantined or LateVisitDismissed ? [recorded.StreamId] : [];

    public static OpenVisits? Evolve(OpenVisits? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, VisitPlanned e) => Of(e, null, VisitStatus.Planned),
        ({ } v, VisitAssigned e) => v with { Status = VisitStatus.Assigned, PractitionerId = e.PractitionerId },
        ({ } v, VisitHandedOver e) =>
            v with { Status = e.PractitionerId is null ? VisitStatus.Planned : VisitStatus.Assigned, PractitionerId = e.PractitionerId },
        ({ } v, VisitRehomed e) => v with { InstitutionId = e.InstitutionId },
        ({ } v, VisitRescheduled e) => v with { PlannedFrom = e.From, PlannedTo = e.To },
        ({ } v, VisitEnRoute) => v with { Status = VisitStatus.EnRoute },
        ({ } v, VisitStarted) => v with { Status = VisitStatus.Started },
        ({ } v, DeteriorationDetected e) => v with { ActBy = e.DueAt, Severity = e.Severity },
        ({ } v, DeteriorationEscalated) => v.After(v.Status, acted: true),
        ({ } v, VisitCompleted) => v.After(VisitStatus.Completed),
        ({ } v, VisitRefused) => v.After(VisitStatus.Refused),
        ({ } v, VisitNotAtHome) => v.After(VisitStatus.NotAtHome),
        ({ } v, VisitMissed) => v.After(VisitStatus.Missed),
        ({ } v, VisitCancelled) => v.After(VisitStatus.Cancelled),
        ({ } v, LateVisitDismissed) => v.After(VisitStatus.Dismissed),
        (_, LateVisitQuarantined e) => Of(e.Visit, e.PractitionerId, VisitStatus.Quarantined),
        _ => row,
    };

    public bool IsOver => Status is not (VisitStatus.Planned or VisitStatus.Assigned or VisitStatus.EnRoute or VisitStatus.Started or VisitStatus.Quarantined);

    /// <summary>What there is to do, and by when.</summary>
    public IEnumerable<WorkItem> Work()
    {
        if (ActBy is { } actBy)
            yield return Item(Severity is Beds.Severity.Urgent ? "actOnUrgentDeterioration" : "reviewDeterioration", actBy);
        if (Status is VisitStatus.Planned)
            yield return Item("findPractitioner", PlannedFrom);
        else if (Status is VisitStatus.Quarantined)
            yield return Item("reviewLateVisit", PlannedTo);
        else if (!IsOver)
            yield return Item("visit", PlannedTo);
    }

    private static OpenVisits Of(VisitPlanned e, Guid? practitioner, VisitStatus status) =>
        new(e.VisitId, e.BedId, e.ResidentId, e.InstitutionId, practitioner, e.Role, status, e.From, e.To, null, null);

    /// <summary>Gone, unless a deterioration is left to act on.</summary>
    private OpenVisits? After(VisitStatus status, bool acted = false)
    {
        var after = this with { Status = status, ActBy = acted ? null : ActBy, Severity = acted ? null : Severity };
        return after is { IsOver: true, ActBy: null } ? null : after;
    }

    private WorkItem Item(string task, DateTimeOffset dueAt) => new(task, dueAt, ResidentId, BedId, VisitId, PractitionerId);
}
