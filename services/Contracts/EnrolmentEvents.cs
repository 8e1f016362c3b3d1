using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts;

/// <param name="AgeBand">child (0-6), minor, adult or elder; the birth date itself stays in the vault.</param>
public sealed record ResidentRegistered(Guid ResidentId, string DistrictCode, string AgeBand) : DomainEvent;
/// <summary>The resident has grown out of his age band.</summary>
public sealed record AgeBandChanged(string AgeBand) : DomainEvent;
/// <param name="Since">Start of the registration or residence.</param>
/// <param name="ValidTo">Last day on which the evidence holds; null when it does not run out.</param>
/// <param name="ValidUntil">The local midnight after ValidTo.</param>
public sealed record EligibilityVerified(
    EligibilityBasis Basis, string EvidenceType, DateOnly Since, DateOnly? ValidTo = null, DateTimeOffset? ValidUntil = null) : DomainEvent;
/// <param name="Reason">movedOut, evidenceExpired or evidenceWithdrawn.</param>
public sealed record EligibilityLost(string Reason, DateOnly On) : DomainEvent;
/// <param name="To">Last day, where it is known: 42 days after a delivery.</param>
public sealed record PriorityGroupAssigned(
    string Group, string Evidence, DateOnly From, DateOnly? To = null, DateTimeOffset? EndsAt = null) : DomainEvent;
public sealed record PriorityGroupEnded(string Group, string Reason, DateOnly On) : DomainEvent;
/// <param name="GuardianRef">Names a person in the vault.</param>
public sealed record GuardianNamed(string GuardianRef, string Relation) : DomainEvent;
public sealed record GuardianReleased(string GuardianRef) : DomainEvent;
/// <summary>Whether the resident may bind himself: a resident without legal capacity needs a guardian at any age.</summary>
public sealed record LegalCapacityRecorded(bool IsLacking) : DomainEvent;
public sealed record HouseholdJoined(Guid HouseholdId, bool IsRepresentative) : DomainEvent;
public sealed record HouseholdLeft(Guid HouseholdId) : DomainEvent;
public sealed record ResidentDied(DateOnly On, string Source) : DomainEvent;
/// <param name="Reason">wrongPerson or wrongReport.</param>
public sealed record ResidentDeathReversed(string Reason) : DomainEvent;
/// <summary>Stands in both streams: two registrations were one person.</summary>
public sealed record ResidentsMerged(Guid SurvivorId, Guid DuplicateId) : DomainEvent;
/// <summary>His personal data are destroyed; nothing can follow. Who did it stands in the envelope, as with every event.</summary>
/// <param name="Reason">residentRequest, movedAway, deceased or retentionOver.</param>
public sealed record ResidentErased(Guid ResidentId, string Reason, DateOnly On) : DomainEvent;
/// <summary>Two registrations look alike and are two people.</summary>
public sealed record LikelyDuplicateDismissed(Guid ResidentId, Guid OtherId) : DomainEvent;

public sealed record ContractApplied(
    Guid ContractId, Guid ResidentId, Guid TeamId, Guid InstitutionId, int TermMonths, IReadOnlyList<string> PackageIds, Guid SeatId,
    DateTimeOffset ExpiresAt, IReadOnlyList<string>? PriorityGroups = null, Guid? HouseholdId = null, Guid? Corrects = null) : DomainEvent;
/// <param name="EndsAt">The local midnight after EndsOn.</param>
/// <param name="RemindAt">When renewal opens and the resident is reminded; null for a term of the past that was renewed.</param>
/// <param name="FeeSplit">Null when signing was free.</param>
public sealed record ContractSigned(
    Guid ContractId, Guid ResidentId, Guid TeamId, Guid? GpId, DateOnly StartsOn, DateOnly EndsOn, DateTimeOffset EndsAt, SigningProof Proof,
    string? GuardianRef, DateTimeOffset? RemindAt = null, FeeSplit? FeeSplit = null) : DomainEvent;
public sealed record ContractApplicationRejected(Guid ContractId, string Reason) : DomainEvent;
public sealed record ContractApplicationWithdrawn(Guid ContractId) : DomainEvent;
public sealed record ContractApplicationLapsed(Guid ContractId) : DomainEvent;
public sealed record RenewalReminderSent(Guid ContractId, DateOnly EndsOn) : DomainEvent;
public sealed record ContractRenewed(
    Guid OldId, Guid NewId, Guid TeamId, DateOnly StartsOn, DateOnly EndsOn, DateTimeOffset EndsAt, int TermMonths, int GapDays,
    Guid? GpId = null, DateTimeOffset? RemindAt = null, FeeSplit? FeeSplit = null) : DomainEvent;
