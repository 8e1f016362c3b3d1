using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Covering;

/// <summary>A visit is made by whoever is there at its time: whom it was planned for, or whoever stands in; by nobody yet, while nobody has time.</summary>
public sealed class HandVisitsOver(Runner runner, IEventStore store, PolicyBook policies, Covers covers, TimeProvider clock)
{
    /// <summary>Who is there at the time of a visit; a visit that is late waits for somebody who is there now.</summary>
    public Task<Guid?> Standing(Guid responsible, DateTimeOffset from, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return covers.Standing(responsible, from > now ? from : now, ct);
    }

    public async Task Take(Guid visitId, Envelope cause, CancellationToken ct)
    {
        for (var tries = 0; await store.Load<HomeVisit>(visitId, ct) is ({ IsOpen: true } visit, _); tries++)
        {
            var to = await Standing(visit.Responsible, visit.Plan.From, ct);
            if (to == visit.MadeBy || visit.Responsible == Guid.Empty)
                return; // or it is nobody's yet
            if (tries == 20)
                throw new Busy();
            var moved = false;
            Guid Day(Guid practitioner) => PractitionerDay.StreamOf(practitioner, policies.At(visit.Plan.From).DateOf(visit.Plan.From));
            await runner.Execute<HomeVisit, PractitionerDay, PractitionerDay>(visitId, Day(visit.PractitionerId), Day(to ?? Guid.Empty),
                cause with { OccurredAt = null }, (now, from, free, at) =>
                {
                    moved = now?.MadeBy != visit.MadeBy || now?.Responsible != visit.Responsible;
                    return moved ? ([], [], []) : Decide(now, from, to, free, at);
                }, ct);
            if (!moved)
                return;
        }
    }

    /// <param name="day">Of whoever was to make the visit.</param>
    /// <param name="free">The day of whoever is there; when another visit is in the way, the institution has to find somebody.</param>
    public static (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Free) Decide(
        HomeVisit? visit, PractitionerDay? day, Guid? to, PractitionerDay? free, Moment at)
    {
        if (visit is not { IsOpen: true, Plan: var plan })
            return ([], [], []);
        var owner = to is not null && PractitionerDay.IsFree(free, plan.From, plan.To) ? to : null;
        return owner == visit.MadeBy ? ([], [], []) : (
            [new VisitHandedOver(plan.VisitId, owner, visit.Responsible)], PractitionerDay.Free(day, plan.VisitId),
            owner is { } by ? [new PractitionerTimeTaken(by, at.DateOf(plan.From), plan.VisitId, plan.From, plan.To)] : []);
    }
}
