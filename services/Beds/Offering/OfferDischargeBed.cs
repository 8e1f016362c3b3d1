using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Offering;

/// <summary>A family bed is offered to somebody who leaves hospital, by hand: the hospital had not suggested one.</summary>
/// <param name="TeamId">Who will care, when that is known.</param>
public sealed record OfferDischargeBed(
    Guid? Id, [Required] Guid? ResidentId, [Required] Guid? DownReferralId, [Required] Guid? InstitutionId, Guid? TeamId = null)
{
    public IEnumerable<DomainEvent> Decide(Guid id, DischargeBedOffer? offer, ResidentBeds? resident, string districtCode, Moment at)
    {
        if (offer is not null)
            return []; // offering twice is offering once
        if (resident?.Current is { } bedId)
            throw new RuleBroken("BED_ALREADY_OPEN", "This resident has a family bed or has asked for one.", new { bedId });
        return [new DischargeBedOffered(id, ResidentId!.Value, DownReferralId!.Value, TeamId, InstitutionId!.Value, districtCode,
            at.Now.AddHours(at.Policy.DischargeOfferHours))];
    }
}

public static class OfferDischargeBedEndpoint
{
    public static void MapOfferDischargeBed(this IEndpointRouteBuilder routes) => routes
        .MapPost("/bed-offers", Handle).WithName(nameof(OfferDischargeBed)).WithSummary("Offer a family bed to a resident who leaves hospital")
        .For(Role.Clinic, Role.Hospital).OnlyNames("residentId");

    private static async Task<Decided> Handle(
        OfferDischargeBed command, HttpContext http, Runner runner, Copies<InstitutionFacts> institutions, IdSource ids, CancellationToken ct)
    {
        var district = (await institutions.Find(command.InstitutionId!.Value, ct))?.DistrictCode ?? throw new UnknownId();
        var id = command.Id ?? ids.Next();
        var done = await runner.Execute<DischargeBedOffer, ResidentBeds>(id, ResidentBeds.StreamOf(command.ResidentId!.Value), http.Envelope(),
            (offer, resident, at) => (command.Decide(id, offer, resident, district, at), []), ct);
        return new(done, $"/bed-offers/{id}");
    }
}
