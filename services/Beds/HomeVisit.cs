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
/// <param name="FindingsRef">A document; the findings themselves are in no event.</param>
public sealed record VisitCompleted(Guid VisitId, Guid? FindingsRef, IReadOnlyList<Vital> Vitals, IReadOnlyList<string> ActionCodes) : DomainEvent;
public sealed record VisitMissed(Guid VisitId, string Cause) : DomainEvent;

[JsonConverter(typeof(JsonStringEnumConverter<VisitStatus>))]
public enum VisitStatus { Planned, Assigned, Completed, Missed }

/// <summary>One visit at a resident's home, for his family bed or as a house call.</summary>
public sealed record HomeVisit(VisitPlanned Plan, VisitStatus Status, Guid PractitionerId, VisitCompleted? Completion) : IState<HomeVisit>
{
    public static HomeVisit Evolve(HomeVisit? visit, DomainEvent @event) => (visit, @event) switch
    {
        (null, VisitPlanned e) => new(e, VisitStatus.Planned, Guid.Empty, null),
        ({ Status: VisitStatus.Planned } v, VisitAssigned e) => v with { Status = VisitStatus.Assigned, PractitionerId = e.PractitionerId },
        ({ Status: VisitStatus.Assigned } v, VisitCompleted e) => v with { Status = VisitStatus.Completed, Completion = e },
        ({ Status: VisitStatus.Assigned } v, VisitMissed) => v with { Status = VisitStatus.Missed },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {visit?.Status.ToString() ?? "nothing"}."),
    };

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
