using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Quotas;

/// <summary>A slot was held for a referral that was not sent in time: it is free again.</summary>
public static class ExpireHolds
{
    public static IEnumerable<DomainEvent> Decide(QuotaBook? book, Moment at)
    {
        if (book is null)
            yield break;
        foreach (var (holdId, taken) in book.Taken.Where(t => t.Value.ExpiresAt <= at.Now).OrderBy(t => t.Value.Slot))
        {
            yield return new SlotHoldExpired(holdId, taken.Slot, taken.Pool);
            if (book.Released && taken.Pool is Pool.FamilyDoctor)
                yield return new PoolReleasedToPublic(1);
        }
    }
}
