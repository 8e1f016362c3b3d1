using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Referrals;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Offering;

/// <summary>A hospital sends somebody home who should be cared for there: he is offered a family bed for some days.</summary>
public sealed class WhenDownReferralProposed(Runner runner) : IReaction<DownReferralProposed>
{
    public async Task React(DownReferralProposed message, Envelope cause, CancellationToken ct)
    {
        if (!message.DownReferral.FamilyBedSuggested)
            return;
        var offerId = Ids.Of(message.EventId, nameof(DischargeBedOffer)); // the same message always makes the same offer
        await runner.Execute<DischargeBedOffer, ResidentBeds>(offerId, ResidentBeds.StreamOf(message.DownReferral.ResidentId),
            cause with { OccurredAt = message.OccurredAt }, (offer, resident, at) => (Decide(offerId, offer, resident, message.DownReferral, at), []), ct);
    }

    public static IEnumerable<DomainEvent> Decide(
        Guid offerId, DischargeBedOffer? offer, ResidentBeds? resident, DownReferralFacts downReferral, Moment at) =>
        offer is not null || resident?.Current is not null // a resident who has a bed needs no offer: his bed is resumed
            ? []
            : [new DischargeBedOffered(offerId, downReferral.ResidentId, downReferral.DownReferralId, downReferral.TeamId,
                downReferral.InstitutionId, downReferral.DistrictCode, at.Now.AddHours(at.Policy.DischargeOfferHours))];
}
