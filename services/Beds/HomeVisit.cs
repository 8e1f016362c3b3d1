using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds;

/// <param name="BedId">Null for a house call outside a family bed.</param>
/// <param name="Role">doctor, nurse or an X role of the city.</param>
public sealed record VisitPlanned(
    Guid VisitId, Guid? BedId, Guid ResidentId, Guid TeamId, Guid InstitutionId, string DistrictCode, string Role,
    DateTimeOffset From, DateTimeOffset To) : DomainEvent;
public sealed record VisitAssigned(Guid VisitId, Guid PractitionerId) : DomainEvent;
/// <summary>Whoever was to make the visit is away at its time, or is there again.</summary>
/// <param name="PractitionerId">Who makes it now; null while nobody has time.</param>
/// <param name="Responsible">For whom, when that is somebody else.</param>
public sealed record VisitHandedOver(Guid VisitId, Guid? PractitionerId, Guid Responsible) : DomainEvent;
/// <param name="FindingsRef">A document; the findings themselves are in no event.</param>
public sealed record VisitCompleted(Guid VisitId, Guid? FindingsRef, IReadOnlyList<Vital> Vitals, IReadOnlyList<string> ActionCodes) : DomainEvent;
public sealed record VisitMissed(Guid VisitId, string Cause) : DomainEvent;

[JsonConverter(typeof(JsonStringEnumConverter<VisitStatus>))]
public enum VisitStatus { Planned, Assigned, Completed, Missed }

/// <summary>One visit at a resident's home, for his family bed or as a house call.</summary>
/// <param name="PractitionerId">Who makes it; empty while nobody does.</param>
/// <param name="Responsible">Whom it was planned for; he makes it himself unless he is away.</param>
public sealed record HomeVisit(VisitPlanned Plan, VisitStatus Status, Guid PractitionerId, VisitCompleted? Completion, Guid Responsible = default) : IState<HomeVisit>
{
    public Guid? MadeBy => PractitionerId == Guid.Empty ? null : PractitionerId;

    /// <summary>For whom the visit is made, when somebody stands in.</summary>
    public Guid? OnBehalfOf => PractitionerId != Responsible ? Responsible : null;

    public bool IsOpen => Status is VisitStatus.Planned or VisitStatus.Assigned;

    public static HomeVisit Evolve(HomeVisit? visit, DomainEvent @event) => (visit, @event) switch
    {
        (null, VisitPlanned e) => new(e, VisitStatus.Planned, Guid.Empty, null),
        ({ IsOpen: true } v, VisitAssigned e) =>
            v with { Status = VisitStatus.Assigned, PractitionerId = e.PractitionerId, Responsible = e.PractitionerId },
        ({ IsOpen: true } v, VisitHandedOver e) =>
            v with { Status = e.PractitionerId is null ? VisitStatus.Planned : VisitStatus.Assigned, PractitionerId = e.PractitionerId ?? Guid.Empty },
        ({ Status: VisitStatus.Assigned } v, VisitCompleted e) => v with { Status = VisitStatus.Completed, Completion = e },
        ({ Status: VisitStatus.Assigned } v, VisitMissed) => v with { Status = VisitStatus.Missed },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {visit?.Status.ToString() ?? "nothing"}."),
    };

    /// <summary>The visit, when it has neither taken place nor been missed, even if nobody makes it yet; refuses otherwise.</summary>
    public static HomeVisit StillToMake(HomeVisit? visit) => visit is { Status: VisitStatus.Planned } ? visit : Outstanding(visit);

    /// <summary>The visit, when it has neither taken place nor been missed; refuses otherwise.</summary>
    public static HomeVisit Outstanding(HomeVisit? visit) => visit switch
    {
        null => throw new UnknownId(),
        { Status: VisitStatus.Completed } => throw new RuleBroken("VISIT_ALREADY_COMPLETED", "This visit has been completed already."),
        { Status: VisitStatus.Assigned } => visit,
        _ => throw new RuleBroken("INVALID_TRANSITION", $"This is not possible for a visit that is {visit.Status}.",
            new { state = visit.Status.ToString(), allowed = new[] { nameof(VisitStatus.Assigned) } }),
    };
}

/// <summary>A measured value: code (such as 8867-4), number and unit.</summary>
public sealed record Vital([Required, RegularExpression(@"[A-Za-z0-9._\-]{1,40}")] string? Code, [Required] double? Value, [Required, MaxLength(20)] string? Unit);
