using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Examining;

/// <summary>The report goes to the family doctor; a critical result is flagged so that he reads it within hours.</summary>
public sealed record ReturnExamReport([Required] bool? Critical, [MaxLength(100_000)] string? Report = null)
{
    public IEnumerable<DomainEvent> Decide(Exam? exam, Guid? reportRef, Moment at)
    {
        if (!Exam.MayGo(exam, ExamStatus.ReportReturned, ExamStatus.Performed))
            return [];
        var returned = new ExamReportReturned(exam!.Request.ExamId, reportRef, Critical!.Value, at.Now);
        return Critical.Value
            ? [returned, new CriticalResultFlagged(exam.Request.ExamId, at.Now.AddHours(at.Policy.CriticalResultHours))]
            : [returned];
    }
}

public static class ReturnExamReportEndpoint
{
    public static void MapReturnExamReport(this IEndpointRouteBuilder routes) => routes
        .MapPost("/exams/{examId:guid}/report", Handle).WithName(nameof(ReturnExamReport)).WithSummary("Return an exam's report").For(Role.Hospital);

    private static async Task<Decided> Handle(
        Guid examId, ReturnExamReport command, HttpContext http, Runner runner, IEventStore store, ReferralLetters letters, CancellationToken ct)
    {
        var (exam, _) = await store.Load<Exam>(examId, ct);
        var reportRef = await letters.Keep(
            examId, exam?.Request.ResidentId ?? throw new UnknownId(), ReferralLetters.Report, command.Report, ct);
        return new(await runner.Execute<Exam>(examId, http.Envelope(), (current, at) => command.Decide(current, reportRef, at), ct));
    }
}
