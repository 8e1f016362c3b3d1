using FamilyDoctor.Beds.Viewing;
using FamilyDoctor.EventSourcing;
using Published = FamilyDoctor.IntegrationEvents.Beds;

namespace FamilyDoctor.Beds.Visiting;

/// <summary>A family bed was closed: visits that were planned for it are called off, and the practitioners' time is free again.</summary>
public sealed class WhenBedClosedThenVisits(VisitTimes visits, IEventStore store, Rows<OpenVisits> open) : IReaction<Published.BedClosed>
{
    public async Task React(Published.BedClosed message, Envelope cause, CancellationToken ct)
    {
        await open.UntilSeen(message, ct); // what is planned later is refused, the bed being closed
        if ((await store.Load<FamilyBed>(message.Bed.BedId, ct)).State is not { IsOver: true })
            return; // it was opened again
        foreach (var visit in await open.Where("bed_id = $1 and status in ('Planned', 'Assigned') order by visit_id", ct, message.Bed.BedId))
            await visits.Execute(visit.VisitId, cause, (v, day, _, _) => Decide(v, day), ct);
    }

    public static (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Bed) Decide(HomeVisit? visit, PractitionerDay? day) =>
        visit is { IsOpen: true } ? new CancelVisit("bedClosed").Decide(visit, day) : ([], [], []);
}
