using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Viewing;

/// <summary>The findings and the photos of a home visit.</summary>
public static class VisitDocument
{
    public static void MapVisitDocument(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/visits/{visitId:guid}/documents/{reference:guid}", Read).WithName(nameof(VisitDocument))
            .WithSummary("A document of a home visit").For(Role.Clinic);
        routes.MapGet("/visits/{visitId:guid}/documents", List).WithName("VisitDocuments")
            .WithSummary("The documents of a home visit").For(Role.Clinic);
    }

    private static async Task<KeptFile> Read(Guid visitId, Guid reference, IEventStore store, Documents documents, CancellationToken ct) =>
        await documents.Read((await store.Load<HomeVisit>(visitId, ct)).State?.Documents, reference, Ids.Human('V', visitId), ct);

    private static async Task<ListedDocuments> List(Guid visitId, IEventStore store, Documents documents, CancellationToken ct) =>
        await documents.List((await store.Load<HomeVisit>(visitId, ct)).State?.Documents, ct);
}
