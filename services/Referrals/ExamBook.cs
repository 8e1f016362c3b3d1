using System.Collections.Immutable;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals;

/// <param name="Modality">CT, MRI, PETCT or endoscopy.</param>
public sealed record ExamBookOpened(
    Guid HospitalId, string Modality, Guid? DeviceId, DateOnly Date, DateTimeOffset FirstSlot, int SlotMinutes, int Slots) : DomainEvent;
public sealed record ExamSlotTaken(int Slot, Guid ExamId) : DomainEvent;
public sealed record ExamSlotFreed(int Slot, Guid ExamId) : DomainEvent;

/// <summary>A day of a hospital's large device; a slot is given once.</summary>
/// <param name="Taken">Slot by exam.</param>
public sealed record ExamBook(
    Guid HospitalId, string Modality, DateOnly Date, DateTimeOffset FirstSlot, int SlotMinutes, int Slots, ImmutableDictionary<Guid, int> Taken)
    : IState<ExamBook>
{
    public static Guid StreamOf(Guid hospitalId, string modality, DateOnly date) => Ids.Of($"ExamBook:{hospitalId}:{Codes.Check(modality)}:{date:O}");

    public static ExamBook Evolve(ExamBook? book, DomainEvent @event) => (book, @event) switch
    {
        (null, ExamBookOpened e) => new(
            e.HospitalId, e.Modality, e.Date, e.FirstSlot, e.SlotMinutes, e.Slots, ImmutableDictionary<Guid, int>.Empty),
        ({ } b, ExamSlotTaken e) => b with { Taken = b.Taken.Add(e.ExamId, e.Slot) },
        ({ } b, ExamSlotFreed e) when b.Taken.ContainsKey(e.ExamId) => b with { Taken = b.Taken.Remove(e.ExamId) },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow on the {book?.Modality} of {book?.Date}."),
    };

    public DateTimeOffset StartOf(int slot) => FirstSlot.AddMinutes(slot * SlotMinutes);

    /// <summary>The event that takes the first slot that has not begun; refuses when there is none.</summary>
    public static ExamSlotTaken Take(ExamBook? book, Guid examId, DateTimeOffset now)
    {
        if (book is null)
            throw new RuleBroken("QUOTA_EXHAUSTED", "The hospital has no slots of this device on this day.");
        if (book.StartOf(book.Slots - 1) < now)
            throw new RuleBroken("POOL_CLOSED", "The last slot of this day has begun.", new { book.Date });
        var taken = book.Taken.Values.ToHashSet();
        var slot = Enumerable.Range(0, book.Slots).Cast<int?>().FirstOrDefault(s => !taken.Contains(s!.Value) && book.StartOf(s.Value) >= now);
        return slot is { } free
            ? new(free, examId)
            : throw new RuleBroken("QUOTA_EXHAUSTED", "All slots of this day are taken.", new { book.Date });
    }

    /// <summary>The event that gives an exam's slot back.</summary>
    public static IEnumerable<DomainEvent> Free(ExamBook? book, Guid examId) =>
        book is not null && book.Taken.TryGetValue(examId, out var slot) ? [new ExamSlotFreed(slot, examId)] : [];
}
