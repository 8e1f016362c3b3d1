using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds;

/// <param name="DownReferralId">What brings him home: the way back, or without one the referral that he came with.</param>
public sealed record DischargeBedOffered(
    Guid OfferId, Guid ResidentId, Guid DownReferralId, Guid? TeamId, Guid InstitutionId, string DistrictCode, DateTimeOffset ExpiresAt) : DomainEvent;
public sealed record DischargeBedOfferAccepted(Guid OfferId, Guid BedId) : DomainEvent;
public sealed record DischargeBedOfferDeclined(Guid OfferId, string Reason) : DomainEvent;
public sealed record DischargeBedOfferExpired(Guid OfferId) : DomainEvent;
/// <summary>The institution that offered it is closed; another one does its work.</summary>
public sealed record DischargeBedOfferRehomed(Guid OfferId, Guid InstitutionId, string DistrictCode) : DomainEvent;

[JsonConverter(typeof(JsonStringEnumConverter<OfferStatus>))]
public enum OfferStatus { Open, Accepted, Declined, Expired }

/// <summary>A family bed offered to a resident who leaves hospital; open for some days.</summary>
public sealed record DischargeBedOffer(DischargeBedOffered Offer, OfferStatus Status, Guid? BedId) : IState<DischargeBedOffer>
{
    public static DischargeBedOffer Evolve(DischargeBedOffer? offer, DomainEvent @event) => (offer, @event) switch
    {
        (null, DischargeBedOffered e) => new(e, OfferStatus.Open, null),
        ({ Status: OfferStatus.Open } o, DischargeBedOfferAccepted e) => o with { Status = OfferStatus.Accepted, BedId = e.BedId },
        ({ Status: OfferStatus.Open } o, DischargeBedOfferDeclined) => o with { Status = OfferStatus.Declined },
        ({ Status: OfferStatus.Open } o, DischargeBedOfferExpired) => o with { Status = OfferStatus.Expired },
        ({ Status: OfferStatus.Open } o, DischargeBedOfferRehomed e) =>
            o with { Offer = o.Offer with { InstitutionId = e.InstitutionId, DistrictCode = e.DistrictCode } },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {offer?.Status.ToString() ?? "nothing"}."),
    };

    public static IEnumerable<Deadline> Deadlines(DischargeBedOffer offer) =>
        offer.Status is OfferStatus.Open ? [new(nameof(Offering.ExpireDischargeOffer), offer.Offer.ExpiresAt)] : [];

    /// <summary>True when the open offer may be answered so, false when it was; refuses otherwise.</summary>
    public static bool MayGo(DischargeBedOffer? offer, OfferStatus to)
    {
        if (offer is null)
            throw new UnknownId();
        if (offer.Status == to)
            return false;
        return offer.Status is OfferStatus.Open ? true : throw new RuleBroken("INVALID_TRANSITION",
            $"This is not possible for an offer that is {offer.Status}.", new { state = offer.Status.ToString(), allowed = new[] { nameof(OfferStatus.Open) } });
    }
}
