using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Referrals.Viewing;

namespace FamilyDoctor.Referrals.Examining;

/// <summary>The hospital withdrew an exam's slot: another one is held, and the desk confirms it again.</summary>
public sealed record RescheduleExam([Required] DateOnly? Date)
{
    public (IEnumerable<DomainEvent> Exam, IEnumerable<DomainEvent> Book, IEnumerable<DomainEvent> Others) Decide(Exam? exam, ExamBook? book, Moment at)
    {
        if (!Exam.MayGo(exam, ExamStatus.Held, ExamStatus.RebookRequired))
            return ([], [], []); // it has its slot
        var (id, taken) = (exam!.Request.ExamId, ExamBook.Take(book, exam.Request.ExamId, at.Now));
        return ([new ExamRescheduled(id, ExamBook.StreamOf(book!.HospitalId, book.Modality, book.Date), book.Date, book.StartOf(taken.Slot))], [taken],
            [new ExamPlanned(id, book.Modality, exam.Request.BodySite, book.Date)]);
    }
}

public static class RescheduleExamEndpoint
{
    public static void MapRescheduleExam(this IEndpointRouteBuilder routes) => routes
        .MapPost("/exams/{examId:guid}/rescheduling", Handle).WithName(nameof(RescheduleExam)).WithSummary("Hold another slot for an exam")
        .For(Role.Clinic, Role.Hospital);

    private static async Task<Decided> Handle(
        Guid examId, RescheduleExam command, HttpContext http, Runner runner, IEventStore store, Rows<ExamDays> days, WhoSeesToIt who, CancellationToken ct)
    {
        var request = (await store.Load<Exam>(examId, ct)).State?.Request ?? throw new UnknownId();
        var date = command.Date!.Value;
        try
        {
            return new(await runner.Execute<Exam, ExamBook, ResidentExams>(
                examId, ExamBook.StreamOf(request.HospitalId, request.Modality, date), ResidentExams.StreamOf(request.ResidentId),
                await who.OnExam(examId, http.Envelope(), ct), (exam, book, _, at) => command.Decide(exam, book, at), ct));
        }
        catch (RuleBroken e) when (e.Code is "QUOTA_EXHAUSTED" or "POOL_CLOSED")
        {
            throw new RuleBroken(e.Code, e.Message, new { date, nextDates = await days.NextDates(request.HospitalId, request.Modality, date, ct) });
        }
    }
}
