using FamilyDoctor.Beds.Pausing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Referrals;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Offering;

/// <summary>
/// A hospital sends somebody home: his bed that rested goes on. Whoever should be cared for at home and has no bed is offered
/// one for some days: as the hospital suggests, or because he depended on help before.
/// </summary>
public sealed class WhenDownReferralProposed(Runner runner, IEventStore store, WhenOutcomeReturned home, Copies<KnownDeath> deaths) : IReaction<DownReferralProposed>
{
    public async Task React(DownReferralProposed message, Envelope cause, CancellationToken ct)
    {
        var downReferral = message.DownReferral;
        var (resident, _) = await store.Load<ResidentBeds>(ResidentBeds.StreamOf(downReferral.ResidentId), ct);
        if (resident?.Current is { } bedId)
        {
            await home.Home(bedId, downReferral.UpReferralId, message.OccurredAt, cause, ct);
            return;
        }
        var isDependent = resident?.Last is { } lastId && (await store.Load<FamilyBed>(lastId, ct)).State is { Assessment.Barthel: <= FamilyBed.Dependent };
        if ((!downReferral.FamilyBedSuggested && !isDependent) || await deaths.Find(downReferral.ResidentId, ct) is { IsDead: true })
            return;
        // The same message always makes the same offer, and so does the outcome of the same stay.
        var offerId = Ids.Of(downReferral.UpReferralId ?? message.EventId, nameof(DischargeBedOffer));
        await runner.Execute<DischargeBedOffer, ResidentBeds>(offerId, ResidentBeds.StreamOf(downReferral.ResidentId),
            cause with { OccurredAt = message.OccurredAt }, (offer, guard, at) => (Decide(offerId, offer, guard, downReferral, at), []), ct);
    }

    public static IEnumerable<DomainEvent> Decide(
        Guid offerId, DischargeBedOffer? offer, ResidentBeds? resident, DownReferralFacts downReferral, Moment at) =>
        offer is not null || resident?.Current is not null // a resident who has a bed needs no offer
            ? []
            : [new DischargeBedOffered(offerId, downReferral.ResidentId, downReferral.DownReferralId, downReferral.TeamId,
                downReferral.InstitutionId, downReferral.DistrictCode, at.Now.AddHours(at.Policy.DischargeOfferHours))];
}
