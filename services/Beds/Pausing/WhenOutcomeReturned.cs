using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Referrals;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Pausing;

/// <summary>A hospital discharged a resident from a stay; told once for each referral, so that news of the arrival may come later.</summary>
public sealed record KnownDischarge(DateTimeOffset At);

/// <summary>The hospital discharged the resident: his bed that rested goes on, and one that ended because he stayed too long is offered anew.</summary>
public sealed class WhenOutcomeReturned(
    Runner runner, IEventStore store, CareContracts contracts, Copies<KnownDischarge> discharges, Copies<KnownDeath> deaths) : IReaction<OutcomeReturned>
{
    public async Task React(OutcomeReturned message, Envelope cause, CancellationToken ct)
    {
        if (message.Disposition is not "discharged")
            return;
        var (referral, at) = (message.Referral, message.OccurredAt);
        await discharges.Apply(referral.ReferralId, message.StreamVersion, new(at), ct);
        var (resident, _) = await store.Load<ResidentBeds>(ResidentBeds.StreamOf(referral.ResidentId), ct);
        if (resident?.Current is { } bedId)
            await Home(bedId, referral.ReferralId, at, cause, ct);
        else if (resident?.Last is { } lastId && await deaths.Find(referral.ResidentId, ct) is not { IsDead: true })
            await Offer(lastId, referral, at, cause, ct);
    }

    /// <summary>The bed that rested while he was in hospital goes on from the day of the discharge.</summary>
    public async Task Home(Guid bedId, Guid? referralId, DateTimeOffset dischargedAt, Envelope cause, CancellationToken ct) =>
        await runner.Execute<FamilyBed>(bedId, cause with { OccurredAt = await contracts.NotBefore(bedId, dischargedAt, ct) },
            (bed, at) => Decide(bed, referralId, dischargedAt, at), ct);

    private async Task Offer(Guid lastId, ReferralFacts referral, DateTimeOffset dischargedAt, Envelope cause, CancellationToken ct)
    {
        var (last, _) = await store.Load<FamilyBed>(lastId, ct);
        var offerId = Ids.Of(referral.ReferralId, nameof(DischargeBedOffer)); // the way back of the same stay makes the same offer
        await runner.Execute<DischargeBedOffer, ResidentBeds>(offerId, ResidentBeds.StreamOf(referral.ResidentId), cause with { OccurredAt = dischargedAt },
            (offer, resident, at) => (Decide(offerId, offer, resident, last, referral, at), []), ct);
    }

    /// <param name="referralId">Of the stay that is over; null when it is not told, then the newest is meant.</param>
    public static IEnumerable<DomainEvent> Decide(FamilyBed? bed, Guid? referralId, DateTimeOffset dischargedAt, Moment at) =>
        bed is { Stage: BedStatus.Paused, Pause: { } pause }
        && (referralId is null || pause.ReferralId is null ? at.DateOf(dischargedAt) >= pause.PausedOn : pause.ReferralId == referralId)
            ? ResumeBed.Decide(bed, at)
            : []; // another stay, or he is home already

    /// <param name="last">His bed before: offered again only if it ended while he was in hospital.</param>
    public static IEnumerable<DomainEvent> Decide(
        Guid offerId, DischargeBedOffer? offer, ResidentBeds? resident, FamilyBed? last, ReferralFacts referral, Moment at) =>
        offer is null && resident is { Current: null } && last is { Closed: { Reason: CloseReason.Transferred } closed } && closed.ClosedAt >= referral.ArrivedAt
            ? [new DischargeBedOffered(offerId, referral.ResidentId, referral.ReferralId, last.Request.TeamId, last.Request.InstitutionId,
                last.Request.DistrictCode, at.Now.AddHours(at.Policy.DischargeOfferHours))]
            : [];
}
