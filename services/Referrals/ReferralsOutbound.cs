using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using Published = FamilyDoctor.IntegrationEvents.Referrals;

namespace FamilyDoctor.Referrals;

/// <summary>What Referrals tells the others.</summary>
public sealed class ReferralsOutbound : IOutbound
{
    public StreamKind? Needs(DomainEvent @event) => @event switch
    {
        QuotaPublished or PoolReleasedToPublic or QuotaShortfallDetected => StreamKind.Of<QuotaBook>(),
        ReferralSubmitted or ReferralFastTracked or ReferralScheduled or ReferralAuthorised or ReferralDeclined or ReferralCancelled or ReferralOverdue
            or ReferralClockMoved or PatientArrived or ReferralNoShow or OutcomeReturned or ReferralClosed => StreamKind.Of<Referral>(),
        DownReferralProposed or DownReferralAccepted or FirstContactMade or DownReferralClosed => StreamKind.Of<DownReferral>(),
        ExamSlotHeld or ExamConfirmed or ExamPerformed or ExamReportReturned or ExamCancelled => StreamKind.Of<Exam>(),
        _ => null,
    };

    public IEnumerable<IntegrationEvent> Map(Recorded recorded, object? state) => recorded.Event switch
    {
        QuotaPublished => [new Published.QuotaPublished(Facts((QuotaBook)state!))],
        PoolReleasedToPublic e => [new Published.PoolReleasedToPublic(Facts((QuotaBook)state!), e.Count)],
        QuotaShortfallDetected e =>
            [new Published.QuotaShortfallDetected(Facts((QuotaBook)state!), e.PublishedPercent, e.RequiredPercent, e.LeadDays)],
        ReferralSubmitted => [new Published.ReferralSubmitted(Facts((Referral)state!))],
        ReferralFastTracked => [new Published.ReferralScheduled(Facts((Referral)state!), FastTracked: true)],
        ReferralScheduled => [new Published.ReferralScheduled(Facts((Referral)state!), FastTracked: false)],
        // The insurer is not asked about the past.
        ReferralAuthorised e when recorded.Headers.Channel != "import" => [new Published.ReferralAuthorised(Facts((Referral)state!), e.ValidTo)],
        ReferralDeclined e => [new Published.ReferralDeclined(Facts((Referral)state!), e.Reason)],
        ReferralCancelled e => [new Published.ReferralCancelled(Facts((Referral)state!), e.By, e.Reason)],
        ReferralOverdue e => [new Published.ReferralOverdue(Facts((Referral)state!), e.Level, e.EscalatedTo)],
        ReferralClockMoved => [new Published.ReferralClockMoved(Facts((Referral)state!))],
        PatientArrived e => [new Published.PatientArrived(Facts((Referral)state!), e.Admitted)],
        ReferralNoShow => [new Published.ReferralNoShow(Facts((Referral)state!))],
        OutcomeReturned e => [new Published.OutcomeReturned(Facts((Referral)state!), Small(e.Disposition), e.FollowUpDueBy)],
        ReferralClosed e => [new Published.ReferralClosed(Facts((Referral)state!), e.ClosedLoop)],
        DownReferralProposed => [new Published.DownReferralProposed(Facts((DownReferral)state!))],
        DownReferralAccepted => [new Published.DownReferralAccepted(Facts((DownReferral)state!))],
        FirstContactMade e => [new Published.FirstContactMade(Facts((DownReferral)state!), Small(e.Mode), e.At)],
        DownReferralClosed => [new Published.DownReferralClosed(Facts((DownReferral)state!))],
        ExamSlotHeld => [new Published.ExamBooked(Facts((Exam)state!))],
        ExamConfirmed => [new Published.ExamConfirmed(Facts((Exam)state!))],
        ExamPerformed => [new Published.ExamPerformed(Facts((Exam)state!))],
        ExamReportReturned e => [new Published.ExamReportReturned(Facts((Exam)state!), e.Critical)],
        ExamCancelled e => [new Published.ExamCancelled(Facts((Exam)state!), e.Reason)],
        _ => [],
    };

    private static Published.QuotaFacts Facts(QuotaBook b) =>
        new(b.HospitalId, b.Service, b.Date, b.Pools.FamilyDoctor, b.Pools.Urgent, b.Pools.Public, b.ReleaseAt);

    private static Published.ReferralFacts Facts(Referral r) => new(
        r.Id, r.Number, r.Draft.ResidentId, r.Draft.ContractId, r.Draft.TeamId, r.Draft.FromOrg, r.Draft.DistrictCode, r.Draft.HospitalId,
        r.Draft.Service, Small(r.Draft.Priority), r.Status.ToString(), r.OwnerOrganizationId, r.SubmittedAt, r.ResponseDueAt, r.RespondedAt,
        r.Slot?.Start, r.ArrivedAt);

    private static Published.DownReferralFacts Facts(DownReferral d) => new(
        d.Proposal.DownReferralId, Ids.Human('R', d.Proposal.DownReferralId), d.Proposal.ResidentId, d.Proposal.ContractId, d.Proposal.TeamId,
        d.Proposal.ToOrg, d.Proposal.DistrictCode, d.Proposal.HospitalId, d.Status.ToString(), d.OwnerOrganizationId, d.Proposal.FamilyBedSuggested,
        d.Proposal.ProposedAt, d.Proposal.ContactWithin, d.Proposal.UpReferralId);

    private static Published.ExamFacts Facts(Exam x) => new(
        x.Request.ExamId, x.Request.ResidentId, x.Request.ContractId, x.Request.TeamId, x.Request.InstitutionId, x.Request.DistrictCode,
        x.Request.HospitalId, x.Request.Modality, x.Request.BodySite, x.Status.ToString(), x.Request.RequestedAt, x.Slot!.Start);

    // The published language writes such codes with a small letter.
    private static string Small<TEnum>(TEnum code) where TEnum : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(code.ToString());
}
