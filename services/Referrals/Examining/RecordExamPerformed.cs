using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Examining;

/// <summary>The exam is done; the report follows.</summary>
public static class RecordExamPerformed
{
    public static IEnumerable<DomainEvent> Decide(Exam? exam, Moment at) =>
        Exam.MayGo(exam, ExamStatus.Performed, ExamStatus.Arrived) ? [new ExamPerformed(exam!.Request.ExamId, at.Now)] : [];

    public static void MapRecordExamPerformed(this IEndpointRouteBuilder routes) => routes
        .MapPost("/exams/{examId:guid}/performance", Handle).WithName(nameof(RecordExamPerformed)).WithSummary("An exam was performed")
        .For(Role.Hospital);

    private static async Task<Decided> Handle(Guid examId, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Exam>(examId, http.Envelope(), Decide, ct));
}
