using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams;

/// <param name="DistrictIds">Where it signs residents, its own district first; null when that is the only one.</param>
public sealed record TeamFormed(
    Guid TeamId, Guid InstitutionId, string DistrictCode, string Name, string NameEn, IReadOnlyList<string>? GridCodes = null,
    IReadOnlyList<string>? DistrictIds = null) : DomainEvent;
/// <param name="Role">gp, nurse, or an X role of the city.</param>
public sealed record TeamMemberJoined(Guid TeamId, Guid PractitionerId, string Role, decimal Fte, DateOnly From) : DomainEvent;
public sealed record TeamMemberLeft(Guid TeamId, Guid PractitionerId, DateOnly On, string Reason) : DomainEvent;
/// <param name="To">Null when the leader left and nobody leads yet.</param>
public sealed record TeamLeadChanged(Guid TeamId, Guid? From, Guid? To, DateOnly On) : DomainEvent;
/// <param name="Reason">licenceLapsed or suspended.</param>
public sealed record TeamMemberBarred(Guid TeamId, Guid PractitionerId, DateOnly On, string Reason) : DomainEvent;
public sealed record TeamMemberCleared(Guid TeamId, Guid PractitionerId, DateOnly On) : DomainEvent;
/// <param name="SuspendsAt">Unless it is complete again by then.</param>
public sealed record TeamCompositionBreached(
    Guid TeamId, DateOnly Since, IReadOnlyList<string> MissingRoles, DateTimeOffset SuspendsAt, int PolicyVersion) : DomainEvent;
public sealed record TeamCompositionRestored(Guid TeamId, DateOnly On) : DomainEvent;
public sealed record TeamActivated(Guid TeamId, DateOnly From) : DomainEvent;
public sealed record TeamCapacitySet(Guid TeamId, int MaxPanel, IReadOnlyList<CapacityShare> Basis, int PolicyVersion) : DomainEvent;
/// <param name="Until">Last day, without which it lasts until somebody ends it.</param>
/// <param name="EndsAt">The local midnight after it.</param>
public sealed record TeamSuspended(Guid TeamId, string Reason, DateOnly? Until = null, DateTimeOffset? EndsAt = null) : DomainEvent;
public sealed record TeamResumed(Guid TeamId) : DomainEvent;
public sealed record TeamRehomed(Guid TeamId, Guid From, Guid InstitutionId, string DistrictCode) : DomainEvent;
/// <param name="EffectiveAt">The local midnight at which that day begins.</param>
/// <param name="Contracts">How many residents the team had, as far as was known here.</param>
public sealed record TeamDisbandmentStarted(
    Guid TeamId, DateOnly EffectiveOn, DateTimeOffset EffectiveAt, string Reason, IReadOnlyList<Guid> Successors, int Contracts, int PolicyVersion) : DomainEvent;
/// <param name="AsOf">When Contracts counted so.</param>
public sealed record TeamDisbandmentProgressed(Guid TeamId, int Remaining, int Transferred, int Terminated, DateTimeOffset AsOf) : DomainEvent;
/// <summary>The day of the disbandment has come, but contracts remain: it waits for them.</summary>
public sealed record TeamDisbandmentOverdue(Guid TeamId, int Remaining) : DomainEvent;
public sealed record TeamDisbandmentCancelled(Guid TeamId, string Reason) : DomainEvent;
/// <param name="OverrideReason">Why it was completed although contracts remained.</param>
public sealed record TeamDisbanded(Guid TeamId, DateOnly On, int ContractsTransferred, int ContractsTerminated, string? OverrideReason) : DomainEvent;
