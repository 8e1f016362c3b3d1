using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Documenting;

/// <summary>A plan, a consent, a photo or another file is put to a family bed, whenever it comes.</summary>
public static class AddBedDocument
{
    public static IEnumerable<DomainEvent> Decide(FamilyBed? bed, Guid bedId, Guid reference, DocumentKind kind) =>
        CaseDocument.IsNew(bed?.Documents ?? throw new UnknownId(), reference) ? [new BedDocumentAdded(bedId, reference, kind)] : [];

    public static void MapAddBedDocument(this IEndpointRouteBuilder routes) => routes
        .MapPost("/beds/{bedId:guid}/documents", Handle).WithName(nameof(AddBedDocument)).WithSummary("Add a document to a family bed")
        .TakesFile().For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid bedId, string kind, HttpContext http, Runner runner, IEventStore store, Documents documents, CancellationToken ct)
    {
        var what = CaseDocument.KindOf(kind);
        var (bed, _) = await store.Load<FamilyBed>(bedId, ct);
        var residentId = bed?.Request.ResidentId ?? throw new UnknownId();
        var reference = await documents.Keep(bedId, residentId, what, await SentFile.Receive(http, ct), ct);
        return new(await runner.Execute<FamilyBed>(bedId, http.Envelope(), (current, _) => Decide(current, bedId, reference, what), ct),
            $"/beds/{bedId}/documents/{reference}");
    }
}
