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
/// <param name="Slots">Their places in the day, from 0.</param>
/// <param name="Pools">How many each pool loses.</param>
/// <param name="Taken">How many of these were held or booked.</param>
/// <param name="Holds">Whose slots they were.</param>
/// <param name="Referrals">Those of them that had been sent: each is told that it needs another slot.</param>
public sealed record SlotsWithdrawn(
    IReadOnlyList<int> Slots, PoolSizes Pools, PoolSizes Taken, IReadOnlyList<Guid> Holds, IReadOnlyList<Guid> Referrals, string Reason,
    DateTimeOffset At) : DomainEvent;
/// <summary>A referral whose slot was withdrawn has heard of it.</summary>
public sealed record WithdrawalTold(Guid ReferralId) : DomainEvent;

/// <summary>How many slots of a day each pool has.</summary>
public sealed record PoolSizes(int FamilyDoctor, int Urgent, int Public)
{
    [JsonIgnore] public int Total => FamilyDoctor + Urgent + Public;

    public int Of(Pool pool) => pool switch { Pool.FamilyDoctor => FamilyDoctor, Pool.Urgent => Urgent, _ => Public };

    public PoolSizes Less(PoolSizes other) => new(FamilyDoctor - other.FamilyDoctor, Urgent - other.Urgent, Public - other.Public);

    public PoolSizes With(Pool pool) => pool switch
    {
        Pool.FamilyDoctor => this with { FamilyDoctor = FamilyDoctor + 1 },
        Pool.Urgent => this with { Urgent = Urgent + 1 },
        _ => this with { Public = Public + 1 },
    };
}

[JsonConverter(typeof(JsonStringEnumConverter<Pool>))]
public enum Pool { FamilyDoctor, Urgent, Public }

/// <param name="ExpiresAt">Null once the referral was sent.</param>
public sealed record TakenSlot(int Slot, Pool Pool, DateTimeOffset? ExpiresAt, bool IsBooked);

