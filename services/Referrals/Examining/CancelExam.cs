using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Examining;

/// <summary>An exam is given up; its slot is free again and it counts for no duplicate.</summary>
public sealed record CancelExam([Required, Code] string? Reason)
{
    public (IEnumerable<DomainEvent> Exam, IEnumerable<DomainEvent> Book, IEnumerable<DomainEvent> Others) Decide(
        Exam? exam, ExamBook? book, Actor by, DateTimeOffset? at = null)
    {
        if (!Exam.MayGo(exam, ExamStatus.Cancelled, ExamStatus.Held, ExamStatus.Confirmed, ExamStatus.RebookRequired))
            return ([], [], []);
        var id = exam!.Request.ExamId;
        return ([new ExamCancelled(id, by.Role, Reason!, at)], ExamBook.Free(book, id), exam.Status is ExamStatus.RebookRequired ? [] : [new ExamDropped(id)]);
    }
}

public static class CancelExamEndpoint
{
    public static void MapCancelExam(this IEndpointRouteBuilder routes) => routes
        .MapPost("/exams/{examId:guid}/cancellation", Handle).WithName(nameof(CancelExam)).WithSummary("Cancel an exam")
        .For(Role.Clinic, Role.Hospital);

    private static async Task<Decided> Handle(
        Guid examId, CancelExam command, HttpContext http, Runner runner, IEventStore store, WhoSeesToIt who, CancellationToken ct)
    {
        var (exam, _) = await store.Load<Exam>(examId, ct);
        if (exam is null)
            throw new UnknownId();
        var envelope = await who.Acting(http.Envelope(), exam.Request.TeamId, ct);
        return new(await runner.Execute<Exam, ExamBook, ResidentExams>(
            examId, exam.Slot!.BookId, ResidentExams.StreamOf(exam.Request.ResidentId), envelope,
            (current, book, _, _) => command.Decide(current, book, envelope.Actor), ct));
    }
}
