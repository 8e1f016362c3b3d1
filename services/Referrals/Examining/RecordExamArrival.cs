using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Examining;

/// <summary>The resident is there for the exam.</summary>
public static class RecordExamArrival
{
    public static IEnumerable<DomainEvent> Decide(Exam? exam) =>
        Exam.MayGo(exam, ExamStatus.Arrived, ExamStatus.Confirmed) ? [new ExamArrived(exam!.Request.ExamId)] : [];

    public static void MapRecordExamArrival(this IEndpointRouteBuilder routes) => routes
        .MapPost("/exams/{examId:guid}/arrival", Handle).WithName(nameof(RecordExamArrival)).WithSummary("The resident arrived for an exam").For(Role.Hospital);

    private static async Task<Decided> Handle(Guid examId, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Exam>(examId, http.Envelope(), (exam, _) => Decide(exam), ct));
}
