using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds;

/// <param name="Groups">Why a family bed may be right for him.</param>
/// <param name="Version">Of the resident's contract; older news is ignored.</param>
public sealed record BedHinted(Guid ResidentId, Guid TeamId, Guid InstitutionId, IReadOnlyList<string> Groups, long Version) : DomainEvent;
/// <summary>Nothing speaks for a family bed any more.</summary>
public sealed record BedHintDropped(Guid ResidentId, long Version) : DomainEvent;

/// <summary>For whom an institution may think of a family bed, because of a priority group he belongs to; nothing is decided by it.</summary>
public sealed record BedHint(Guid ResidentId, IReadOnlyList<string> Groups, long Version) : IState<BedHint>
{
    public static Guid StreamOf(Guid residentId) => Ids.Of($"BedHint:{residentId}");

    public static BedHint Evolve(BedHint? hint, DomainEvent @event) => (hint, @event) switch
    {
        (_, BedHinted e) => new(e.ResidentId, e.Groups, e.Version),
        ({ } h, BedHintDropped e) => h with { Groups = [], Version = e.Version },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {(hint is null ? "nothing" : "a hint")}."),
    };
}
