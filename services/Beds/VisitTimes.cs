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
        await Execute(visitId, known.Plan.BedId, DayOf(known.PractitionerId, known.Plan.From), For(known, envelope),
            (v, d, b, at) => decide(Same(v, known), d, b, at), ct));

    /// <summary>A visit that may not be known here yet, with the day and the bed it would have.</summary>
    public async Task<Done> Execute(Guid visitId, Guid? bedId, Guid day, Envelope envelope, Decision decide, CancellationToken ct) => bedId is { } bed
        ? await runner.Execute<HomeVisit, PractitionerDay, FamilyBed>(visitId, day, bed, envelope, (v, d, b, at) => decide(v, d, b, at), ct)
        : await runner.Execute<HomeVisit, PractitionerDay>(visitId, day, envelope, (v, d, at) =>
        {
            var (visit, time, _) = decide(v, d, null, at);
            return (visit, time);
        }, ct);

    /// <summary>With the days on which the visit is and will be: another practitioner makes it, or it is made another day.</summary>
    /// <param name="where">Who makes it then, and from when.</param>
    public Task<Done> Move(Guid visitId, Func<HomeVisit, (Guid PractitionerId, DateTimeOffset From)> where, Envelope envelope,
        Func<HomeVisit?, PractitionerDay?, PractitionerDay?, FamilyBed?, Moment, (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)> decide,
        CancellationToken ct) => OnKnown(visitId, async known =>
        {
            var to = where(known);
            var (before, then) = (DayOf(known.PractitionerId, known.Plan.From), DayOf(to.PractitionerId, to.From));
            var (bed, _) = known.Plan.BedId is { } bedId ? await store.Load<FamilyBed>(bedId, ct) : default;
            return before == then
                ? await runner.Execute<HomeVisit, PractitionerDay>(visitId, before, envelope, (v, day, at) =>
                {
                    var (visit, freed, taken) = decide(Same(v, known), day, PractitionerDay.Without(day, visitId), bed, at);
                    return (visit, freed.Concat(taken));
                }, ct)
                : await runner.Execute<HomeVisit, PractitionerDay, PractitionerDay>(visitId, before, then, envelope,
                    (v, from, free, at) => decide(Same(v, known), from, free, bed, at), ct);
        });

    public Guid DayOf(Guid practitionerId, DateTimeOffset from) => PractitionerDay.StreamOf(practitionerId, policies.At(from).DateOf(from));

    private async Task<Done> OnKnown(Guid visitId, Func<HomeVisit, Task<Done>> execute)
    {
        for (var tries = 0; tries < 20; tries++)
        {
            var (known, _) = await store.Load<HomeVisit>(visitId, CancellationToken.None);
            try
            {
                return await execute(known ?? throw new UnknownId());
            }
            catch (Moved)
            {
                // Somebody else makes it since, or another day: that day counts.
            }
        }
        throw new Busy();
    }

    private static HomeVisit? Same(HomeVisit? now, HomeVisit known) =>
        (now?.PractitionerId, now?.Responsible, now?.Plan.From) == (known.PractitionerId, known.Responsible, known.Plan.From) ? now : throw new Moved();

    private static Envelope For(HomeVisit visit, Envelope envelope) => visit is { OnBehalfOf: { } absent, MadeBy: not null }
        ? envelope with { Actor = envelope.Actor with { OnBehalfOf = absent.ToString() } } : envelope;

    private sealed class Moved : Exception;
}
