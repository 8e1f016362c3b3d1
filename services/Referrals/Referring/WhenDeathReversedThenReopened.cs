using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Policies;
using FamilyDoctor.Referrals.Returning;
using FamilyDoctor.Referrals.Viewing;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>A death was told in error: for some weeks what it cancelled is taken up again, though slots that others have meanwhile are theirs.</summary>
public sealed class WhenDeathReversedThenReopened(Runner runner, IEventStore store, CasesOfResident cases, Copies<KnownDeath> deaths)
    : IReaction<ResidentDeathReversed>
{
    public async Task React(ResidentDeathReversed message, Envelope cause, CancellationToken ct)
    {
        var residentId = message.ResidentId;
        await deaths.Apply(residentId, message.StreamVersion, new(false, message.OccurredAt), ct);
        if (await deaths.Find(residentId, ct) is { IsDead: true })
            return; // he died since
        foreach (var (kind, id) in await cases.Of(residentId, ct))
        {
            if (kind is CaseKind.Referral)
                await runner.Execute<Referral, ResidentReferrals>(id, ResidentReferrals.StreamOf(residentId), cause, Decide, ct);
            else if (kind is CaseKind.WayBack)
                await runner.Execute<DownReferral>(id, cause, Decide, ct);
            else if ((await store.Load<Exam>(id, ct)).State is { Slot: { } slot })
                await runner.Execute<Exam, ExamBook, ResidentExams>(id, slot.BookId, ResidentExams.StreamOf(residentId), cause, Decide, ct);
        }
    }

    public static (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Others) Decide(Referral? referral, ResidentReferrals? others, Moment at)
    {
        if (referral is not { Status: ReferralStatus.Cancelled, ByDeath: { } ended } || !ended.MayReopen(at)
            || ResidentReferrals.UnderWay(others, referral.Draft.Service) is not null)
            return ([], []); // or he was referred anew since
        return ([new ReferralReopened(referral.Id, ended.Status is ReferralStatus.Prefilled or ReferralStatus.Draft)],
            ended.Status is ReferralStatus.Prefilled ? [] : [ResidentReferrals.Opened(others, referral.Id, referral.Draft.Service)]);
    }

    public static IEnumerable<DomainEvent> Decide(DownReferral? down, Moment at) =>
        down is { Status: DownReferralStatus.Closed, ByDeath: { } ended } && ended.MayReopen(at)
            ? [new DownReferralReopened(down.Proposal.DownReferralId,
                ended.Status is DownReferralStatus.FollowUpScheduled ? null : at.Now + ProposeDownReferral.AcceptWithin)]
            : [];

    /// <summary>An exam whose slot somebody else has now is asked for anew.</summary>
    public static (IEnumerable<DomainEvent> Exam, IEnumerable<DomainEvent> Book, IEnumerable<DomainEvent> Others) Decide(
        Exam? exam, ExamBook? book, ResidentExams? others, Moment at)
    {
        if (exam is not { Status: ExamStatus.Cancelled, ByDeath: { } ended, Slot: { } slot } || !ended.MayReopen(at)
            || book?.Again(slot.Start, exam.Request.ExamId, at.Now) is not { } taken)
            return ([], [], []);
        return ([new ExamReopened(exam.Request.ExamId)], [taken], [new ExamPlanned(exam.Request.ExamId, book.Modality, exam.Request.BodySite, book.Date)]);
    }
}
