using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds;

/// <summary>Another institution keeps what was one's; what it was before stands in the history.</summary>
public sealed record BedHome(Guid From, Guid To, string DistrictCode)
{
    /// <summary>So many beds as the one was approved for, the other may keep more.</summary>
    public (IEnumerable<DomainEvent> Old, IEnumerable<DomainEvent> Next) MoveCapacity(BedCapacity? old, BedCapacity? next, Moment at)
    {
        if (old is null || BedCapacity.Open(old) is not { Approved: > 0 and var approved })
            return ([], []); // there is nothing, or it has moved already
        var (opened, known) = Known(next, at);
        return ([new BedCapacitySet(From, old.DistrictCode, 0, at.Now)], [.. opened, new BedCapacitySet(To, known.DistrictCode, known.Approved + approved, at.Now)]);
    }

    /// <summary>A bed keeps its seat or its place in line, also beyond what was approved.</summary>
    public (IEnumerable<DomainEvent> Bed, IEnumerable<DomainEvent> Old, IEnumerable<DomainEvent> Next) Move(
        FamilyBed? bed, BedCapacity? old, BedCapacity? next, Moment at)
    {
        if (bed is not { IsOver: false } || bed.Request.InstitutionId != From)
            return ([], [], []);
        DomainEvent[] moved = [new BedRehomed(bed.Id, From, To, DistrictCode)];
        if (bed.Stage is BedStatus.Approved || bed.IsInCare)
            return (moved, [new BedSeatReleased(BedCapacity.Open(old).InstitutionId, bed.Id, at.Now)], [.. Known(next, at).Opened, new BedSeatReserved(To, bed.Id)]);
        if (bed.Stage is BedStatus.Waitlisted && BedCapacity.Open(old).Waiting.Find(w => w.BedId == bed.Id) is { } place)
            return (moved, [new BedWaitlistLeft(From, bed.Id)], [.. Known(next, at).Opened, new BedWaitlistJoined(To, place)]);
        return (moved, [], []);
    }

    public IEnumerable<DomainEvent> Move(HomeVisit? visit) =>
        visit is { IsOpen: true } or { IsUnderWay: true } && visit.Plan.InstitutionId == From ? [new VisitRehomed(visit.Id, To, DistrictCode)] : [];

    public IEnumerable<DomainEvent> Move(DischargeBedOffer? offer) =>
        offer is { Status: OfferStatus.Open } && offer.Offer.InstitutionId == From ? [new DischargeBedOfferRehomed(offer.Offer.OfferId, To, DistrictCode)] : [];

    private (IEnumerable<DomainEvent> Opened, BedCapacity Ledger) Known(BedCapacity? next, Moment at)
    {
        if (next is not null)
            return ([], BedCapacity.Open(next));
        var opened = new BedCapacityOpened(To, DistrictCode, at.Today.Year, 0, 0, at.Now, []);
        return ([opened], BedCapacity.Evolve(null, opened));
    }
}
