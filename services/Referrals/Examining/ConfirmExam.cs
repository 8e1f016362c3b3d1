using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Examining;

/// <summary>The exam desk confirms the slot.</summary>
public static class ConfirmExam
{
    public static IEnumerable<DomainEvent> Decide(Exam? exam) =>
        Exam.MayGo(exam, ExamStatus.Confirmed, ExamStatus.Held) ? [new ExamConfirmed(exam!.Request.ExamId)] : [];

    public static void MapConfirmExam(this IEndpointRouteBuilder routes) => routes
        .MapPost("/exams/{examId:guid}/confirmation", Handle).WithName(nameof(ConfirmExam)).WithSummary("Confirm an exam").For(Role.Hospital);

    private static async Task<Decided> Handle(Guid examId, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Exam>(examId, http.Envelope(), (exam, _) => Decide(exam), ct));
}
