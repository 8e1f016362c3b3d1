using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Documenting;

/// <summary>Findings, photos or another file are put to a home visit, on it or later.</summary>
public static class AddVisitDocument
{
    public static IEnumerable<DomainEvent> Decide(HomeVisit? visit, Guid visitId, Guid reference, DocumentKind kind) =>
        CaseDocument.IsNew(visit?.Documents ?? throw new UnknownId(), reference) ? [new VisitDocumentAdded(visitId, reference, kind)] : [];

    public static void MapAddVisitDocument(this IEndpointRouteBuilder routes) => routes
        .MapPost("/visits/{visitId:guid}/documents", Handle).WithName(nameof(AddVisitDocument)).WithSummary("Add a document to a home visit")
        .TakesFile().For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid visitId, string kind, HttpContext http, Runner runner, IEventStore store, Documents documents, CancellationToken ct)
    {
        var what = CaseDocument.KindOf(kind);
        var (visit, _) = await store.Load<HomeVisit>(visitId, ct);
        var residentId = visit?.Plan.ResidentId ?? throw new UnknownId();
        var reference = await documents.Keep(visitId, residentId, what, await SentFile.Receive(http, ct), ct);
        return new(await runner.Execute<HomeVisit>(visitId, http.Envelope(), (current, _) => Decide(current, visitId, reference, what), ct),
            $"/visits/{visitId}/documents/{reference}");
    }
}
