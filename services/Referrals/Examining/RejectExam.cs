using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Examining;

/// <summary>At the device it turns out that the exam is not safe for the resident: it is not done, and its slot is free again.</summary>
public sealed record RejectExam([Required, Code] string? Reason)
{
    public (IEnumerable<DomainEvent> Exam, IEnumerable<DomainEvent> Book, IEnumerable<DomainEvent> Others) Decide(Exam? exam, ExamBook? book)
    {
        if (!Exam.MayGo(exam, ExamStatus.Rejected, ExamStatus.Held, ExamStatus.Confirmed, ExamStatus.Arrived))
            return ([], [], []);
        var id = exam!.Request.ExamId;
        return ([new ExamRejected(id, Reason!)], ExamBook.Free(book, id), [new ExamDropped(id)]);
    }
}

public static class RejectExamEndpoint
{
    public static void MapRejectExam(this IEndpointRouteBuilder routes) => routes
        .MapPost("/exams/{examId:guid}/rejection", Handle).WithName(nameof(RejectExam)).WithSummary("Reject an exam that is not safe").For(Role.Hospital);

    private static async Task<Decided> Handle(
        Guid examId, RejectExam command, HttpContext http, Runner runner, IEventStore store, CancellationToken ct)
    {
        var (exam, _) = await store.Load<Exam>(examId, ct);
        if (exam is null)
            throw new UnknownId();
        return new(await runner.Execute<Exam, ExamBook, ResidentExams>(
            examId, exam.Slot!.BookId, ResidentExams.StreamOf(exam.Request.ResidentId), http.Envelope(),
            (current, book, _, _) => command.Decide(current, book), ct));
    }
}
