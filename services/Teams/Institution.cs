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

public sealed record OpeningHours(Weekday Day, TimeOnly Opens, TimeOnly Closes);

[JsonConverter(typeof(JsonStringEnumConverter<Weekday>))]
public enum Weekday { Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday }

[JsonConverter(typeof(JsonStringEnumConverter<InstitutionStatus>))]
public enum InstitutionStatus { Registered, Active, Suspended }

/// <summary>A community health institution; its teams work only while it is active.</summary>
public sealed record Institution(InstitutionRegistered Entry, InstitutionStatus Status) : IState<Institution>
{
    public Guid Id => Entry.InstitutionId;

    public string DistrictCode => Entry.DistrictCode;

    public static Institution Evolve(Institution? institution, DomainEvent @event) => (institution, @event) switch
    {
        (null, InstitutionRegistered e) => new(e, InstitutionStatus.Registered),
        ({ Status: InstitutionStatus.Registered } i, InstitutionActivated) => i with { Status = InstitutionStatus.Active },
        ({ Status: InstitutionStatus.Active } i, InstitutionSuspended) => i with { Status = InstitutionStatus.Suspended },
        ({ Status: InstitutionStatus.Suspended } i, InstitutionResumed) => i with { Status = InstitutionStatus.Active },
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
    public static bool MayGo(Institution? institution, InstitutionStatus to, InstitutionStatus from)
    {
        if (institution is null)
            throw new UnknownId();
        if (institution.Status == to)
            return false;
        return institution.Status == from ? true : throw Refusing.Transition("an institution", institution.Status, from);
    }
}
