using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams;

/// <param name="DistrictCode">GB/T 2260, six digits; "-" and the name for functional districts without one.</param>
public sealed record InstitutionRegistered(
    Guid InstitutionId, string Name, string NameEn, string DistrictCode, string Address, double Latitude, double Longitude,
    IReadOnlyList<OpeningHours> OpeningHours) : DomainEvent;
public sealed record InstitutionActivated(Guid InstitutionId) : DomainEvent;
public sealed record InstitutionSuspended(Guid InstitutionId, string Reason) : DomainEvent;
public sealed record InstitutionResumed(Guid InstitutionId) : DomainEvent;
/// <param name="SuccessorId">Where its teams and people go on; contracts stay valid under it.</param>
public sealed record InstitutionClosed(Guid InstitutionId, Guid SuccessorId, string Reason) : DomainEvent;
/// <summary>On the stream of the institution that goes on.</summary>
public sealed record InstitutionsMerged(IReadOnlyList<Guid> From, Guid Into) : DomainEvent;

public sealed record OpeningHours(Weekday Day, TimeOnly Opens, TimeOnly Closes);

[JsonConverter(typeof(JsonStringEnumConverter<Weekday>))]
public enum Weekday { Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday }

[JsonConverter(typeof(JsonStringEnumConverter<InstitutionStatus>))]
public enum InstitutionStatus { Registered, Active, Suspended, Closed }

/// <summary>A community health institution; its teams work only while it is active. See Institution.states.md.</summary>
/// <param name="SuccessorId">Once closed, the institution that took its teams over.</param>
public sealed record Institution(
    InstitutionRegistered Entry, InstitutionStatus Status, Guid? SuccessorId, ImmutableList<Guid> MergedFrom) : IState<Institution>
{
    public Guid Id => Entry.InstitutionId;

    public string DistrictCode => Entry.DistrictCode;

    public static Institution Evolve(Institution? institution, DomainEvent @event) => (institution, @event) switch
    {
        (null, InstitutionRegistered e) => new(e, InstitutionStatus.Registered, null, []),
        ({ Status: InstitutionStatus.Registered } i, InstitutionActivated) => i with { Status = InstitutionStatus.Active },
        ({ Status: InstitutionStatus.Active } i, InstitutionSuspended) => i with { Status = InstitutionStatus.Suspended },
        ({ Status: InstitutionStatus.Suspended } i, InstitutionResumed) => i with { Status = InstitutionStatus.Active },
        ({ Status: InstitutionStatus.Active or InstitutionStatus.Suspended } i, InstitutionClosed e) =>
            i with { Status = InstitutionStatus.Closed, SuccessorId = e.SuccessorId },
        ({ Status: InstitutionStatus.Active } i, InstitutionsMerged e) => i with { MergedFrom = i.MergedFrom.AddRange(e.From) },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {institution?.Status.ToString() ?? "nothing"}."),
    };

    /// <summary>The institution, which must be active for what is asked.</summary>
    public static Institution Active(Institution? institution) => institution switch
    {
        null => throw new UnknownId(),
        { Status: InstitutionStatus.Active } => institution,
        _ => throw new RuleBroken("INSTITUTION_NOT_ACTIVE", "This institution is not active.", new { institutionId = institution.Id, institution.Status }),
    };

    /// <summary>True when it may go on from a state, false when it is so already; refuses otherwise.</summary>
    public static bool MayGo(Institution? institution, InstitutionStatus to, params InstitutionStatus[] from)
    {
        if (institution is null)
            throw new UnknownId();
        if (institution.Status == to)
            return false;
        return from.Contains(institution.Status) ? true : throw Refusing.Transition("an institution", institution.Status, from);
    }

    /// <summary>The event that closes it in favour of a successor; nothing when it is closed already.</summary>
    public static IEnumerable<InstitutionClosed> Close(Institution? institution, Institution successor, string reason)
    {
        if (!MayGo(institution, InstitutionStatus.Closed, InstitutionStatus.Active, InstitutionStatus.Suspended))
        {
            return institution!.SuccessorId == successor.Id ? []
                : throw Refusing.Transition("an institution", institution.Status, InstitutionStatus.Active, InstitutionStatus.Suspended);
        }
        return institution!.Id == successor.Id
            ? throw new RuleBroken("RULE_VIOLATION", "An institution is not its own successor.", new { successorId = successor.Id })
            : [new InstitutionClosed(institution.Id, successor.Id, reason)];
    }
}
