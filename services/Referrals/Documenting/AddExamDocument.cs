using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Documenting;

/// <summary>A report, a picture or another file is put to an exam, by either side and whenever it comes.</summary>
public static class AddExamDocument
{
    public static IEnumerable<DomainEvent> Decide(Exam? exam, Guid examId, Guid reference, DocumentKind kind) =>
        CaseDocument.IsNew(exam?.Documents ?? throw new UnknownId(), reference) ? [new ExamDocumentAdded(examId, reference, kind)] : [];

    public static void MapAddExamDocument(this IEndpointRouteBuilder routes) => routes
        .MapPost("/exams/{examId:guid}/documents", Handle).WithName(nameof(AddExamDocument)).WithSummary("Add a document to an exam")
        .TakesFile().For(Role.Clinic, Role.Hospital);

    private static async Task<Decided> Handle(
        Guid examId, string kind, HttpContext http, Runner runner, IEventStore store, Documents documents, CancellationToken ct)
    {
        var what = CaseDocument.KindOf(kind);
        var (exam, _) = await store.Load<Exam>(examId, ct);
        var residentId = exam?.Request.ResidentId ?? throw new UnknownId();
        var reference = await documents.Keep(examId, residentId, what, await SentFile.Receive(http, ct), ct);
        return new(await runner.Execute<Exam>(examId, http.Envelope(), (current, _) => Decide(current, examId, reference, what), ct),
            $"/exams/{examId}/documents/{reference}");
    }
}
