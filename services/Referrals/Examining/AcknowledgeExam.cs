using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Examining;

/// <summary>The family doctor has read the report.</summary>
public static class AcknowledgeExam
{
    public static IEnumerable<DomainEvent> Decide(Exam? exam, Moment at)
    {
        if (!Exam.MayGo(exam, ExamStatus.Acknowledged, ExamStatus.ReportReturned))
            return [];
        var read = new ExamAcknowledged(exam!.Request.ExamId);
        return exam.IsCriticalUnread ? [.. AcknowledgeCritical.Decide(exam, at), read] : [read]; // whoever has read it knows
    }

    public static void MapAcknowledgeExam(this IEndpointRouteBuilder routes) => routes
        .MapPost("/exams/{examId:guid}/acknowledgement", Handle).WithName(nameof(AcknowledgeExam)).WithSummary("Acknowledge an exam's report").For(Role.Clinic);

    private static async Task<Decided> Handle(Guid examId, HttpContext http, Runner runner, WhoSeesToIt who, CancellationToken ct) =>
        new(await runner.Execute<Exam>(examId, await who.OnExam(examId, http.Envelope(), ct), Decide, ct));
}
