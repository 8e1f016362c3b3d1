using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using Published = FamilyDoctor.IntegrationEvents.Referrals;

namespace FamilyDoctor.Referrals;

/// <summary>What Referrals tells the others.</summary>
public sealed class ReferralsOutbound : IOutbound
{
    public StreamKind? Needs(DomainEvent @event) => @event switch
    {
        QuotaPublished or PoolReleasedToPublic or QuotaShortfallDetected or SlotsWithdrawn => StreamKind.Of<QuotaBook>(),
        ReferralSubmitted or ReferralFastTracked or ReferralScheduled or ReferralAuthorised or ReferralDeclined or ReferralCancelled or ReferralOverdue
            or ReferralClockMoved or PatientArrived or ReferralNoShow or OutcomeReturned or ReferralClosed
            or ReferralReturnedForInformation or ReferralInformationSupplied or ReferralWaitlisted or ReferralRedirected or ReferralAdvised
            or ReferralRebookRequired or ReferralRescheduled or ReferralOwnerChanged or ReferralSteppedUp or EmergencyRouteTaken
            or ReferralReopened => StreamKind.Of<Referral>(),
        DownReferralProposed or DownReferralAccepted or DownReferralDeclined or DownReferralReassigned or DownReferralOverdue or FirstContactMade
            or DownReferralClosed or DownReferralCancelled or DownReferralOwnerChanged or DownReferralRehomed or DownReferralReopened => StreamKind.Of<DownReferral>(),
        ExamSlotHeld or ExamConfirmed or ExamArrived or ExamPerformed or ExamReportReturned or CriticalResultFlagged or CriticalResultOverdue
            or ExamCriticalAcknowledged or ExamAcknowledged or ExamCancelled or ExamNoShow or ExamRejected or ExamOwnerChanged
            or ExamRebookRequired or ExamRescheduled or ExamReopened => StreamKind.Of<Exam>(),
        _ => null,
    };

