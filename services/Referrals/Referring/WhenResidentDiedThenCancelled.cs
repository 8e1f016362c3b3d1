using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Referrals.Examining;
using FamilyDoctor.Referrals.Viewing;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>A resident died: whatever was still to come for him is cancelled, and its slots are others'.</summary>
public sealed class WhenResidentDiedThenCancelled(Runner runner, IEventStore store, SlotsOfReferrals slots, CasesOfResident cases) : IReaction<ResidentDied>
{
    private const string Reason = "residentDied";

    public async Task React(ResidentDied message, Envelope cause, CancellationToken ct)
    {
        foreach (var (kind, id) in await cases.Of(message.ResidentId, ct))
        {
            if (kind is CaseKind.Referral)
                await slots.Execute(id, cause, (referral, book, _, _) => Decide(referral, book, cause.Actor), ct);
            else if (kind is CaseKind.WayBack)
                await runner.Execute<DownReferral>(id, cause, (down, _) => Decide(down), ct);
            else if ((await store.Load<Exam>(id, ct)).State is { Slot: { } slot })
                await runner.Execute<Exam, ExamBook, ResidentExams>(id, slot.BookId, ResidentExams.StreamOf(message.ResidentId), cause,
                    (exam, book, _, _) => Decide(exam, book, cause.Actor), ct);
        }
    }

    public static (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book, IEnumerable<DomainEvent> Others) Decide(
        Referral? referral, QuotaBook? book, Actor by) =>
        referral is not null && Referral.BeforeArrival.Contains(referral.Status) ? new CancelReferral(Reason).Decide(referral, book, by) : ([], [], []);

    public static IEnumerable<DomainEvent> Decide(DownReferral? down) =>
        down is { Status: not DownReferralStatus.Closed } ? [new DownReferralCancelled(down.Proposal.DownReferralId, Reason)] : [];

    public static (IEnumerable<DomainEvent> Exam, IEnumerable<DomainEvent> Book, IEnumerable<DomainEvent> Others) Decide(Exam? exam, ExamBook? book, Actor by) =>
        exam is { Status: ExamStatus.Held or ExamStatus.Confirmed } ? new CancelExam(Reason).Decide(exam, book, by) : ([], [], []);
}
