// What a decision on an episode adds to its three streams, always together.
global using BedEvents = (
    System.Collections.Generic.IEnumerable<FamilyDoctor.EventSourcing.DomainEvent> Bed,
    System.Collections.Generic.IEnumerable<FamilyDoctor.EventSourcing.DomainEvent> Resident,
    System.Collections.Generic.IEnumerable<FamilyDoctor.EventSourcing.DomainEvent> Capacity);

using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds;

/// <summary>Decides on an episode together with its resident's guard and its institution's capacity of the year.</summary>
public sealed class BedSeats(Runner runner, IEventStore store)
{
    public delegate BedEvents Decision(FamilyBed? bed, ResidentBeds? resident, BedCapacity? capacity, Moment at);

    public async Task<Done> Execute(Guid bedId, Envelope envelope, Decision decide, CancellationToken ct)
    {
        var (bed, _) = await store.Load<FamilyBed>(bedId, ct);
        return bed is { Request: { } request } ? await Execute(request, envelope, decide, ct) : throw new UnknownId();
    }

    public async Task<Done> Execute(BedRequested request, Envelope envelope, Decision decide, CancellationToken ct)
    {
        try
        {
            return await runner.OnLedger<BedCapacity>(request.InstitutionId, envelope, capacity => runner.Execute<FamilyBed, ResidentBeds, BedCapacity>(
                request.BedId, ResidentBeds.StreamOf(request.ResidentId), capacity, envelope, (b, r, c, at) =>
                    b is null || b.Request.InstitutionId == request.InstitutionId ? decide(b, r, c, at) : throw new Rehomed(), ct), ct);
        }
        catch (Rehomed)
        {
            return await Execute(request.BedId, envelope, decide, ct); // its seat is another institution's since
        }
    }

    private sealed class Rehomed() : Exception("The bed is another institution's now.");
}
