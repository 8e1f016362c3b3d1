using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Policies;
using FamilyDoctor.Referrals.Examining;
using FamilyDoctor.Referrals.Viewing;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>A resident died: whatever was still to come for him is cancelled, and its slots are others'.</summary>
public sealed class WhenResidentDiedThenCancelled(
    Runner runner, IEventStore store, SlotsOfReferrals slots, CasesOfResident cases, Copies<KnownDeath> deaths) : IReaction<ResidentDied>
{
    public async Task React(ResidentDied message, Envelope cause, CancellationToken ct)
    {
        await deaths.Apply(message.ResidentId, message.StreamVersion, new(true, message.OccurredAt), ct);
        if (await deaths.Find(message.ResidentId, ct) is { IsDead: false })
            return; // it was told in error, as is known already
        foreach (var (kind, id) in await cases.Of(message.ResidentId, ct))
        {
            if (kind is CaseKind.Referral)
                await slots.Execute(id, cause, (referral, book, _, at) => Decide(referral, book, cause.Actor, at), ct);
            else if (kind is CaseKind.WayBack)
                await runner.Execute<DownReferral>(id, cause, Decide, ct);
            else if ((await store.Load<Exam>(id, ct)).State is { Slot: { } slot })
                await runner.Execute<Exam, ExamBook, ResidentExams>(id, slot.BookId, ResidentExams.StreamOf(message.ResidentId), cause,
                    (exam, book, _, at) => Decide(exam, book, cause.Actor, at), ct);
        }
    }

    public static (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book, IEnumerable<DomainEvent> Others) Decide(
        Referral? referral, QuotaBook? book, Actor by, Moment at) =>
        referral is not null && Referral.BeforeArrival.Contains(referral.Status)
            ? new CancelReferral(EndedByDeath.Reason).Decide(referral, book, by, at.Now) : ([], [], []);

    public static IEnumerable<DomainEvent> Decide(DownReferral? down, Moment at) =>
        down is { Status: not DownReferralStatus.Closed } ? [new DownReferralCancelled(down.Proposal.DownReferralId, EndedByDeath.Reason, at.Now)] : [];

    public static (IEnumerable<DomainEvent> Exam, IEnumerable<DomainEvent> Book, IEnumerable<DomainEvent> Others) Decide(
        Exam? exam, ExamBook? book, Actor by, Moment at) =>
        exam is { Status: ExamStatus.Held or ExamStatus.Confirmed or ExamStatus.RebookRequired }
            ? new CancelExam(EndedByDeath.Reason).Decide(exam, book, by, at.Now) : ([], [], []);
}
