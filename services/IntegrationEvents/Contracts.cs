namespace FamilyDoctor.IntegrationEvents.Contracts;

/// <summary>The resident's newest contract. Copies are kept by resident: the stream is the resident's enrolment.</summary>
/// <param name="CoveredSince">First day of unbroken cover, through all renewals.</param>
/// <param name="EndsOn">Last day of the newest term.</param>
/// <param name="Status">Active, InGrace, Expired or Terminated.</param>
/// <param name="PriorityGroups">Codes such as elderly, hypertension; empty for the general group.</param>
public sealed record ContractFacts(
    Guid ContractId, Guid ResidentId, Guid TeamId, Guid InstitutionId, string DistrictCode, Guid? GpId,
    DateOnly CoveredSince, DateOnly StartsOn, DateOnly EndsOn, string Status, IReadOnlyList<string> PriorityGroups);

public sealed record ContractSigned(ContractFacts Contract) : IntegrationEvent;

/// <param name="GapDays">Days without cover before the renewal; 0 when contiguous.</param>
public sealed record ContractRenewed(ContractFacts Contract, Guid OldContractId, int GapDays) : IntegrationEvent;

public sealed record ContractGraceStarted(ContractFacts Contract, DateOnly Until) : IntegrationEvent;

public sealed record ContractExpired(ContractFacts Contract) : IntegrationEvent;

public sealed record ContractTerminated(ContractFacts Contract, string Reason, DateOnly EffectiveOn) : IntegrationEvent;

/// <param name="Type">clinic, phone, video, home or consultation.</param>
/// <param name="Status">Booked, CheckedIn, Fulfilled, NoShow or Cancelled.</param>
public sealed record AppointmentFacts(
    Guid AppointmentId, Guid SessionId, Guid ResidentId, Guid ContractId, Guid TeamId, Guid InstitutionId, string DistrictCode,
    string Type, DateTimeOffset Start, string Status);

public sealed record AppointmentBooked(AppointmentFacts Appointment) : IntegrationEvent;

/// <param name="Outcome">advice, prescription, followUp or referral.</param>
public sealed record AppointmentFulfilled(AppointmentFacts Appointment, string Outcome) : IntegrationEvent;

public sealed record AppointmentNoShow(AppointmentFacts Appointment) : IntegrationEvent;

public sealed record AppointmentCancelled(AppointmentFacts Appointment, string By, string Reason) : IntegrationEvent;
