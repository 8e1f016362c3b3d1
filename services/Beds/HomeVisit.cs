using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds;

/// <param name="BedId">Null for a house call outside a family bed.</param>
/// <param name="Role">doctor, nurse or an X role of the city.</param>
public sealed record VisitPlanned(
    Guid VisitId, Guid? BedId, Guid ResidentId, Guid TeamId, Guid InstitutionId, string DistrictCode, string Role,
    DateTimeOffset From, DateTimeOffset To) : DomainEvent;
public sealed record VisitAssigned(Guid VisitId, Guid PractitionerId) : DomainEvent;
public sealed record VisitRescheduled(Guid VisitId, DateTimeOffset From, DateTimeOffset To) : DomainEvent;
public sealed record VisitEnRoute(Guid VisitId, DateTimeOffset At) : DomainEvent;
/// <param name="LocationCheck">atHome or elsewhere, as the device saw it; null without one.</param>
public sealed record VisitStarted(Guid VisitId, DateTimeOffset At, string? LocationCheck) : DomainEvent;
/// <summary>Whoever was to make the visit is away at its time, or is there again.</summary>
/// <param name="PractitionerId">Who makes it now; null while nobody has time.</param>
/// <param name="Responsible">For whom, when that is somebody else; nobody when he does not work any more.</param>
public sealed record VisitHandedOver(Guid VisitId, Guid? PractitionerId, Guid Responsible) : DomainEvent;
/// <summary>The institution that planned it is closed; another one does its work.</summary>
public sealed record VisitRehomed(Guid VisitId, Guid InstitutionId, string DistrictCode) : DomainEvent;
/// <param name="FindingsRef">A document; the findings themselves are in no event.</param>
/// <param name="DeviceTime">When the device of whoever was there wrote it down, without a network.</param>
/// <param name="SyncTime">When that reached this service.</param>
public sealed record VisitCompleted(
    Guid VisitId, Guid? FindingsRef, IReadOnlyList<Vital> Vitals, IReadOnlyList<string> ActionCodes, bool MedsReviewed = false,
    DateOnly? NextDue = null, DateTimeOffset? DeviceTime = null, DateTimeOffset? SyncTime = null) : DomainEvent;
/// <summary>The resident, or who cares for him, did not want the visit.</summary>
public sealed record VisitRefused(Guid VisitId, string Reason) : DomainEvent;
public sealed record VisitNotAtHome(Guid VisitId) : DomainEvent;
public sealed record VisitMissed(Guid VisitId, string Cause) : DomainEvent;
public sealed record VisitCancelled(Guid VisitId, string Reason) : DomainEvent;
public sealed record ObservationRecorded(Guid VisitId, Vital Observation) : DomainEvent;
public sealed record ObservationOutOfRange(Guid VisitId, string Code, double Value) : DomainEvent;
/// <param name="Score">NEWS2 of all that was measured on this visit.</param>
/// <param name="Triggers">The codes that added to it, the highest first.</param>
/// <param name="DueAt">Somebody has acted by then.</param>
public sealed record DeteriorationDetected(
    Guid VisitId, Guid? BedId, int Score, IReadOnlyList<string> Triggers, Severity Severity, DateTimeOffset DueAt) : DomainEvent;
/// <param name="Route">greenChannel, gpReview, emergency or declined by the family.</param>
public sealed record DeteriorationEscalated(Guid VisitId, string Route, Guid? ReferralId) : DomainEvent;
/// <summary>The visit was told after its bed had been closed, and lay in the open days.</summary>
public sealed record LateVisitRecorded(Guid VisitId, Guid BedId, DateTimeOffset VisitedAt) : DomainEvent;
/// <summary>The visit was told, but lies outside the open days of its bed: somebody has to look at it.</summary>
public sealed record LateVisitQuarantined(VisitPlanned Visit, Guid PractitionerId, VisitCompleted Report) : DomainEvent;
public sealed record LateVisitDismissed(Guid VisitId, string Reason) : DomainEvent;
/// <summary>By what two devices say, a practitioner was in two homes at once; both visits stay.</summary>
public sealed record VisitOverlapFlagged(Guid VisitId, Guid OtherVisitId) : DomainEvent;

[JsonConverter(typeof(JsonStringEnumConverter<VisitStatus>))]
public enum VisitStatus { Planned, Assigned, EnRoute, Started, Completed, Refused, NotAtHome, Missed, Cancelled, Quarantined, Dismissed }

/// <summary>Review: the doctor looks at it the same day. Urgent: the hospital is called.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
public enum Severity { Review, Urgent }

/// <summary>A measured value: code (such as 8867-4), number and unit.</summary>
public sealed record Vital([Required, RegularExpression(@"[A-Za-z0-9._\-]{1,40}")] string? Code, [Required] double? Value, [Required, MaxLength(20)] string? Unit);

