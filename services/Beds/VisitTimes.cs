using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds;

/// <summary>Decides on a visit together with its practitioner's day and, for a bed visit, its bed.</summary>
public sealed class VisitTimes(Runner runner, IEventStore store, PolicyBook policies)
{
    public delegate (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Bed) Decision(
        HomeVisit? visit, PractitionerDay? day, FamilyBed? bed, Moment at);

    public async Task<Done> Execute(Guid visitId, Envelope envelope, Decision decide, CancellationToken ct)
    {
        var (known, _) = await store.Load<HomeVisit>(visitId, ct);
        if (known is null)
            throw new UnknownId();
        var day = PractitionerDay.StreamOf(known.PractitionerId, policies.At(known.Plan.From).DateOf(known.Plan.From));
        return known.Plan.BedId is { } bedId
            ? await runner.Execute<HomeVisit, PractitionerDay, FamilyBed>(visitId, day, bedId, envelope, (v, d, b, at) => decide(v, d, b, at), ct)
            : await runner.Execute<HomeVisit, PractitionerDay>(visitId, day, envelope, (v, d, at) =>
            {
                var (visit, time, _) = decide(v, d, null, at);
                return (visit, time);
            }, ct);
    }
}
