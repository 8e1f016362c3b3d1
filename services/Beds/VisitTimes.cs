using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds;

/// <summary>Decides on a visit together with its practitioner's day and, for a bed visit, its bed.</summary>
public sealed class VisitTimes(Runner runner, IEventStore store, PolicyBook policies)
{
    public delegate (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Bed) Decision(
        HomeVisit? visit, PractitionerDay? day, FamilyBed? bed, Moment at);

    /// <summary>With the day of whoever makes the visit; the envelope says for whom, when he stands in.</summary>
    public Task<Done> Execute(Guid visitId, Envelope envelope, Decision decide, CancellationToken ct) => OnKnown(visitId, async known =>
    {
        var (day, by) = (DayOf(known, known.PractitionerId), For(known, envelope));
        return known.Plan.BedId is { } bedId
            ? await runner.Execute<HomeVisit, PractitionerDay, FamilyBed>(visitId, day, bedId, by, (v, d, b, at) => decide(Same(v, known), d, b, at), ct)
            : await runner.Execute<HomeVisit, PractitionerDay>(visitId, day, by, (v, d, at) =>
            {
                var (visit, time, _) = decide(Same(v, known), d, null, at);
                return (visit, time);
            }, ct);
    }, ct);

    /// <summary>With the days of whoever was to make the visit and of whoever makes it now.</summary>
    public Task<Done> Move(Guid visitId, Guid to, Envelope envelope,
        Func<HomeVisit?, PractitionerDay?, PractitionerDay?, Moment, (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)> decide,
        CancellationToken ct) => OnKnown(visitId, async known => known.PractitionerId == to
            ? await runner.Execute<HomeVisit, PractitionerDay>(visitId, DayOf(known, to), envelope, (v, d, at) =>
            {
                var (visit, freed, taken) = decide(Same(v, known), d, PractitionerDay.Without(d, visitId), at);
                return (visit, freed.Concat(taken));
            }, ct)
            : await runner.Execute<HomeVisit, PractitionerDay, PractitionerDay>(visitId, DayOf(known, known.PractitionerId), DayOf(known, to), envelope,
                (v, from, free, at) => decide(Same(v, known), from, free, at), ct), ct);

    private async Task<Done> OnKnown(Guid visitId, Func<HomeVisit, Task<Done>> execute, CancellationToken ct)
    {
        for (var tries = 0; tries < 20; tries++)
        {
            var (known, _) = await store.Load<HomeVisit>(visitId, ct);
            try
            {
                return await execute(known ?? throw new UnknownId());
            }
            catch (HandedOver)
            {
                // Somebody else makes it since: his day counts.
            }
        }
        throw new Busy();
    }

    private Guid DayOf(HomeVisit visit, Guid practitionerId) =>
        PractitionerDay.StreamOf(practitionerId, policies.At(visit.Plan.From).DateOf(visit.Plan.From));

    private static HomeVisit? Same(HomeVisit? now, HomeVisit known) =>
        now?.PractitionerId == known.PractitionerId && now.Responsible == known.Responsible ? now : throw new HandedOver();

    private static Envelope For(HomeVisit visit, Envelope envelope) => visit.OnBehalfOf is { } absent
        ? envelope with { Actor = envelope.Actor with { OnBehalfOf = absent.ToString() } } : envelope;

    private sealed class HandedOver : Exception;
}
