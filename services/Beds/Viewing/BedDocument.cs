using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Viewing;

/// <summary>The summary and the files of a family bed.</summary>
public static class BedDocument
{
    public static void MapBedDocument(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/beds/{bedId:guid}/documents/{reference:guid}", Read).WithName(nameof(BedDocument))
            .WithSummary("A document of a family bed").For(Role.Clinic);
        routes.MapGet("/beds/{bedId:guid}/documents", List).WithName("BedDocuments")
            .WithSummary("The documents of a family bed").For(Role.Clinic);
    }

    private static async Task<KeptFile> Read(Guid bedId, Guid reference, IEventStore store, Documents documents, CancellationToken ct) =>
        await documents.Read((await store.Load<FamilyBed>(bedId, ct)).State?.Documents, reference, Ids.Human('B', bedId), ct);

    private static async Task<ListedDocuments> List(Guid bedId, IEventStore store, Documents documents, CancellationToken ct) =>
        await documents.List((await store.Load<FamilyBed>(bedId, ct)).State?.Documents, ct);
}
