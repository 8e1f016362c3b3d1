using System.Collections.Immutable;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals;

/// <param name="Modality">CT, MRI, PETCT or endoscopy.</param>
public sealed record ExamBookOpened(
    Guid HospitalId, string Modality, Guid? DeviceId, DateOnly Date, DateTimeOffset FirstSlot, int SlotMinutes, int Slots) : DomainEvent;
public sealed record ExamSlotTaken(int Slot, Guid ExamId) : DomainEvent;
public sealed record ExamSlotFreed(int Slot, Guid ExamId) : DomainEvent;
/// <param name="Slots">Their places in the day, from 0.</param>
/// <param name="Taken">How many of these were taken.</param>
/// <param name="Exams">Whose slots they were: each is told that it needs another one.</param>
public sealed record ExamSlotsWithdrawn(IReadOnlyList<int> Slots, int Taken, IReadOnlyList<Guid> Exams, string Reason, DateTimeOffset At) : DomainEvent;
/// <summary>An exam whose slot was withdrawn has heard of it.</summary>
public sealed record ExamWithdrawalTold(Guid ExamId) : DomainEvent;

/// <summary>A day of a hospital's large device; a slot is given once.</summary>
/// <param name="Slots">How many were opened, withdrawn ones among them.</param>
/// <param name="Taken">Slot by exam.</param>
/// <param name="Displaced">Exams whose slot was withdrawn and that have not heard of it, with the reason.</param>
public sealed record ExamBook(
    Guid HospitalId, string Modality, DateOnly Date, DateTimeOffset FirstSlot, int SlotMinutes, int Slots, ImmutableDictionary<Guid, int> Taken,
    ImmutableHashSet<int> Withdrawn, ImmutableDictionary<Guid, string> Displaced, DateTimeOffset? WithdrawnAt = null) : IState<ExamBook>
{
    public static Guid StreamOf(Guid hospitalId, string modality, DateOnly date) => Ids.Of($"ExamBook:{hospitalId}:{Codes.Check(modality)}:{date:O}");

    public static ExamBook Evolve(ExamBook? book, DomainEvent @event) => (book, @event) switch
    {
        (null, ExamBookOpened e) => new(
            e.HospitalId, e.Modality, e.Date, e.FirstSlot, e.SlotMinutes, e.Slots, ImmutableDictionary<Guid, int>.Empty,
            ImmutableHashSet<int>.Empty, ImmutableDictionary<Guid, string>.Empty),
        ({ } b, ExamSlotTaken e) => b with { Taken = b.Taken.Add(e.ExamId, e.Slot) },
        ({ } b, ExamSlotFreed e) when b.Taken.ContainsKey(e.ExamId) => b with { Taken = b.Taken.Remove(e.ExamId) },
        ({ } b, ExamSlotsWithdrawn e) when !e.Slots.Any(b.Withdrawn.Contains) => b with
        {
            Taken = b.Taken.RemoveRange(e.Exams),
            Withdrawn = b.Withdrawn.Union(e.Slots),
            Displaced = b.Displaced.SetItems(e.Exams.Select(x => KeyValuePair.Create(x, e.Reason))),
            WithdrawnAt = e.At,
        },
        ({ } b, ExamWithdrawalTold e) when b.Displaced.ContainsKey(e.ExamId) => b with { Displaced = b.Displaced.Remove(e.ExamId) },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow on the {book?.Modality} of {book?.Date}."),
    };

    public static IEnumerable<Deadline> Deadlines(ExamBook book) =>
        book.Displaced.Count > 0 ? [new(nameof(Examining.TellOfExamWithdrawal), book.WithdrawnAt!.Value)] : [];

    public DateTimeOffset StartOf(int slot) => FirstSlot.AddMinutes(slot * SlotMinutes);

    /// <summary>The event that takes the first slot that has not begun; refuses when there is none.</summary>
    public static ExamSlotTaken Take(ExamBook? book, Guid examId, DateTimeOffset now)
    {
        if (book is null)
            throw new RuleBroken("QUOTA_EXHAUSTED", "The hospital has no slots of this device on this day.");
        if (book.StartOf(book.Slots - 1) < now)
            throw new RuleBroken("POOL_CLOSED", "The last slot of this day has begun.", new { book.Date });
        var taken = book.Taken.Values.ToHashSet();
        var slot = Enumerable.Range(0, book.Slots).Cast<int?>().FirstOrDefault(
            s => !taken.Contains(s!.Value) && !book.Withdrawn.Contains(s.Value) && book.StartOf(s.Value) >= now);
        return slot is { } free
            ? new(free, examId)
            : throw new RuleBroken("QUOTA_EXHAUSTED", "All slots of this day are taken.", new { book.Date });
    }

    /// <summary>The event that takes the very slot again that an exam had, or null when it is another's, withdrawn or has begun.</summary>
    public ExamSlotTaken? Again(DateTimeOffset start, Guid examId, DateTimeOffset now)
    {
        var slot = (int)((start - FirstSlot).TotalMinutes / SlotMinutes);
        return start < now || Withdrawn.Contains(slot) || Taken.ContainsValue(slot) || Taken.ContainsKey(examId) ? null : new(slot, examId);
    }

    /// <summary>The event that gives an exam's slot back.</summary>
    public static IEnumerable<DomainEvent> Free(ExamBook? book, Guid examId) =>
        book is not null && book.Taken.TryGetValue(examId, out var slot) ? [new ExamSlotFreed(slot, examId)] : [];
}
