using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Examining;

/// <summary>The resident did not come for the exam, so it counts for no duplicate.</summary>
public static class MarkExamNoShow
{
    public static (IEnumerable<DomainEvent> Exam, IEnumerable<DomainEvent> Others) Decide(Exam? exam, Moment at)
    {
        if (!Exam.MayGo(exam, ExamStatus.NoShow, ExamStatus.Held, ExamStatus.Confirmed))
            return ([], []);
        if (exam!.Slot!.Date > at.Today)
            throw new RuleBroken("SLOT_NOT_DUE", "The day of the slot has not come.", new { exam.Slot.Date });
        return ([new ExamNoShow(exam.Request.ExamId)], [new ExamDropped(exam.Request.ExamId)]);
    }

    public static void MapMarkExamNoShow(this IEndpointRouteBuilder routes) => routes
        .MapPost("/exams/{examId:guid}/no-show", Handle).WithName(nameof(MarkExamNoShow)).WithSummary("The resident did not come for an exam")
        .For(Role.Hospital);

    private static async Task<Decided> Handle(Guid examId, HttpContext http, Runner runner, IEventStore store, CancellationToken ct)
    {
        var (exam, _) = await store.Load<Exam>(examId, ct);
        return new(await runner.Execute<Exam, ResidentExams>(
            examId, ResidentExams.StreamOf(exam?.Request.ResidentId ?? throw new UnknownId()), http.Envelope(),
            (current, _, at) => Decide(current, at), ct));
    }
}
