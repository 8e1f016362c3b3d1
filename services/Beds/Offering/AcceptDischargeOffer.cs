using System.ComponentModel.DataAnnotations;
using FamilyDoctor.Beds.Requesting;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Offering;

/// <summary>The resident takes the bed he was offered at discharge: that is his request, with or without a contract.</summary>
/// <param name="Id">Of the bed that is requested.</param>
/// <param name="TeamId">Who will care, when neither a contract nor the hospital names a team.</param>
public sealed record AcceptDischargeOffer(
    Guid? Id, [Required] BedType? Type, [Required, Codes] IReadOnlyList<string>? ConditionCodes, Guid? TeamId = null)
{
    public (IEnumerable<DomainEvent> Offer, IEnumerable<DomainEvent> Bed, IEnumerable<DomainEvent> Resident) Decide(
        Guid bedId, DischargeBedOffer? offer, FamilyBed? bed, ResidentBeds? resident, CareRight? contract, Moment at)
    {
        if (!DischargeBedOffer.MayGo(offer, OfferStatus.Accepted))
            return ([], [], []);
        var (requested, taken) = new RequestBed(bedId, offer!.Offer.ResidentId, BedOrigin.HospitalDischarge, Type, ConditionCodes)
            .Decide(bedId, bed, resident, contract ?? RightOf(offer.Offer), at);
        return ([new DischargeBedOfferAccepted(offer.Offer.OfferId, bedId)], requested, taken);
    }

    private CareRight RightOf(DischargeBedOffered offer) => new(null, 0, offer.ResidentId,
        offer.TeamId ?? TeamId ?? throw new RuleBroken("BED_NOT_ELIGIBLE", "No team is named that will care for the resident.", new { criteria = new[] { "noTeam" } }),
        offer.InstitutionId, offer.DistrictCode);
}

public static class AcceptDischargeOfferEndpoint
{
    public static void MapAcceptDischargeOffer(this IEndpointRouteBuilder routes) => routes
        .MapPost("/bed-offers/{offerId:guid}/acceptance", Handle).WithName(nameof(AcceptDischargeOffer)).WithSummary("Accept a bed offered at discharge")
        .For(Role.Clinic, Role.Resident);

    private static async Task<Decided> Handle(
        Guid offerId, AcceptDischargeOffer command, HttpContext http, Runner runner, IEventStore store, CareContracts contracts, CancellationToken ct)
    {
        var (known, _) = await store.Load<DischargeBedOffer>(offerId, ct);
        if (known is null)
            throw new UnknownId();
        var (residentId, envelope) = (known.Offer.ResidentId, http.Envelope());
        var bedId = known.BedId ?? command.Id ?? Ids.Of(offerId, nameof(FamilyBed));
        var right = (await contracts.Find(residentId, ct))?.Right;
        var done = await runner.Execute<DischargeBedOffer, FamilyBed, ResidentBeds>(offerId, bedId, ResidentBeds.StreamOf(residentId), envelope,
            (offer, bed, resident, at) => command.Decide(bedId, offer, bed, resident, right, at), ct);
        await contracts.Follow(residentId, envelope, ct);
        return new(done with { Id = bedId }, $"/beds/{bedId}");
    }
}
