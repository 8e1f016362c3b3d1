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

public sealed record BedPaused(BedFacts Bed, Guid? ReferralId) : IntegrationEvent;

public sealed record BedResumed(BedFacts Bed) : IntegrationEvent;

public sealed record BedClosureDue(BedFacts Bed, string Cause, DateOnly CloseBy) : IntegrationEvent;

public sealed record BedClosureCancelled(BedFacts Bed) : IntegrationEvent;

public sealed record BedClosed(BedFacts Bed, string Reason, DateOnly ClosedOn, int BedDays, int Visits) : IntegrationEvent;

public sealed record DischargeBedOffered(Guid OfferId, Guid ResidentId, Guid InstitutionId, Guid DownReferralId, DateTimeOffset ExpiresAt) : IntegrationEvent;

/// <param name="BedId">The request that the acceptance made.</param>
public sealed record DischargeBedOfferAccepted(Guid OfferId, Guid ResidentId, Guid InstitutionId, Guid BedId) : IntegrationEvent;

public sealed record DischargeBedOfferDeclined(Guid OfferId, Guid ResidentId, Guid InstitutionId, string Reason) : IntegrationEvent;

public sealed record DischargeBedOfferExpired(Guid OfferId, Guid ResidentId, Guid InstitutionId) : IntegrationEvent;

/// <param name="BedId">Null for other house calls, which are counted apart from bed visits.</param>
/// <param name="Status">Planned, Started, Completed or Missed.</param>
public sealed record VisitFacts(
    Guid VisitId, Guid? BedId, Guid ResidentId, Guid PractitionerId, Guid TeamId, Guid InstitutionId, string DistrictCode, string Status,
    DateTimeOffset PlannedFrom, DateTimeOffset PlannedTo);

public sealed record VisitPlanned(VisitFacts Visit) : IntegrationEvent;

/// <summary>Whoever was to make the visit is away at its time, or is there again; the practitioner is empty while nobody has time.</summary>
/// <param name="OnBehalfOf">For whom, when somebody stands in.</param>
public sealed record VisitHandedOver(VisitFacts Visit, Guid? OnBehalfOf) : IntegrationEvent;

public sealed record VisitCompleted(VisitFacts Visit, DateTimeOffset At) : IntegrationEvent;

public sealed record VisitMissed(VisitFacts Visit, string Cause) : IntegrationEvent;
