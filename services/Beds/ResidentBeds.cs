using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds;

public sealed record ResidentBedTaken(Guid ResidentId, Guid BedId) : DomainEvent;
public sealed record ResidentBedFreed(Guid ResidentId, Guid BedId) : DomainEvent;

/// <summary>Guards that a resident has one family bed at a time, from the request to its end.</summary>
/// <param name="Last">The bed before, which may be opened again.</param>
public sealed record ResidentBeds(Guid ResidentId, Guid? Current, Guid? Last = null) : IState<ResidentBeds>
{
    public static Guid StreamOf(Guid residentId) => Ids.Of($"ResidentBeds:{residentId}");

    public static ResidentBeds Evolve(ResidentBeds? resident, DomainEvent @event) => (resident, @event) switch
    {
        (null or { Current: null }, ResidentBedTaken e) => new(e.ResidentId, e.BedId, resident?.Last),
        ({ Current: { } bed } r, ResidentBedFreed e) when bed == e.BedId => r with { Current = null, Last = bed },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow while bed {resident?.Current} is the resident's."),
    };

    /// <summary>The events that make a bed the resident's; refuses when there is another.</summary>
    public static IEnumerable<DomainEvent> Take(ResidentBeds? resident, Guid residentId, Guid bedId) => resident?.Current is { } current
        ? throw new RuleBroken("BED_ALREADY_OPEN", "This resident has a family bed or has asked for one.", new { bedId = current })
        : [new ResidentBedTaken(residentId, bedId)];
}
