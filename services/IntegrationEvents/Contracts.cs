namespace FamilyDoctor.IntegrationEvents.Contracts;

/// <summary>The resident's newest contract. Copies are kept by resident: the stream is the resident's enrolment.</summary>
/// <param name="CoveredSince">First day of unbroken cover, through all renewals.</param>
/// <param name="EndsOn">Last day of the newest term.</param>
/// <param name="Status">Active, InGrace, AwaitingReassignment, Expired, Terminated or EnteredInError.</param>
/// <param name="PriorityGroups">Codes such as elderly, hypertension; empty for the general group.</param>
/// <param name="TermBefore">The contract that this one renewed without a gap: it is in force until this one's term begins.</param>
public sealed record ContractFacts(
    Guid ContractId, Guid ResidentId, Guid TeamId, Guid InstitutionId, string DistrictCode, Guid? GpId,
    DateOnly CoveredSince, DateOnly StartsOn, DateOnly EndsOn, string Status, IReadOnlyList<string> PriorityGroups,
    Guid? TermBefore = null);

public sealed record ContractSigned(ContractFacts Contract) : IntegrationEvent;

/// <param name="GapDays">Days without cover before the renewal; 0 when contiguous.</param>
public sealed record ContractRenewed(ContractFacts Contract, Guid OldContractId, int GapDays) : IntegrationEvent;

public sealed record ContractGraceStarted(ContractFacts Contract, DateOnly Until) : IntegrationEvent;

public sealed record ContractExpired(ContractFacts Contract) : IntegrationEvent;

public sealed record ContractTerminated(ContractFacts Contract, string Reason, DateOnly EffectiveOn) : IntegrationEvent;

/// <summary>The contract goes on with another team; the facts name the new one.</summary>
/// <param name="Mandated">Not by the resident's own wish.</param>
/// <param name="Provisional">The resident did not answer a reassignment, and may still change without it counting.</param>
public sealed record ContractTransferred(
    ContractFacts Contract, Guid FromTeamId, string Reason, bool Mandated, bool Provisional, DateOnly EffectiveOn) : IntegrationEvent;

/// <summary>The team moved to another institution, which the facts name; the contract is the same.</summary>
public sealed record ContractRehomed(ContractFacts Contract, Guid FromInstitutionId) : IntegrationEvent;

/// <summary>The team ends; the resident may object until a day.</summary>
/// <param name="ToTeamId">Who keeps a seat; null when there is no successor.</param>
public sealed record ContractReassignmentRequired(ContractFacts Contract, Guid? ToTeamId, DateOnly ObjectUntil) : IntegrationEvent;

public sealed record ContractReassignmentCancelled(ContractFacts Contract) : IntegrationEvent;

/// <param name="ContractId">The contract that should not have been; the facts are those of the newest one.</param>
public sealed record ContractEnteredInError(ContractFacts Contract, Guid ContractId, string Reason) : IntegrationEvent;

/// <summary>What a death closed goes on: the death was reported in error.</summary>
public sealed record ContractReinstated(ContractFacts Contract) : IntegrationEvent;

public sealed record PriorityGroupAssigned(ContractFacts Contract, string Group, DateOnly From) : IntegrationEvent;

public sealed record PriorityGroupEnded(ContractFacts Contract, string Group, DateOnly On) : IntegrationEvent;

public sealed record ResidentDied(Guid ResidentId, DateOnly On) : IntegrationEvent;

public sealed record ResidentDeathReversed(Guid ResidentId) : IntegrationEvent;

/// <summary>Two registrations were one person; published for the one that is no more.</summary>
public sealed record ResidentsMerged(Guid SurvivorId, Guid DuplicateId) : IntegrationEvent;

/// <summary>His keys are destroyed: what any service sealed for him cannot be read any more.</summary>
public sealed record ResidentErased(Guid ResidentId) : IntegrationEvent;

/// <param name="Times">How often the service is due until the day.</param>
public sealed record ServiceObligationScheduled(
    Guid ObligationId, Guid ResidentId, Guid ContractId, Guid TeamId, string PackageId, string Kind, int Times, DateOnly DueBy) : IntegrationEvent;

