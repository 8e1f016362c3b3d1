using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Viewing;

/// <summary>The report and the files of an exam, for the two sides that share the case.</summary>
public static class ExamDocument
{
    public static void MapExamDocument(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/exams/{examId:guid}/documents/{reference:guid}", Read).WithName(nameof(ExamDocument))
            .WithSummary("A document of an exam").For(Role.Clinic, Role.Hospital);
        routes.MapGet("/exams/{examId:guid}/documents", List).WithName("ExamDocuments")
            .WithSummary("The documents of an exam").For(Role.Clinic, Role.Hospital);
    }

    private static async Task<KeptFile> Read(Guid examId, Guid reference, IEventStore store, Documents documents, CancellationToken ct) =>
        await documents.Read((await store.Load<Exam>(examId, ct)).State?.Documents, reference, Ids.Human('E', examId), ct);

    private static async Task<ListedDocuments> List(Guid examId, IEventStore store, Documents documents, CancellationToken ct) =>
        await documents.List((await store.Load<Exam>(examId, ct)).State?.Documents, ct);
}
