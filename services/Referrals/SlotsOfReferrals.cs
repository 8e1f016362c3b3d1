using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals;

/// <summary>Decides on a referral together with the day its slot is on and the resident's other referrals.</summary>
public sealed class SlotsOfReferrals(Runner runner, IEventStore store)
{
    public delegate (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book, IEnumerable<DomainEvent> Others) Decision(
        Referral? referral, QuotaBook? book, ResidentReferrals? others, Moment at);

    /// <summary>On the day the referral holds a slot of, if any.</summary>
    public Task<Done> Execute(Guid referralId, Envelope envelope, Decision decide, CancellationToken ct) =>
        OnCurrentSlot(referralId, referral =>
        {
            var others = ResidentReferrals.StreamOf(referral.Draft.ResidentId);
            return referral.Slot?.BookId is { } bookId
                ? runner.Execute<Referral, QuotaBook, ResidentReferrals>(referralId, bookId, others, envelope, (r, b, o, at) =>
                    r?.Slot?.BookId == bookId ? decide(r, b, o, at) : throw new SlotMoved(), ct)
                : runner.Execute<Referral, ResidentReferrals>(referralId, others, envelope, (r, o, at) =>
                {
                    if (r?.Slot is not null)
                        throw new SlotMoved();
                    var (own, _, guard) = decide(r, null, o, at);
                    return (own, guard);
                }, ct);
        }, ct);

    /// <summary>On another day than now; the old slot, if any, is given back in the same moment.</summary>
    public Task<Done> ExecuteOn(
        Func<Referral, Guid> newDay, Guid referralId, Envelope envelope,
        Func<Referral?, QuotaBook?, Moment, (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book)> decide, CancellationToken ct) =>
        OnCurrentSlot(referralId, referral =>
        {
            var (day, old) = (newDay(referral), referral.Slot?.BookId);
            return old is { } left && left != day
                ? runner.Execute<Referral, QuotaBook, QuotaBook>(referralId, day, left, envelope, (r, b, before, at) =>
                {
                    if (r?.Slot?.BookId != old)
                        throw new SlotMoved();
                    var (own, book) = decide(r, b, at);
                    var taken = book.ToList(); // whoever gets no other slot keeps his
                    return (own, taken, taken.Count == 0 ? [] : QuotaBook.Release(before, referralId));
                }, ct)
                : runner.Execute<Referral, QuotaBook>(referralId, day, envelope, (r, b, at) =>
                    r?.Slot?.BookId == old ? decide(r, b, at) : throw new SlotMoved(), ct);
        }, ct);

    private async Task<Done> OnCurrentSlot(Guid referralId, Func<Referral, Task<Done>> execute, CancellationToken ct)
    {
        for (var attempt = 0; ; attempt++)
        {
            var (referral, _) = await store.Load<Referral>(referralId, ct);
            try
            {
                return await execute(referral ?? throw new UnknownId());
            }
            catch (SlotMoved) when (attempt < 5)
            {
                // Somebody chose another day meanwhile; look again.
            }
        }
    }

    private sealed class SlotMoved() : Exception("The referral's slot is on another day now.");
}
