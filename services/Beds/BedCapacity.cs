using System.Collections.Immutable;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds;

public sealed record BedCapacityOpened(
    Guid InstitutionId, string DistrictCode, int Year, int Approved, int Taken, DateTimeOffset FreedAt, IReadOnlyList<WaitingBed> Waiting) : DomainEvent;
public sealed record BedCapacitySet(Guid InstitutionId, string DistrictCode, int Approved, DateTimeOffset SetAt) : DomainEvent;
public sealed record BedSeatReserved(Guid InstitutionId, Guid BedId) : DomainEvent;
public sealed record BedSeatReleased(Guid InstitutionId, Guid BedId, DateTimeOffset ReleasedAt) : DomainEvent;
public sealed record BedWaitlistJoined(Guid InstitutionId, WaitingBed Bed) : DomainEvent;
public sealed record BedWaitlistLeft(Guid InstitutionId, Guid BedId) : DomainEvent;
public sealed record BedCapacityClosed(Guid InstitutionId, int Year, int Taken) : DomainEvent;

/// <param name="Barthel">The need: whoever depends most on help comes first, then whoever waits longest.</param>
public sealed record WaitingBed(Guid BedId, int Barthel, DateTimeOffset Since);

/// <summary>An institution's family beds in one year: a seat is taken from the approval to the end of the episode.</summary>
/// <param name="FreedAt">When a seat last became free: the moment at which the next in line gets it.</param>
public sealed record BedCapacity(
    Guid InstitutionId, string DistrictCode, int Year, int Approved, int Taken, DateTimeOffset FreedAt, ImmutableList<WaitingBed> Waiting,
    bool IsClosed) : ILedger<BedCapacity>
{
    public int Free => Approved - Taken;

    /// <summary>Who gets the free seat now.</summary>
    public WaitingBed? Next => !IsClosed && Free > 0 ? Waiting.FirstOrDefault() : null;

    public static Guid StreamOf(Guid subject, int year) => Ids.Of($"BedCapacity:{subject}:{year}");

    public static (DomainEvent Closed, DomainEvent Opened) Turn(BedCapacity closing, int nextYear) => (
        new BedCapacityClosed(closing.InstitutionId, closing.Year, closing.Taken),
        new BedCapacityOpened(closing.InstitutionId, closing.DistrictCode, nextYear, closing.Approved, closing.Taken, closing.FreedAt, closing.Waiting));

    public static BedCapacity Evolve(BedCapacity? capacity, DomainEvent @event) => (capacity, @event) switch
    {
        (null, BedCapacityOpened e) => new(e.InstitutionId, e.DistrictCode, e.Year, e.Approved, e.Taken, e.FreedAt, [.. e.Waiting], false),
        ({ IsClosed: false } c, BedCapacitySet e) => c with { DistrictCode = e.DistrictCode, Approved = e.Approved, FreedAt = e.SetAt },
        ({ IsClosed: false } c, BedSeatReserved) => c with { Taken = c.Taken + 1 },
        ({ IsClosed: false, Taken: > 0 } c, BedSeatReleased e) => c with { Taken = c.Taken - 1, FreedAt = e.ReleasedAt },
        ({ IsClosed: false } c, BedWaitlistJoined e) => c with { Waiting = c.Waiting.Insert(c.RankOf(e.Bed.Barthel) - 1, e.Bed) },
        ({ IsClosed: false } c, BedWaitlistLeft e) => c with { Waiting = c.Waiting.RemoveAll(w => w.BedId == e.BedId) },
        ({ IsClosed: false } c, BedCapacityClosed) => c with { IsClosed = true },
        _ => throw new InvalidOperationException(
            $"{@event.GetType().Name} cannot follow on the bed capacity of {capacity?.InstitutionId} in {capacity?.Year}."),
    };

    public static IEnumerable<Deadline> Deadlines(BedCapacity capacity) =>
        capacity.Next is null ? [] : [new(nameof(Approving.GiveFreedSeat), capacity.FreedAt)];

    /// <summary>The place in line that somebody of this need takes now; 1 is next.</summary>
    public int RankOf(int barthel) => Waiting.Count(w => w.Barthel <= barthel) + 1;

    /// <summary>The events that take a seat for a bed; refuses with the place in line when there is none.</summary>
    public static IEnumerable<DomainEvent> Reserve(BedCapacity? capacity, Guid bedId, int barthel)
    {
        if (capacity is null)
            throw new RuleBroken("BED_CAPACITY_FULL", "This institution keeps no family beds.", new { approved = 0, waitlistRank = (int?)null });
        var open = Open(capacity);
        if (open.Free > 0)
            return [new BedSeatReserved(open.InstitutionId, bedId)];
        var waiting = open.Waiting.FindIndex(w => w.BedId == bedId);
        throw new RuleBroken("BED_CAPACITY_FULL", "All family beds of this institution are taken.",
            new { open.Approved, waitlistRank = waiting >= 0 ? waiting + 1 : open.RankOf(barthel) });
    }

    /// <summary>The ledger that counts now; a closed one sends the command to the next.</summary>
    public static BedCapacity Open(BedCapacity? capacity) => capacity switch
    {
        null => throw new InvalidOperationException("A seat was taken, so its ledger exists."),
        { IsClosed: true } => throw new LedgerTurned(),
        _ => capacity,
    };
}
