using FamilyDoctor.Beds.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Beds.Ending;

/// <summary>Where an institution's beds go once it is closed.</summary>
public sealed record ClosedInto(Guid SuccessorId);

/// <summary>An institution closed: its beds with their seats, its approved capacity, its visits and its offers are the successor's; nobody loses his bed.</summary>
public sealed class WhenInstitutionClosedThenBeds(
    Runner runner, Copies<InstitutionFacts> institutions, Copies<ClosedInto> closed, Rows<BedsOfInstitution> beds, Rows<OpenVisits> visits,
    Rows<OffersOfInstitution> offers) : IReaction<InstitutionClosed>
{
    public async Task React(InstitutionClosed message, Envelope cause, CancellationToken ct)
    {
        var from = message.Institution.InstitutionId;
        await institutions.Apply(from, message.StreamVersion, message.Institution, ct);
        await closed.Apply(from, message.StreamVersion, new(message.SuccessorId), ct);
        var to = message.SuccessorId;
        for (var hops = 0; hops < 20 && await closed.Find(to, ct) is { } next; hops++)
            to = next.SuccessorId; // it has closed meanwhile too
        var home = new BedHome(from, to, (await institutions.Find(to, ct))?.DistrictCode ?? message.Institution.DistrictCode);

        await OnBoth(home, cause, (old, next) => runner.Execute<BedCapacity, BedCapacity>(old, next, cause, (o, n, at) => home.MoveCapacity(o, n, at), ct), ct);
        await beds.UntilNow(ct);
        // Whoever waits comes last, so that he takes no seat that belongs to one of the others.
        foreach (var bed in await beds.Where(
            "institution_id = $1 and stage not in ('Closed', 'Declined', 'Cancelled') order by (stage = 'Waitlisted'), bed_id", ct, from))
        {
            await OnBoth(home, cause, (old, next) =>
                runner.Execute<FamilyBed, BedCapacity, BedCapacity>(bed.BedId, old, next, cause, (b, o, n, at) => home.Move(b, o, n, at), ct), ct);
        }
        await visits.UntilNow(ct);
        foreach (var visit in await visits.Where("institution_id = $1 order by visit_id", ct, from))
            await runner.Execute<HomeVisit>(visit.VisitId, cause, (v, _) => home.Move(v), ct);
        await offers.UntilNow(ct);
        foreach (var offer in await offers.Where("institution_id = $1 and status = 'Open' order by offer_id", ct, from))
            await runner.Execute<DischargeBedOffer>(offer.OfferId, cause, (o, _) => home.Move(o), ct);
    }

    private Task<Done> OnBoth(BedHome home, Envelope cause, Func<Guid, Guid, Task<Done>> execute, CancellationToken ct) =>
        runner.OnLedger<BedCapacity>(home.From, cause, old => runner.OnLedger<BedCapacity>(home.To, cause, next => execute(old, next), ct), ct);
}
