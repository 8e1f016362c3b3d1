using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Approving;

/// <summary>A seat became free: the first in line has his bed approved, without anybody asking.</summary>
public static class GiveFreedSeat
{
    public static (IEnumerable<DomainEvent> Bed, IEnumerable<DomainEvent> Capacity) Decide(FamilyBed? bed, BedCapacity? capacity)
    {
        if (bed?.Terms is not { } terms || capacity?.Next?.BedId != bed.Id)
            return ([], []); // somebody else was faster
        return (
            [new BedApproved(bed.Id, bed.Request.Type, terms.PeriodDays, terms.GpId, terms.NurseId, terms.InsurerAuthRef)],
            [new BedWaitlistLeft(capacity.InstitutionId, bed.Id), new BedSeatReserved(capacity.InstitutionId, bed.Id)]);
    }

    /// <summary>Gives every free seat of an institution, one after the other.</summary>
    public static async Task All(Guid capacityId, Envelope by, Runner runner, IEventStore store, CancellationToken ct)
    {
        while ((await store.Load<BedCapacity>(capacityId, ct)).State?.Next is { } next)
            await runner.Execute<FamilyBed, BedCapacity>(next.BedId, capacityId, by, (bed, capacity, _) => Decide(bed, capacity), ct);
    }
}
