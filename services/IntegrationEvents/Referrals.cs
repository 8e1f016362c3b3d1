namespace FamilyDoctor.IntegrationEvents.Referrals;

/// <summary>A hospital's slots of one service on one day, by pool.</summary>
public sealed record QuotaFacts(Guid HospitalId, string Service, DateOnly Date, int FamilyDoctor, int Urgent, int Public, DateTimeOffset ReleaseAt);

public sealed record QuotaPublished(QuotaFacts Quota) : IntegrationEvent;

public sealed record PoolReleasedToPublic(QuotaFacts Quota, int Count) : IntegrationEvent;

public sealed record QuotaShortfallDetected(QuotaFacts Quota, double PublishedPercent, double RequiredPercent, int LeadDays) : IntegrationEvent;

/// <summary>Slots of a day are not to be had any more; the pools are what is left.</summary>
public sealed record SlotsWithdrawn(QuotaFacts Quota, int Count, string Reason) : IntegrationEvent;

/// <param name="Number">R- and eight characters, for people.</param>
/// <param name="Priority">routine, urgent or emergency.</param>
/// <param name="Status">A state of domain.md's referral table.</param>
/// <param name="OwnerOrganizationId">Who has to act next; never nobody.</param>
/// <param name="ResponseDueAt">When the hospital must have answered, or seen who waits; null while its clock stands.</param>
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

/// <summary>The hospital cannot decide yet; its clock stands.</summary>
/// <param name="Missing">Codes of what it asks for.</param>
public sealed record ReferralReturnedForInformation(ReferralFacts Referral, IReadOnlyList<string> Missing) : IntegrationEvent;

/// <summary>The clock goes on; the facts say until when.</summary>
public sealed record ReferralInformationSupplied(ReferralFacts Referral) : IntegrationEvent;

/// <param name="TargetBy">The day by which he should be seen.</param>
public sealed record ReferralWaitlisted(ReferralFacts Referral, DateOnly TargetBy) : IntegrationEvent;

/// <summary>Another hospital is asked; the facts name it.</summary>
public sealed record ReferralRedirected(ReferralFacts Referral, Guid FromHospital, string Reason) : IntegrationEvent;

/// <summary>The hospital's advice was enough, nobody travels.</summary>
public sealed record ReferralAdvised(ReferralFacts Referral) : IntegrationEvent;

/// <summary>The hospital withdrew the slot.</summary>
public sealed record ReferralRebookRequired(ReferralFacts Referral, string Cause) : IntegrationEvent;

public sealed record ReferralRescheduled(ReferralFacts Referral) : IntegrationEvent;

/// <summary>The resident has another team now; the facts name it.</summary>
public sealed record ReferralOwnerChanged(ReferralFacts Referral) : IntegrationEvent;

/// <summary>The city's working days changed: the hospital has until another moment.</summary>
public sealed record ReferralClockMoved(ReferralFacts Referral) : IntegrationEvent;

/// <summary>Somebody got urgently worse at home, and a referral is on its way for him.</summary>
/// <param name="VisitId">On which that was found.</param>
/// <param name="Route">greenChannel: a slot is his. emergency: the ambulance brings him.</param>
/// <param name="ConfirmBy">The hospital has said by then that it expects him.</param>
public sealed record UrgentStepUpMade(ReferralFacts Referral, Guid VisitId, string Route, DateTimeOffset ConfirmBy) : IntegrationEvent;

/// <summary>No hospital had a slot for somebody who got urgently worse.</summary>
public sealed record EmergencyRouteTaken(ReferralFacts Referral, string Cause, string EscalatedTo) : IntegrationEvent;

/// <summary>The death that cancelled it was told in error.</summary>
public sealed record ReferralReopened(ReferralFacts Referral) : IntegrationEvent;

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

/// <summary>The institution cannot care for him: the hospital is the owner until another takes him.</summary>
public sealed record DownReferralDeclined(DownReferralFacts DownReferral, string Reason) : IntegrationEvent;

/// <param name="FromOrganizationId">Whose it was.</param>
public sealed record DownReferralReassigned(DownReferralFacts DownReferral, Guid FromOrganizationId, string Reason) : IntegrationEvent;

/// <param name="Level">1 institution, 2 district.</param>
public sealed record DownReferralOverdue(DownReferralFacts DownReferral, int Level, string EscalatedTo) : IntegrationEvent;

/// <param name="Mode">visit, phone, video or clinic.</param>
public sealed record FirstContactMade(DownReferralFacts DownReferral, string Mode, DateTimeOffset At) : IntegrationEvent;

/// <summary>The resident has another team now; the facts name it.</summary>
public sealed record DownReferralOwnerChanged(DownReferralFacts DownReferral) : IntegrationEvent;

/// <summary>The death that ended it was told in error.</summary>
public sealed record DownReferralReopened(DownReferralFacts DownReferral) : IntegrationEvent;

public sealed record DownReferralClosed(DownReferralFacts DownReferral) : IntegrationEvent;

/// <param name="Modality">CT, MRI, PETCT or endoscopy.</param>
/// <param name="Status">Held, Confirmed, Arrived, Performed, ReportReturned, Acknowledged, Cancelled, NoShow, Rejected or RebookRequired.</param>
public sealed record ExamFacts(
    Guid ExamId, Guid ResidentId, Guid? ContractId, Guid TeamId, Guid InstitutionId, string DistrictCode, Guid HospitalId, string Modality,
    string BodySite, string Status, DateTimeOffset RequestedAt, DateTimeOffset SlotStart);

/// <summary>A slot is held for the exam: this is the booking that the city counts.</summary>
public sealed record ExamBooked(ExamFacts Exam) : IntegrationEvent;

public sealed record ExamConfirmed(ExamFacts Exam) : IntegrationEvent;

public sealed record ExamArrived(ExamFacts Exam) : IntegrationEvent;

public sealed record ExamPerformed(ExamFacts Exam) : IntegrationEvent;

public sealed record ExamReportReturned(ExamFacts Exam, bool Critical) : IntegrationEvent;

public sealed record ExamCancelled(ExamFacts Exam, string Reason) : IntegrationEvent;

/// <summary>The resident has another team now; the facts name it.</summary>
public sealed record ExamOwnerChanged(ExamFacts Exam) : IntegrationEvent;

/// <summary>The hospital withdrew the slot.</summary>
public sealed record ExamRebookRequired(ExamFacts Exam, string Cause) : IntegrationEvent;

/// <summary>Another slot is held; the facts say when.</summary>
public sealed record ExamRescheduled(ExamFacts Exam) : IntegrationEvent;

/// <summary>The death that cancelled it was told in error.</summary>
public sealed record ExamReopened(ExamFacts Exam) : IntegrationEvent;

public sealed record ExamNoShow(ExamFacts Exam) : IntegrationEvent;

/// <summary>At the device it turned out not to be safe.</summary>
public sealed record ExamRejected(ExamFacts Exam, string Reason) : IntegrationEvent;

/// <summary>The family doctor has to know of this result within hours.</summary>
public sealed record CriticalResultFlagged(ExamFacts Exam, DateTimeOffset AcknowledgeBy) : IntegrationEvent;

/// <param name="Level">1 institution, 2 district, 3 commission.</param>
public sealed record CriticalResultOverdue(ExamFacts Exam, int Level, string EscalatedTo) : IntegrationEvent;

public sealed record ExamCriticalAcknowledged(ExamFacts Exam) : IntegrationEvent;

public sealed record ExamAcknowledged(ExamFacts Exam) : IntegrationEvent;
