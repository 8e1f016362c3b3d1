using System.Collections.Immutable;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds;

public sealed record PractitionerTimeTaken(Guid PractitionerId, DateOnly Date, Guid VisitId, DateTimeOffset From, DateTimeOffset To) : DomainEvent;
public sealed record PractitionerTimeFreed(Guid PractitionerId, DateOnly Date, Guid VisitId) : DomainEvent;

/// <summary>Guards that a practitioner is not in two homes at once: the open visits of one day.</summary>
public sealed record PractitionerDay(Guid PractitionerId, DateOnly Date, ImmutableList<PractitionerTimeTaken> Open) : IState<PractitionerDay>
{
    public static Guid StreamOf(Guid practitionerId, DateOnly date) => Ids.Of($"PractitionerDay:{practitionerId}:{date:yyyy-MM-dd}");

    public static PractitionerDay Evolve(PractitionerDay? day, DomainEvent @event) => (day, @event) switch
    {
        (_, PractitionerTimeTaken e) => new(e.PractitionerId, e.Date, (day?.Open ?? []).Add(e)),
        ({ } d, PractitionerTimeFreed e) => d with { Open = d.Open.RemoveAll(v => v.VisitId == e.VisitId) },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot be the first of a practitioner's day."),
    };

    /// <summary>The events that keep a time for a visit; refuses when it overlaps with another open one.</summary>
    public static IEnumerable<DomainEvent> Take(PractitionerDay? day, PractitionerTimeTaken wanted) =>
        day?.Open.Find(v => v.From < wanted.To && wanted.From < v.To) is { } other
            ? throw new RuleBroken("VISIT_OVERLAP", "The practitioner has another visit at that time.", new { other.VisitId, other.From, other.To })
            : [wanted];

    /// <summary>The day as it is once a visit's time was given back.</summary>
    public static PractitionerDay? Without(PractitionerDay? day, Guid visitId) => Free(day, visitId).Aggregate(day, Evolve);

    public static bool IsFree(PractitionerDay? day, DateTimeOffset from, DateTimeOffset to) => day?.Open.Exists(v => v.From < to && from < v.To) is not true;

    /// <summary>The events that give a visit's time back.</summary>
    public static IEnumerable<DomainEvent> Free(PractitionerDay? day, Guid visitId) =>
        day?.Open.Find(v => v.VisitId == visitId) is { } taken ? [new PractitionerTimeFreed(taken.PractitionerId, taken.Date, visitId)] : [];
}
