namespace FamilyDoctor.IntegrationEvents.Referrals;

/// <summary>A hospital's slots of one service on one day, by pool.</summary>
public sealed record QuotaFacts(Guid HospitalId, string Service, DateOnly Date, int FamilyDoctor, int Urgent, int Public, DateTimeOffset ReleaseAt);

public sealed record QuotaPublished(QuotaFacts Quota) : IntegrationEvent;

public sealed record PoolReleasedToPublic(QuotaFacts Quota, int Count) : IntegrationEvent;

public sealed record QuotaShortfallDetected(QuotaFacts Quota, double PublishedPercent, double RequiredPercent, int LeadDays) : IntegrationEvent;

/// <param name="Number">R- and eight characters, for people.</param>
/// <param name="Priority">routine, urgent or emergency.</param>
/// <param name="Status">A state of domain.md's referral table.</param>
/// <param name="OwnerOrganizationId">Who has to act next; never nobody.</param>
public sealed record ReferralFacts(
    Guid ReferralId, string Number, Guid ResidentId, Guid? ContractId, Guid TeamId, Guid InstitutionId, string DistrictCode,
    Guid HospitalId, string Service, string Priority, string Status, Guid OwnerOrganizationId,
    DateTimeOffset? SubmittedAt, DateTimeOffset? ResponseDueAt, DateTimeOffset? RespondedAt, DateTimeOffset? SlotStart, DateTimeOffset? ArrivedAt);

public sealed record ReferralSubmitted(ReferralFacts Referral) : IntegrationEvent;

public sealed record ReferralScheduled(ReferralFacts Referral, bool FastTracked) : IntegrationEvent;

/// <summary>The platform's authorisation, which the insurer is asked to share in; not told of the past.</summary>
/// <param name="ValidTo">Last day on which the number lets the resident in.</param>
public sealed record ReferralAuthorised(ReferralFacts Referral, DateOnly ValidTo) : IntegrationEvent;

public sealed record ReferralDeclined(ReferralFacts Referral, string Reason) : IntegrationEvent;

public sealed record ReferralCancelled(ReferralFacts Referral, string By, string Reason) : IntegrationEvent;

/// <param name="Level">1 hospital referral office, 2 district, 3 commission.</param>
public sealed record ReferralOverdue(ReferralFacts Referral, int Level, string EscalatedTo) : IntegrationEvent;

/// <summary>The city's working days changed: the hospital has until another moment.</summary>
public sealed record ReferralClockMoved(ReferralFacts Referral) : IntegrationEvent;

public sealed record PatientArrived(ReferralFacts Referral, bool Admitted) : IntegrationEvent;

public sealed record ReferralNoShow(ReferralFacts Referral) : IntegrationEvent;

/// <param name="Disposition">treated, admitted or discharged.</param>
public sealed record OutcomeReturned(ReferralFacts Referral, string Disposition, DateOnly? FollowUpDueBy) : IntegrationEvent;

public sealed record ReferralClosed(ReferralFacts Referral, bool ClosedLoop) : IntegrationEvent;

/// <summary>A hospital hands a patient back. The owner is always exactly one organisation.</summary>
/// <param name="Status">Proposed, FollowUpScheduled, Closed, Declined or Reassigned.</param>
public sealed record DownReferralFacts(
    Guid DownReferralId, string Number, Guid ResidentId, Guid? ContractId, Guid? TeamId, Guid InstitutionId, string DistrictCode,
    Guid HospitalId, string Status, Guid OwnerOrganizationId, bool FamilyBedSuggested, DateTimeOffset ProposedAt, DateTimeOffset ContactDueAt,
    Guid? UpReferralId);

public sealed record DownReferralProposed(DownReferralFacts DownReferral) : IntegrationEvent;

public sealed record DownReferralAccepted(DownReferralFacts DownReferral) : IntegrationEvent;

/// <param name="Mode">visit, phone, video or clinic.</param>
public sealed record FirstContactMade(DownReferralFacts DownReferral, string Mode, DateTimeOffset At) : IntegrationEvent;

public sealed record DownReferralClosed(DownReferralFacts DownReferral) : IntegrationEvent;

/// <param name="Modality">CT, MRI, PETCT or endoscopy.</param>
/// <param name="Status">Held, Confirmed, Arrived, Performed, ReportReturned, Acknowledged, Cancelled, NoShow or Rejected.</param>
public sealed record ExamFacts(
    Guid ExamId, Guid ResidentId, Guid? ContractId, Guid TeamId, Guid InstitutionId, string DistrictCode, Guid HospitalId, string Modality,
    string BodySite, string Status, DateTimeOffset RequestedAt, DateTimeOffset SlotStart);

/// <summary>A slot is held for the exam: this is the booking that the city counts.</summary>
public sealed record ExamBooked(ExamFacts Exam) : IntegrationEvent;

public sealed record ExamConfirmed(ExamFacts Exam) : IntegrationEvent;

public sealed record ExamPerformed(ExamFacts Exam) : IntegrationEvent;

public sealed record ExamReportReturned(ExamFacts Exam, bool Critical) : IntegrationEvent;

public sealed record ExamCancelled(ExamFacts Exam, string Reason) : IntegrationEvent;
