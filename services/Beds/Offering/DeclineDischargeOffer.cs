using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Offering;

/// <summary>The resident does not want the bed he was offered at discharge.</summary>
public sealed record DeclineDischargeOffer([Required, MaxLength(100)] string? Reason)
{
    public IEnumerable<DomainEvent> Decide(DischargeBedOffer? offer) =>
        DischargeBedOffer.MayGo(offer, OfferStatus.Declined) ? [new DischargeBedOfferDeclined(offer!.Offer.OfferId, Reason!)] : [];
}

public static class DeclineDischargeOfferEndpoint
{
    public static void MapDeclineDischargeOffer(this IEndpointRouteBuilder routes) => routes
        .MapPost("/bed-offers/{offerId:guid}/refusal", Handle).WithName(nameof(DeclineDischargeOffer)).WithSummary("Decline a bed offered at discharge")
        .For(Role.Clinic, Role.Resident);

    private static async Task<Decided> Handle(Guid offerId, DeclineDischargeOffer command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<DischargeBedOffer>(offerId, http.Envelope(), (offer, _) => command.Decide(offer), ct));
}