/// <summary>A hospital's slots of one service on one day: what is held and booked never exceeds what a pool has.</summary>
/// <param name="Pools">What each has now; only a release and a withdrawal change it.</param>
/// <param name="Slots">How many were published, withdrawn ones among them.</param>
/// <param name="Taken">By hold.</param>
/// <param name="Displaced">Referrals whose slot was withdrawn and that have not heard of it, with the reason.</param>
public sealed record QuotaBook(
    Guid HospitalId, string Service, DateOnly Date, DateTimeOffset FirstSlot, int SlotMinutes, PoolSizes Pools, DateTimeOffset ReleaseAt,
    bool Released, ImmutableDictionary<Guid, TakenSlot> Taken, int Slots, ImmutableHashSet<int> Withdrawn,
    ImmutableDictionary<Guid, string> Displaced, DateTimeOffset? WithdrawnAt = null) : IState<QuotaBook>
{
    public static Guid StreamOf(Guid hospitalId, string service, DateOnly date) => Ids.Of($"QuotaBook:{hospitalId}:{Codes.Check(service)}:{date:O}");

    public static QuotaBook Evolve(QuotaBook? book, DomainEvent @event) => (book, @event) switch
    {
        (null, QuotaPublished e) => new(
            e.HospitalId, e.Service, e.Date, e.FirstSlot, e.SlotMinutes, e.Pools, e.ReleaseAt, false, ImmutableDictionary<Guid, TakenSlot>.Empty,
            e.Pools.Total, ImmutableHashSet<int>.Empty, ImmutableDictionary<Guid, string>.Empty),
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
        ({ } b, SlotsWithdrawn e) when !e.Slots.Any(b.Withdrawn.Contains) => b with
        {
            Pools = b.Pools.Less(e.Pools),
            Taken = b.Taken.RemoveRange(e.Holds),
            Withdrawn = b.Withdrawn.Union(e.Slots),
            Displaced = b.Displaced.SetItems(e.Referrals.Select(r => KeyValuePair.Create(r, e.Reason))),
            WithdrawnAt = e.At,
        },
        ({ } b, WithdrawalTold e) when b.Displaced.ContainsKey(e.ReferralId) => b with { Displaced = b.Displaced.Remove(e.ReferralId) },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow on the quota of {book?.Service} on {book?.Date}."),
    };

    public static IEnumerable<Deadline> Deadlines(QuotaBook book)
    {
        if (book.Displaced.Count > 0)
            yield return new(nameof(TellOfWithdrawal), book.WithdrawnAt!.Value);
        if (!book.Released)
            yield return new(nameof(ReleasePoolToPublic), book.ReleaseAt);
        if (book.Taken.Values.Min(t => t.ExpiresAt) is { } first)
            yield return new(nameof(ExpireHolds), first);
    }

    public int Free(Pool pool) => Pools.Of(pool) - Taken.Values.Count(t => t.Pool == pool);

    public DateTimeOffset StartOf(int slot) => FirstSlot.AddMinutes(slot * SlotMinutes);

    public bool IsWithdrawn(ChosenSlot slot) => slot.Date == Date && Withdrawn.Contains((int)((slot.Start - FirstSlot).TotalMinutes / SlotMinutes));

    /// <summary>Why a slot that was held is not there any more.</summary>
    public static RuleBroken WhyGone(QuotaBook? book, ChosenSlot slot) => book?.IsWithdrawn(slot) is true
        ? new("SLOT_WITHDRAWN", "The hospital has withdrawn this slot; another one must be held.", new { slot.Date })
        : new("HOLD_EXPIRED", "This slot is not held any more; another one must be held.", new { slot.Date });

    /// <summary>The first slot that has not begun and the pool that gives it, or null.</summary>
    public (int Slot, Pool Pool)? FirstFree(ReferralPriority priority, bool contracted, DateTimeOffset now)
    {
        var taken = Taken.Values.Select(t => t.Slot).ToHashSet();
        var slot = Enumerable.Range(0, Slots).Except(Withdrawn).Cast<int?>().FirstOrDefault(s => !taken.Contains(s!.Value) && StartOf(s.Value) >= now);
        var pool = PoolsFor(priority, contracted).Cast<Pool?>().FirstOrDefault(p => Free(p!.Value) > 0);
        return slot is { } s && pool is { } p ? (s, p) : null;
    }

    /// <summary>The events that keep a slot for a referral; refuses when there is none.</summary>
    public static SlotHeld Hold(QuotaBook? book, Guid holdId, ReferralPriority priority, bool contracted, Moment at)
    {
        if (book is null)
            throw new RuleBroken("QUOTA_EXHAUSTED", "The hospital has no slots of this service on this day.");
        if (book.StartOf(book.Slots - 1) < at.Now)
            throw new RuleBroken("POOL_CLOSED", "The last slot of this day has begun.", new { book.Date });
        return book.FirstFree(priority, contracted, at.Now) is var (slot, pool)
            ? new SlotHeld(holdId, slot, pool, at.Now.AddMinutes(at.Policy.SlotHoldMinutes))
            : throw new RuleBroken("QUOTA_EXHAUSTED", "All slots of this day are taken.", new { book.Date });
    }

    /// <summary>A slot of this day for a referral, and how the referral knows it.</summary>
    public static (SlotHeld Held, ChosenSlot Chosen) Choose(QuotaBook? book, Referral referral, Moment at)
    {
        var held = Hold(book, referral.Id, referral.Draft.Priority, contracted: referral.Draft.ContractId is not null, at);
        return (held, new(StreamOf(book!.HospitalId, book.Service, book.Date), book.Date, book.StartOf(held.Slot)));
    }

    /// <summary>The events that give a slot back; after the cut-off it is the public's.</summary>
    public static IEnumerable<DomainEvent> Release(QuotaBook? book, Guid holdId)
    {
        if (book is null || !book.Taken.TryGetValue(holdId, out var taken))
            return [];
        var released = new SlotReleased(holdId, taken.Slot, taken.Pool);
        return book.Released && taken.Pool is Pool.FamilyDoctor ? [released, new PoolReleasedToPublic(1)] : [released];
    }

    /// <summary>What is noted when family doctors have less than their share, or hear of the day too late.</summary>
    public static IEnumerable<QuotaShortfallDetected> Shortfall(PoolSizes pools, DateOnly date, Moment at, bool byLead)
    {
        var (percent, leadDays) = (pools.Total == 0 ? 0 : Math.Round(100.0 * pools.FamilyDoctor / pools.Total, 1), date.DayNumber - at.Today.DayNumber);
        if (percent < at.Policy.QuotaFamilyDoctorPercent || (byLead && leadDays < at.Policy.QuotaPublishLeadDays))
            yield return new(percent, at.Policy.QuotaFamilyDoctorPercent, leadDays, at.Policy.QuotaPublishLeadDays);
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