public sealed record ContractGraceStarted(Guid ContractId, DateOnly Until, DateTimeOffset UntilEnd) : DomainEvent;
public sealed record ContractExpired(Guid ContractId, DateOnly EndsOn) : DomainEvent;
public sealed record ContractTerminated(Guid ContractId, TerminationReason Reason, DateOnly EffectiveOn, string By) : DomainEvent;
/// <summary>The contract goes on with another team until the day it would have ended.</summary>
/// <param name="Mandated">Not the resident's own wish, so it does not count against his changes of the term.</param>
public sealed record ContractTransferred(
    Guid ContractId, Guid FromTeam, Guid ToTeam, Guid ToInstitution, Guid? GpId, string Reason, bool Mandated, DateOnly EffectiveOn,
    SigningProof? Consent = null) : DomainEvent;
/// <summary>The team moved to another institution, and the contract or application with it; all else stays as it was.</summary>
public sealed record ContractRehomed(Guid ContractId, Guid TeamId, Guid From, Guid ToInstitution) : DomainEvent;
/// <summary>The team ends: a successor keeps a seat, and the resident may accept or object until the deadline.</summary>
/// <param name="ToTeam">Null when no successor is left.</param>
public sealed record ContractReassignmentRequired(Guid ContractId, Guid FromTeam, Guid? ToTeam, DateOnly ObjectUntil, DateTimeOffset Deadline) : DomainEvent;
/// <summary>The team goes on after all: everything is as it was.</summary>
public sealed record ContractReassignmentCancelled(Guid ContractId) : DomainEvent;
/// <summary>Nobody objected: the successor cares for the resident, who may still change without it counting.</summary>
public sealed record ContractProvisionallyReassigned(
    Guid ContractId, Guid FromTeam, Guid ToTeam, Guid ToInstitution, Guid? GpId, DateOnly EffectiveOn) : DomainEvent;
public sealed record ContractEnteredInError(Guid ContractId, string Reason) : DomainEvent;
/// <summary>What a death closed goes on, because the resident lives.</summary>
public sealed record ContractReinstated(Guid ContractId, Guid TeamId) : DomainEvent;
public sealed record PackageChanged(Guid ContractId, IReadOnlyList<string> PackageIds) : DomainEvent;
/// <summary>A package's service is due so many times until a day.</summary>
public sealed record ServiceObligationScheduled(
    Guid ObligationId, Guid ContractId, string PackageId, string Kind, int Times, DateOnly DueBy, DateTimeOffset DueAt) : DomainEvent;
/// <param name="By">Appointment, visit or practitioner that met it.</param>
/// <param name="Mode">clinic, phone, video, home or consultation.</param>
public sealed record ServiceDelivered(Guid ObligationId, string By, string Mode) : DomainEvent;
public sealed record ObligationMissed(Guid ObligationId, int Delivered, int Times) : DomainEvent;
/// <param name="At">When he should have come.</param>
public sealed record NoShowCounted(Guid AppointmentId, DateTimeOffset At) : DomainEvent;
public sealed record BookingRestricted(DateTimeOffset Until) : DomainEvent;
public sealed record LongPrescriptionIssued(Guid ContractId, int Weeks, string ConditionCode) : DomainEvent;

/// <param name="Method">esignature, otp, app or inPerson.</param>
/// <param name="Ref">Where the proof is kept; never the proof itself.</param>
public sealed record SigningProof(string Method, string Ref);

[JsonConverter(typeof(JsonStringEnumConverter<EligibilityBasis>))]
public enum EligibilityBasis { HouseholdRegistration, Residence }

[JsonConverter(typeof(JsonStringEnumConverter<TerminationReason>))]
public enum TerminationReason
{
    MovedOut, NoContact, RefusedService, ResidentRequest, Died, Ineligible, EnteredInError, TeamDisbanded, ObjectedToReassignment,
}

[JsonConverter(typeof(JsonStringEnumConverter<ContractStatus>))]
public enum ContractStatus
{
    PendingConfirmation, Active, InGrace, Rejected, Withdrawn, Lapsed, Expired, Terminated, AwaitingReassignment, EnteredInError,
}