    public IEnumerable<IntegrationEvent> Map(Recorded recorded, object? state) => recorded.Event switch
    {
        QuotaPublished => [new Published.QuotaPublished(Facts((QuotaBook)state!))],
        PoolReleasedToPublic e => [new Published.PoolReleasedToPublic(Facts((QuotaBook)state!), e.Count)],
        QuotaShortfallDetected e =>
            [new Published.QuotaShortfallDetected(Facts((QuotaBook)state!), e.PublishedPercent, e.RequiredPercent, e.LeadDays)],
        SlotsWithdrawn e => [new Published.SlotsWithdrawn(Facts((QuotaBook)state!), e.Slots.Count, e.Reason)],
        ReferralSubmitted => [new Published.ReferralSubmitted(Facts((Referral)state!))],
        ReferralFastTracked => [new Published.ReferralScheduled(Facts((Referral)state!), FastTracked: true)],
        ReferralScheduled => [new Published.ReferralScheduled(Facts((Referral)state!), FastTracked: false)],
        // The insurer is not asked about the past.
        ReferralAuthorised e when recorded.Headers.Channel != "import" => [new Published.ReferralAuthorised(Facts((Referral)state!), e.ValidTo)],
        ReferralDeclined e => [new Published.ReferralDeclined(Facts((Referral)state!), e.Reason)],
        // What was never completed is nobody's news.
        ReferralCancelled or ReferralOwnerChanged or ReferralReopened when state is Referral { HospitalId: var hospital } && hospital == Guid.Empty => [],
        ReferralCancelled e => [new Published.ReferralCancelled(Facts((Referral)state!), e.By, e.Reason)],
        ReferralOverdue e => [new Published.ReferralOverdue(Facts((Referral)state!), e.Level, e.EscalatedTo)],
        ReferralReturnedForInformation e => [new Published.ReferralReturnedForInformation(Facts((Referral)state!), e.Missing)],
        ReferralInformationSupplied => [new Published.ReferralInformationSupplied(Facts((Referral)state!))],
        ReferralWaitlisted e => [new Published.ReferralWaitlisted(Facts((Referral)state!), e.TargetBy)],
        ReferralRedirected e => [new Published.ReferralRedirected(Facts((Referral)state!), e.FromHospital, e.Reason)],
        ReferralAdvised => [new Published.ReferralAdvised(Facts((Referral)state!))],
        ReferralRebookRequired e => [new Published.ReferralRebookRequired(Facts((Referral)state!), e.Cause)],
        ReferralRescheduled => [new Published.ReferralRescheduled(Facts((Referral)state!))],
        ReferralOwnerChanged => [new Published.ReferralOwnerChanged(Facts((Referral)state!))],
        ReferralClockMoved => [new Published.ReferralClockMoved(Facts((Referral)state!))],
        ReferralSteppedUp e => [new Published.UrgentStepUpMade(Facts((Referral)state!), e.VisitId, e.Route, e.ConfirmBy)],
        EmergencyRouteTaken e => [new Published.EmergencyRouteTaken(Facts((Referral)state!), e.Cause, e.EscalatedTo)],
        ReferralReopened => [new Published.ReferralReopened(Facts((Referral)state!))],
        PatientArrived e => [new Published.PatientArrived(Facts((Referral)state!), e.Admitted)],
        ReferralNoShow => [new Published.ReferralNoShow(Facts((Referral)state!))],
        OutcomeReturned e => [new Published.OutcomeReturned(Facts((Referral)state!), Small(e.Disposition), e.FollowUpDueBy)],
        ReferralClosed e => [new Published.ReferralClosed(Facts((Referral)state!), e.ClosedLoop)],
        DownReferralProposed => [new Published.DownReferralProposed(Facts((DownReferral)state!))],
        DownReferralAccepted => [new Published.DownReferralAccepted(Facts((DownReferral)state!))],
        DownReferralDeclined e => [new Published.DownReferralDeclined(Facts((DownReferral)state!), e.Reason)],
        DownReferralReassigned e => [new Published.DownReferralReassigned(Facts((DownReferral)state!), e.FromOrg, e.Reason)],
        DownReferralOverdue e => [new Published.DownReferralOverdue(Facts((DownReferral)state!), e.Level, e.EscalatedTo)],
        FirstContactMade e => [new Published.FirstContactMade(Facts((DownReferral)state!), Small(e.Mode), e.At)],
        DownReferralRehomed => [new Published.DownReferralOwnerChanged(Facts((DownReferral)state!))],
        DownReferralReopened => [new Published.DownReferralReopened(Facts((DownReferral)state!))],
        DownReferralOwnerChanged => [new Published.DownReferralOwnerChanged(Facts((DownReferral)state!))],
        DownReferralCancelled => [new Published.DownReferralClosed(Facts((DownReferral)state!))],
        DownReferralClosed => [new Published.DownReferralClosed(Facts((DownReferral)state!))],
        ExamSlotHeld => [new Published.ExamBooked(Facts((Exam)state!))],
        ExamConfirmed => [new Published.ExamConfirmed(Facts((Exam)state!))],
        ExamArrived => [new Published.ExamArrived(Facts((Exam)state!))],
        ExamPerformed => [new Published.ExamPerformed(Facts((Exam)state!))],
        ExamReportReturned e => [new Published.ExamReportReturned(Facts((Exam)state!), e.Critical)],
        CriticalResultFlagged e => [new Published.CriticalResultFlagged(Facts((Exam)state!), e.AcknowledgeBy)],
        CriticalResultOverdue e => [new Published.CriticalResultOverdue(Facts((Exam)state!), e.Level, e.EscalatedTo)],
        ExamCriticalAcknowledged => [new Published.ExamCriticalAcknowledged(Facts((Exam)state!))],
        ExamAcknowledged => [new Published.ExamAcknowledged(Facts((Exam)state!))],
        ExamOwnerChanged => [new Published.ExamOwnerChanged(Facts((Exam)state!))],
        ExamRebookRequired e => [new Published.ExamRebookRequired(Facts((Exam)state!), e.Cause)],
        ExamRescheduled => [new Published.ExamRescheduled(Facts((Exam)state!))],
        ExamReopened => [new Published.ExamReopened(Facts((Exam)state!))],
        ExamNoShow => [new Published.ExamNoShow(Facts((Exam)state!))],
        ExamRejected e => [new Published.ExamRejected(Facts((Exam)state!), e.Reason)],
        ExamCancelled e => [new Published.ExamCancelled(Facts((Exam)state!), e.Reason)],
        _ => [],
    };

    private static Published.QuotaFacts Facts(QuotaBook b) =>
        new(b.HospitalId, b.Service, b.Date, b.Pools.FamilyDoctor, b.Pools.Urgent, b.Pools.Public, b.ReleaseAt);

    private static Published.ReferralFacts Facts(Referral r) => new(
        r.Id, r.Number, r.Draft.ResidentId, r.Draft.ContractId, r.Draft.TeamId, r.Draft.FromOrg, r.Draft.DistrictCode, r.HospitalId,
        r.Draft.Service, Small(r.Draft.Priority), r.Status.ToString(), r.OwnerOrganizationId, r.SubmittedAt, r.DueAt, r.RespondedAt,
        r.Slot?.Start, r.ArrivedAt);

    private static Published.DownReferralFacts Facts(DownReferral d) => new(
        d.Proposal.DownReferralId, Ids.Human('R', d.Proposal.DownReferralId), d.Proposal.ResidentId, d.Proposal.ContractId, d.TeamId,
        d.InstitutionId, d.DistrictCode, d.Proposal.HospitalId, d.Status.ToString(), d.OwnerOrganizationId, d.Proposal.FamilyBedSuggested,
        d.Proposal.ProposedAt, d.Proposal.ContactWithin, d.Proposal.UpReferralId);

    private static Published.ExamFacts Facts(Exam x) => new(
        x.Request.ExamId, x.Request.ResidentId, x.Request.ContractId, x.Request.TeamId, x.Request.InstitutionId, x.Request.DistrictCode,
        x.Request.HospitalId, x.Request.Modality, x.Request.BodySite, x.Status.ToString(), x.Request.RequestedAt, x.Slot!.Start);

    // The published language writes such codes with a small letter.
    private static string Small<TEnum>(TEnum code) where TEnum : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(code.ToString());
}