/// <summary>One visit at a resident's home, for his family bed or as a house call.</summary>
/// <param name="PractitionerId">Who makes it; empty while nobody does.</param>
/// <param name="Responsible">Whom it was planned for; he makes it himself unless he is away.</param>
/// <param name="Observed">The newest value of each code measured on this visit.</param>
public sealed record HomeVisit(
    VisitPlanned Plan, VisitStatus Status, Guid PractitionerId, VisitCompleted? Completion, ImmutableList<Vital> Observed,
    DeteriorationDetected? Deterioration = null, DeteriorationEscalated? Escalation = null, LateVisitQuarantined? Quarantine = null,
    Guid Responsible = default) : IState<HomeVisit>
{
    private const int LongestHours = 12;

    public Guid Id => Plan.VisitId;

    public Guid? MadeBy => PractitionerId == Guid.Empty ? null : PractitionerId;

    /// <summary>For whom the visit is made, when somebody stands in.</summary>
    public Guid? OnBehalfOf => PractitionerId != Responsible ? Responsible : null;

    /// <summary>Nobody has set out yet.</summary>
    public bool IsOpen => Status is VisitStatus.Planned or VisitStatus.Assigned;

    /// <summary>Somebody makes it and has not come back yet.</summary>
    public bool IsUnderWay => Status is VisitStatus.Assigned or VisitStatus.EnRoute or VisitStatus.Started;

    public static HomeVisit Evolve(HomeVisit? visit, DomainEvent @event) => (visit, @event) switch
    {
        (null, VisitPlanned e) => new(e, VisitStatus.Planned, Guid.Empty, null, []),
        ({ IsOpen: true } v, VisitAssigned e) =>
            v with { Status = VisitStatus.Assigned, PractitionerId = e.PractitionerId, Responsible = e.PractitionerId },
        ({ IsOpen: true } v, VisitHandedOver e) =>
            v with { Status = e.PractitionerId is null ? VisitStatus.Planned : VisitStatus.Assigned, PractitionerId = e.PractitionerId ?? Guid.Empty, Responsible = e.Responsible },
        (({ IsOpen: true } or { IsUnderWay: true }) and { } v, VisitRehomed e) =>
            v with { Plan = v.Plan with { InstitutionId = e.InstitutionId, DistrictCode = e.DistrictCode } },
        ({ IsOpen: true } v, VisitRescheduled e) => v with { Plan = v.Plan with { From = e.From, To = e.To } },
        ({ Status: VisitStatus.Assigned } v, VisitEnRoute) => v with { Status = VisitStatus.EnRoute },
        ({ Status: VisitStatus.Assigned or VisitStatus.EnRoute } v, VisitStarted) => v with { Status = VisitStatus.Started },
        ({ IsUnderWay: true } v, ObservationRecorded e) => v with
        {
            Observed = v.Observed.RemoveAll(o => o.Code == e.Observation.Code).Add(e.Observation),
        },
        ({ IsUnderWay: true } v, ObservationOutOfRange) => v,
        ({ IsUnderWay: true } v, DeteriorationDetected e) => v with { Deterioration = e, Escalation = null },
        ({ Deterioration: not null } v, DeteriorationEscalated e) => v with { Escalation = e },
        (({ IsUnderWay: true } or { Status: VisitStatus.Quarantined }) and { } v, VisitCompleted e) => v with { Status = VisitStatus.Completed, Completion = e },
        ({ IsUnderWay: true } v, VisitRefused) => v with { Status = VisitStatus.Refused },
        ({ Status: VisitStatus.Assigned or VisitStatus.EnRoute } v, VisitNotAtHome) => v with { Status = VisitStatus.NotAtHome },
        ({ Status: VisitStatus.Planned or VisitStatus.Assigned or VisitStatus.EnRoute } v, VisitMissed) => v with { Status = VisitStatus.Missed },
        ({ IsOpen: true } v, VisitCancelled) => v with { Status = VisitStatus.Cancelled },
        (null, LateVisitQuarantined e) => new(e.Visit, VisitStatus.Quarantined, e.PractitionerId, null, [], Quarantine: e, Responsible: e.PractitionerId),
        (({ IsOpen: true } or { IsUnderWay: true }) and { } v, LateVisitQuarantined e) =>
            v with { Plan = e.Visit, Status = VisitStatus.Quarantined, PractitionerId = e.PractitionerId, Responsible = e.PractitionerId, Quarantine = e },
        ({ Status: VisitStatus.Quarantined } v, LateVisitDismissed) => v with { Status = VisitStatus.Dismissed },
        ({ Status: VisitStatus.Completed } v, LateVisitRecorded or VisitOverlapFlagged) => v,
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {visit?.Status.ToString() ?? "nothing"}."),
    };

    /// <summary>The visit, when it is at one of these stages; refuses otherwise.</summary>
    public static HomeVisit At(HomeVisit? visit, params VisitStatus[] stages) => visit switch
    {
        null => throw new UnknownId(),
        _ when stages.Contains(visit.Status) => visit,
        { Status: VisitStatus.Completed } => throw new RuleBroken("VISIT_ALREADY_COMPLETED", "This visit has been completed already."),
        _ => throw new RuleBroken("INVALID_TRANSITION", $"This is not possible for a visit that is {visit.Status}.",
            new { state = visit.Status.ToString(), allowed = stages.Select(s => s.ToString()) }),
    };

    /// <summary>The visit, when somebody makes it and it has neither taken place nor failed; refuses otherwise.</summary>
    public static HomeVisit Outstanding(HomeVisit? visit) => At(visit, VisitStatus.Assigned, VisitStatus.EnRoute, VisitStatus.Started);

    /// <summary>The visit, when nobody has set out yet, even if nobody makes it so far; refuses otherwise.</summary>
    public static HomeVisit StillToMake(HomeVisit? visit) => At(visit, VisitStatus.Planned, VisitStatus.Assigned);

    /// <summary>The time of a visit in UTC, and its day; refuses a time that no visit can have.</summary>
    public static (DateTimeOffset From, DateTimeOffset To, DateOnly Date) Window(DateTimeOffset from, DateTimeOffset to, Moment at)
    {
        var date = at.DateOf(from);
        return to > from && to - from <= TimeSpan.FromHours(LongestHours) && at.DateOf(to) == date
            ? (from.ToUniversalTime(), to.ToUniversalTime(), date)
            : throw new RuleBroken("RULE_VIOLATION", "A visit ends after it begins, on the same day.", new { from, to, LongestHours });
    }
}