/// <param name="Mode">clinic, phone, video, home or consultation.</param>
public sealed record ServiceDelivered(Guid ObligationId, Guid ResidentId, Guid TeamId, string Mode) : IntegrationEvent;

public sealed record ObligationMissed(Guid ObligationId, Guid ResidentId, Guid TeamId, int Delivered, int Times) : IntegrationEvent;

public sealed record LongPrescriptionIssued(ContractFacts Contract, int Weeks, string ConditionCode) : IntegrationEvent;

/// <summary>The insurer knows the contract: the resident pays the lower share.</summary>
/// <param name="Reference">The insurer's number.</param>
public sealed record ContractInsuranceLinked(Guid ContractId, Guid ResidentId, string Reference) : IntegrationEvent;

/// <summary>The insurer does not take the contract; care goes on.</summary>
/// <param name="Code">The insurer's own.</param>
public sealed record ContractInsuranceLinkFailed(Guid ContractId, Guid ResidentId, string Code) : IntegrationEvent;

/// <summary>The insurer pays its share of what the hospital does for a referred patient.</summary>
/// <param name="Version">Of the referral, when the insurer was asked.</param>
/// <param name="Reference">The insurer's number.</param>
public sealed record ReferralAuthorisationGranted(Guid ReferralId, long Version, Guid ResidentId, string Reference) : IntegrationEvent;

/// <summary>The insurer does not; the referral goes on, and the resident pays as one who was not referred.</summary>
/// <param name="Code">The insurer's own.</param>
public sealed record ReferralAuthorisationRejected(Guid ReferralId, long Version, Guid ResidentId, string Code) : IntegrationEvent;

/// <summary>The insurer pays its share of a period of a family bed.</summary>
/// <param name="Version">Of the bed, when the period began: of two answers the one to the higher version holds.</param>
/// <param name="Reference">The insurer's number.</param>
public sealed record BedAuthorisationGranted(Guid BedId, long Version, Guid ResidentId, string Reference) : IntegrationEvent;

/// <summary>The insurer does not; the resident pays the period himself if he wants it to go on.</summary>
/// <param name="Code">The insurer's own.</param>
public sealed record BedAuthorisationRejected(Guid BedId, long Version, Guid ResidentId, string Code) : IntegrationEvent;

public sealed record LongPrescriptionDispensed(Guid PrescriptionId, Guid ResidentId, string Reference) : IntegrationEvent;

/// <param name="Code">The pharmacy's own.</param>
public sealed record LongPrescriptionRejected(Guid PrescriptionId, Guid ResidentId, string Code) : IntegrationEvent;

/// <summary>A mandated transfer or a correction took a panel over its cap.</summary>
public sealed record PanelOverCapacityDetected(Guid TeamId, int Cap, int Seats) : IntegrationEvent;

/// <summary>How far a disbandment is.</summary>
/// <param name="Remaining">Contracts and applications still with the team.</param>
public sealed record ReassignmentProgressed(Guid TeamId, int Remaining, int Transferred, int Terminated) : IntegrationEvent;

/// <summary>A team that is being disbanded holds no contract any more.</summary>
public sealed record PanelEmptied(Guid TeamId, int Transferred, int Terminated) : IntegrationEvent;

/// <param name="Type">clinic, phone, video, home or consultation.</param>
/// <param name="Status">Booked, CheckedIn, Fulfilled, NoShow or Cancelled.</param>
public sealed record AppointmentFacts(
    Guid AppointmentId, Guid SessionId, Guid ResidentId, Guid ContractId, Guid TeamId, Guid InstitutionId, string DistrictCode,
    string Type, DateTimeOffset Start, string Status);

public sealed record AppointmentBooked(AppointmentFacts Appointment) : IntegrationEvent;

public sealed record AppointmentRescheduled(AppointmentFacts Appointment) : IntegrationEvent;

public sealed record SessionCancelled(Guid SessionId, string Reason) : IntegrationEvent;

/// <param name="Outcome">advice, prescription, followUp or referral.</param>
public sealed record AppointmentFulfilled(AppointmentFacts Appointment, string Outcome) : IntegrationEvent;

public sealed record AppointmentNoShow(AppointmentFacts Appointment) : IntegrationEvent;

public sealed record AppointmentCancelled(AppointmentFacts Appointment, string By, string Reason) : IntegrationEvent;
