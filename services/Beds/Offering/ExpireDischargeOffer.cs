using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Offering;

/// <summary>Nobody answered the offer of a bed in time: it expires, and the clinic calls instead.</summary>
public static class ExpireDischargeOffer
{
    public static IEnumerable<DomainEvent> Decide(DischargeBedOffer? offer, Moment at) =>
        offer is { Status: OfferStatus.Open } && offer.Offer.ExpiresAt <= at.Now ? [new DischargeBedOfferExpired(offer.Offer.OfferId)] : [];
}
