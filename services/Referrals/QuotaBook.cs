using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Referrals.Quotas;

namespace FamilyDoctor.Referrals;

/// <param name="FirstSlot">When the first slot begins; the others follow without gap.</param>
/// <param name="ReleaseAt">What family doctors have not taken by then goes to the public.</param>
public sealed record QuotaPublished(
    Guid HospitalId, string Service, DateOnly Date, DateTimeOffset FirstSlot, int SlotMinutes, PoolSizes Pools, DateTimeOffset ReleaseAt) : DomainEvent;
public sealed record QuotaShortfallDetected(double PublishedPercent, double RequiredPercent, int LeadDays, int RequiredLeadDays) : DomainEvent;
/// <param name="HoldId">The referral's id: a referral holds one slot at most.</param>
public sealed record SlotHeld(Guid HoldId, int Slot, Pool Pool, DateTimeOffset ExpiresAt) : DomainEvent;
/// <summary>The referral was sent: the hold stands until the hospital answers.</summary>
public sealed record SlotRequested(Guid HoldId) : DomainEvent;
public sealed record SlotHoldExpired(Guid HoldId, int Slot, Pool Pool) : DomainEvent;
public sealed record SlotReleased(Guid HoldId, int Slot, Pool Pool) : DomainEvent;
public sealed record SlotBooked(Guid HoldId, int Slot, Pool Pool) : DomainEvent;
public sealed record PoolReleasedToPublic(int Count) : DomainEvent;

/// <summary>How many slots of a day each pool has.</summary>
public sealed record PoolSizes(int FamilyDoctor, int Urgent, int Public)
{
    [JsonIgnore] public int Total => FamilyDoctor + Urgent + Public;

    public int Of(Pool pool) => pool switch { Pool.FamilyDoctor => FamilyDoctor, Pool.Urgent => Urgent, _ => Public };
}

[JsonConverter(typeof(JsonStringEnumConverter<Pool>))]
public enum Pool { FamilyDoctor, Urgent, Public }

/// <param name="ExpiresAt">Null once the referral was sent.</param>
public sealed record TakenSlot(int Slot, Pool Pool, DateTimeOffset? ExpiresAt, bool IsBooked);

/// <summary>A hospital's slots of one service on one day: what is held and booked never exceeds what a pool has.</summary>
/// <param name="Taken">By hold.</param>
public sealed record QuotaBook(
    Guid HospitalId, string Service, DateOnly Date, DateTimeOffset FirstSlot, int SlotMinutes, PoolSizes Pools, DateTimeOffset ReleaseAt,
    bool Released, ImmutableDictionary<Guid, TakenSlot> Taken) : IState<QuotaBook>
{
    public static Guid StreamOf(Guid hospitalId, string service, DateOnly date) => Ids.Of($"QuotaBook:{hospitalId}:{Codes.Check(service)}:{date:O}");

    public static QuotaBook Evolve(QuotaBook? book, DomainEvent @event) => (book, @event) switch
    {
        (null, QuotaPublished e) => new(
            e.HospitalId, e.Service, e.Date, e.FirstSlot, e.SlotMinutes, e.Pools, e.ReleaseAt, false, ImmutableDictionary<Guid, TakenSlot>.Empty),
        ({ } b, QuotaShortfallDetected) => b,
        ({ } b, SlotHeld e) => b with { Taken = b.Taken.Add(e.HoldId, new(e.Slot, e.Pool, e.ExpiresAt, false)) },
        ({ } b, SlotRequested e) => b with { Taken = b.Taken.SetItem(e.HoldId, b.Taken[e.HoldId] with { ExpiresAt = null }) },
        ({ } b, SlotBooked e) => b with { Taken = b.Taken.SetItem(e.HoldId, b.Taken[e.HoldId] with { ExpiresAt = null, IsBooked = true }) },
        ({ } b, SlotHoldExpired e) when b.Taken.ContainsKey(e.HoldId) => b with { Taken = b.Taken.Remove(e.HoldId) },
        ({ } b, SlotReleased e) when b.Taken.ContainsKey(e.HoldId) => b with { Taken = b.Taken.Remove(e.HoldId) },
        ({ } b, PoolReleasedToPublic e) => b with
        {
            Released = true,
            Pools = b.Pools with { FamilyDoctor = b.Pools.FamilyDoctor - e.Count, Public = b.Pools.Public + e.Count },
        },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow on the quota of {book?.Service} on {book?.Date}."),
    };

    public static IEnumerable<Deadline> Deadlines(QuotaBook book)
    {
        if (!book.Released)
            yield return new(nameof(ReleasePoolToPublic), book.ReleaseAt);
        if (book.Taken.Values.Min(t => t.ExpiresAt) is { } first)
            yield return new(nameof(ExpireHolds), first);
    }

    public int Free(Pool pool) => Pools.Of(pool) - Taken.Values.Count(t => t.Pool == pool);

    public DateTimeOffset StartOf(int slot) => FirstSlot.AddMinutes(slot * SlotMinutes);

    /// <summary>The first slot that has not begun and the pool that gives it, or null.</summary>
    public (int Slot, Pool Pool)? FirstFree(ReferralPriority priority, bool contracted, DateTimeOffset now)
    {
        var taken = Taken.Values.Select(t => t.Slot).ToHashSet();
        var slot = Enumerable.Range(0, Pools.Total).Cast<int?>().FirstOrDefault(s => !taken.Contains(s!.Value) && StartOf(s.Value) >= now);
        var pool = PoolsFor(priority, contracted).Cast<Pool?>().FirstOrDefault(p => Free(p!.Value) > 0);
        return slot is { } s && pool is { } p ? (s, p) : null;
    }

    /// <summary>The events that keep a slot for a referral; refuses when there is none.</summary>
    public static SlotHeld Hold(QuotaBook? book, Guid holdId, ReferralPriority priority, bool contracted, Moment at)
    {
        if (book is null)
            throw new RuleBroken("QUOTA_EXHAUSTED", "The hospital has no slots of this service on this day.");
        if (book.StartOf(book.Pools.Total - 1) < at.Now)
            throw new RuleBroken("POOL_CLOSED", "The last slot of this day has begun.", new { book.Date });
        return book.FirstFree(priority, contracted, at.Now) is var (slot, pool)
            ? new SlotHeld(holdId, slot, pool, at.Now.AddMinutes(at.Policy.SlotHoldMinutes))
            : throw new RuleBroken("QUOTA_EXHAUSTED", "All slots of this day are taken.", new { book.Date });
    }

    /// <summary>The events that give a slot back; after the cut-off it is the public's.</summary>
    public static IEnumerable<DomainEvent> Release(QuotaBook? book, Guid holdId)
    {
        if (book is null || !book.Taken.TryGetValue(holdId, out var taken))
            return [];
        var released = new SlotReleased(holdId, taken.Slot, taken.Pool);
        return book.Released && taken.Pool is Pool.FamilyDoctor ? [released, new PoolReleasedToPublic(1)] : [released];
    }

    // Until the cut-off family doctors have slots of their own, then they book like everybody; only urgent cases have both.
    private IEnumerable<Pool> PoolsFor(ReferralPriority priority, bool contracted)
    {
        if (priority is not ReferralPriority.Routine)
            yield return Pool.Urgent;
        if (contracted)
            yield return Released ? Pool.Public : Pool.FamilyDoctor;
    }
}
