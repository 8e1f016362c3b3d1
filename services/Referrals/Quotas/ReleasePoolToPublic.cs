using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Quotas;

/// <summary>Two days before, the slots that family doctors have not taken go to the public.</summary>
public static class ReleasePoolToPublic
{
    public static IEnumerable<DomainEvent> Decide(QuotaBook? book, Moment at) =>
        book is { Released: false } && book.ReleaseAt <= at.Now ? [new PoolReleasedToPublic(book.Free(Pool.FamilyDoctor))] : [];
}
