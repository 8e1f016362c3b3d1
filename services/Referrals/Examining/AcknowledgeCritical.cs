using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Examining;

/// <summary>The family doctor knows of a critical result and acts on it; the clock of two hours stops.</summary>
public static class AcknowledgeCritical
{
    public static IEnumerable<DomainEvent> Decide(Exam? exam, Moment at)
    {
        if (exam is { CriticalKnownAt: not null })
            return []; // he knows
        if (exam is not { IsCriticalUnread: true })
            Going.May("exam", exam?.Status, ExamStatus.Requested, ExamStatus.ReportReturned);
        return exam!.IsCriticalUnread
            ? [new ExamCriticalAcknowledged(exam.Request.ExamId, at.Now)]
            : throw new RuleBroken("RULE_VIOLATION", "This result is not critical.");
    }

    public static void MapAcknowledgeCritical(this IEndpointRouteBuilder routes) => routes
        .MapPost("/exams/{examId:guid}/critical-acknowledgement", Handle).WithName(nameof(AcknowledgeCritical))
        .WithSummary("Take note of a critical result").For(Role.Clinic);

    private static async Task<Decided> Handle(Guid examId, HttpContext http, Runner runner, WhoSeesToIt who, CancellationToken ct) =>
        new(await runner.Execute<Exam>(examId, await who.OnExam(examId, http.Envelope(), ct), Decide, ct));
}
