namespace FamilyDoctor.IntegrationEvents.Beds;

/// <summary>A family bed is an episode of care at home.</summary>
/// <param name="Number">B- and eight characters, for people.</param>
/// <param name="Type">therapeutic, rehabilitative or palliative.</param>
/// <param name="Status">A state of domain.md's bed table.</param>
public sealed record BedFacts(
    Guid BedId, string Number, Guid ResidentId, Guid? ContractId, Guid TeamId, Guid InstitutionId, string DistrictCode, string Origin, string Type,
    string Status, DateOnly? OpenedOn, DateOnly? PlannedEndOn);

public sealed record BedCapacitySet(Guid InstitutionId, string DistrictCode, int Approved) : IntegrationEvent;

public sealed record BedRequested(BedFacts Bed) : IntegrationEvent;

/// <param name="Rank">Place in line when it was taken; 1 is next.</param>
public sealed record BedWaitlisted(BedFacts Bed, int Rank) : IntegrationEvent;

public sealed record BedApproved(BedFacts Bed) : IntegrationEvent;

public sealed record BedDeclined(BedFacts Bed, string Reason) : IntegrationEvent;

public sealed record BedRequestCancelled(BedFacts Bed, string Reason) : IntegrationEvent;

public sealed record BedOpened(BedFacts Bed) : IntegrationEvent;

/// <summary>A period of care begins, which the insurer is asked to share in; not told of the past.</summary>
/// <param name="PeriodNo">1 with the opening, one more with each extension.</param>
public sealed record BedAuthorisationRequested(BedFacts Bed, int PeriodNo, DateOnly From) : IntegrationEvent;

public sealed record BedPeriodEndingSoon(BedFacts Bed, DateOnly EndsOn) : IntegrationEvent;

/// <summary>Another period: PlannedEndOn has moved.</summary>
public sealed record BedExtended(BedFacts Bed, int PeriodNo) : IntegrationEvent;

public sealed record CarePlanRevised(BedFacts Bed, int Version, int DoctorEveryDays, int NurseEveryDays) : IntegrationEvent;

/// <summary>Another doctor answers for the bed, maybe of another team: the facts name it.</summary>
/// <param name="GpId">Null when no doctor has been named yet.</param>
public sealed record BedGpChanged(BedFacts Bed, Guid? GpId, string Cause) : IntegrationEvent;

/// <summary>Another institution keeps the bed now, which the facts name.</summary>
public sealed record BedRehomed(BedFacts Bed, Guid FromInstitutionId) : IntegrationEvent;

public sealed record BedPaused(BedFacts Bed, Guid? ReferralId) : IntegrationEvent;

public sealed record BedResumed(BedFacts Bed) : IntegrationEvent;

public sealed record BedClosureDue(BedFacts Bed, string Cause, DateOnly CloseBy) : IntegrationEvent;

public sealed record BedClosureCancelled(BedFacts Bed) : IntegrationEvent;

public sealed record BedClosed(BedFacts Bed, string Reason, DateOnly ClosedOn, int BedDays, int Visits) : IntegrationEvent;

/// <summary>The death that closed the bed was told in error: care goes on.</summary>
public sealed record BedReopened(BedFacts Bed) : IntegrationEvent;

/// <summary>So many visits in a row did not take place: the head of the institution has to see to it.</summary>
public sealed record MissedVisitsEscalated(BedFacts Bed, int InARow) : IntegrationEvent;

public sealed record DischargeBedOffered(Guid OfferId, Guid ResidentId, Guid InstitutionId, Guid DownReferralId, DateTimeOffset ExpiresAt) : IntegrationEvent;

/// <param name="BedId">The request that the acceptance made.</param>
public sealed record DischargeBedOfferAccepted(Guid OfferId, Guid ResidentId, Guid InstitutionId, Guid BedId) : IntegrationEvent;

public sealed record DischargeBedOfferDeclined(Guid OfferId, Guid ResidentId, Guid InstitutionId, string Reason) : IntegrationEvent;

public sealed record DischargeBedOfferExpired(Guid OfferId, Guid ResidentId, Guid InstitutionId) : IntegrationEvent;

/// <param name="BedId">Null for other house calls, which are counted apart from bed visits.</param>
/// <param name="PractitionerId">Empty while nobody makes it.</param>
/// <param name="Status">Planned, Assigned, EnRoute, Started, Completed, Refused, NotAtHome, Missed, Cancelled or Quarantined.</param>
public sealed record VisitFacts(
    Guid VisitId, Guid? BedId, Guid ResidentId, Guid PractitionerId, Guid TeamId, Guid InstitutionId, string DistrictCode, string Status,
    DateTimeOffset PlannedFrom, DateTimeOffset PlannedTo);

public sealed record VisitPlanned(VisitFacts Visit) : IntegrationEvent;

/// <summary>Whoever was to make the visit is away at its time, or is there again; the practitioner is empty while nobody has time.</summary>
/// <param name="OnBehalfOf">For whom, when somebody stands in.</param>
public sealed record VisitHandedOver(VisitFacts Visit, Guid? OnBehalfOf) : IntegrationEvent;

public sealed record VisitCompleted(VisitFacts Visit, DateTimeOffset At) : IntegrationEvent;

public sealed record VisitMissed(VisitFacts Visit, string Cause) : IntegrationEvent;

/// <summary>The facts say when it is made now.</summary>
public sealed record VisitRescheduled(VisitFacts Visit) : IntegrationEvent;

public sealed record VisitEnRoute(VisitFacts Visit) : IntegrationEvent;

public sealed record VisitStarted(VisitFacts Visit) : IntegrationEvent;

/// <summary>The resident did not want it.</summary>
public sealed record VisitRefused(VisitFacts Visit, string Reason) : IntegrationEvent;

public sealed record VisitNotAtHome(VisitFacts Visit) : IntegrationEvent;

public sealed record VisitCancelled(VisitFacts Visit, string Reason) : IntegrationEvent;

/// <summary>What was measured at home says that the resident gets worse.</summary>
/// <param name="Score">NEWS2.</param>
/// <param name="Triggers">Codes of the values that added to it.</param>
/// <param name="Severity">urgent: the hospital's green channel; review: a doctor the same day.</param>
/// <param name="DueAt">Somebody has acted by then.</param>
public sealed record DeteriorationDetected(
    VisitFacts Visit, int Score, IReadOnlyList<string> Triggers, string Severity, DateTimeOffset DueAt) : IntegrationEvent;

/// <param name="Route">greenChannel, gpReview, emergency or declined.</param>
public sealed record DeteriorationEscalated(VisitFacts Visit, string Route, Guid? ReferralId) : IntegrationEvent;

/// <summary>A completed visit that was told after its bed had been closed; it is told as completed too.</summary>
public sealed record LateVisitRecorded(VisitFacts Visit, DateTimeOffset VisitedAt) : IntegrationEvent;

/// <summary>A visit outside the open days of its bed, which somebody has to look at; it counts for nothing yet.</summary>
public sealed record LateVisitQuarantined(VisitFacts Visit) : IntegrationEvent;
