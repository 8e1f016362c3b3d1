using FamilyDoctor.Beds.Offering;
using FamilyDoctor.Beds.Viewing;
using FamilyDoctor.Beds.Visiting;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;

namespace FamilyDoctor.Beds.Ending;

/// <summary>A resident died: nobody offers him a bed or calls at his home any more. Visits of a bed are called off with the bed.</summary>
public sealed class WhenResidentDiedThenOffersAndVisits(
    Runner runner, VisitTimes times, Copies<KnownDeath> deaths, Rows<OffersOfInstitution> offers, Rows<OpenVisits> visits) : IReaction<ResidentDied>
{
    private const string Reason = "residentDied";

    public async Task React(ResidentDied message, Envelope cause, CancellationToken ct)
    {
        await deaths.Apply(message.ResidentId, message.StreamVersion, new(true, message.OccurredAt), ct);
        if (await deaths.Find(message.ResidentId, ct) is { IsDead: false })
            return; // it was told in error, as is known already
        await offers.UntilNow(ct);
        foreach (var offer in await offers.Where("resident_id = $1 and status = 'Open' order by offer_id", ct, message.ResidentId))
            await runner.Execute<DischargeBedOffer>(offer.OfferId, cause, (o, _) => Decide(o), ct);
        await visits.UntilNow(ct);
        foreach (var visit in await visits.Where("resident_id = $1 and bed_id is null and status in ('Planned', 'Assigned') order by visit_id", ct, message.ResidentId))
            await times.Execute(visit.VisitId, cause, (v, day, _, _) => Decide(v, day), ct);
    }

    public static IEnumerable<DomainEvent> Decide(DischargeBedOffer? offer) =>
        offer is { Status: OfferStatus.Open } ? new DeclineDischargeOffer(Reason).Decide(offer) : [];

    public static (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Bed) Decide(HomeVisit? visit, PractitionerDay? day) =>
        visit is { IsOpen: true } ? new CancelVisit(Reason).Decide(visit, day) : ([], [], []);
}
