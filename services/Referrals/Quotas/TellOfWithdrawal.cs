using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Quotas;

/// <summary>A hospital withdrew slots that patients had: each of their referrals needs another slot, and its family doctor hears of it.</summary>
public sealed class TellOfWithdrawal(Runner runner)
{
    public async Task Work(Guid bookId, Envelope by, CancellationToken ct)
    {
        var book = await runner.Look<QuotaBook>(bookId, ct);
        await Task.WhenAll((book?.Displaced.Keys ?? []).Select(id =>
            runner.Execute<Referral, QuotaBook>(id, bookId, by, (referral, current, _) => Decide(id, referral, current), ct)));
    }

    public static (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book) Decide(Guid id, Referral? referral, QuotaBook? book)
    {
        if (book is null || !book.Displaced.TryGetValue(id, out var reason))
            return ([], []);
        var lost = referral?.Slot is { } slot && book.IsWithdrawn(slot) && !book.Taken.ContainsKey(id);
        IEnumerable<DomainEvent> told = (lost, referral?.Status) switch
        {
            (true, ReferralStatus.Submitted or ReferralStatus.Scheduled) => [new ReferralRebookRequired(id, reason)],
            (true, ReferralStatus.InfoRequested) => [new ReferralSlotReleased(id)], // it comes back without a slot
            _ => [], // it has another one already, or needs none
        };
        return (told, [new WithdrawalTold(id)]);
    }
}
