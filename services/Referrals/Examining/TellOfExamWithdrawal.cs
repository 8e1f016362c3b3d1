using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Examining;

/// <summary>A hospital withdrew slots of a large device: each exam that had one needs another, and its family doctor hears of it.</summary>
public sealed class TellOfExamWithdrawal(Runner runner, IEventStore store)
{
    public async Task Work(Guid bookId, Envelope by, CancellationToken ct)
    {
        var book = await runner.Look<ExamBook>(bookId, ct);
        foreach (var id in book?.Displaced.Keys ?? [])
        {
            var resident = (await store.Load<Exam>(id, ct)).State?.Request.ResidentId ?? throw new UnknownId();
            await runner.Execute<Exam, ExamBook, ResidentExams>(id, bookId, ResidentExams.StreamOf(resident), by,
                (exam, current, others, _) => Decide(id, exam, bookId, current, others), ct);
        }
    }

    public static (IEnumerable<DomainEvent> Exam, IEnumerable<DomainEvent> Book, IEnumerable<DomainEvent> Others) Decide(
        Guid id, Exam? exam, Guid bookId, ExamBook? book, ResidentExams? others)
    {
        if (book is null || !book.Displaced.TryGetValue(id, out var reason))
            return ([], [], []);
        var lost = exam is { Status: ExamStatus.Held or ExamStatus.Confirmed, Slot: { } slot } && slot.BookId == bookId && !book.Taken.ContainsKey(id);
        return (lost ? [new ExamRebookRequired(id, reason)] : [], // otherwise it has another one already, or needs none
            [new ExamWithdrawalTold(id)], lost && others?.Exams.ContainsKey(id) is true ? [new ExamDropped(id)] : []);
    }
}
