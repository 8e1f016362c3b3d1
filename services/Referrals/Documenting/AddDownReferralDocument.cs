using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Documenting;

/// <summary>A discharge summary or another file is put to a patient's way back, by either side and whenever it comes.</summary>
public static class AddDownReferralDocument
{
    public static IEnumerable<DomainEvent> Decide(DownReferral? down, Guid downReferralId, Guid reference, DocumentKind kind) =>
        CaseDocument.IsNew(down?.Documents ?? throw new UnknownId(), reference) ? [new DownReferralDocumentAdded(downReferralId, reference, kind)] : [];

    public static void MapAddDownReferralDocument(this IEndpointRouteBuilder routes) => routes
        .MapPost("/down-referrals/{downReferralId:guid}/documents", Handle).WithName(nameof(AddDownReferralDocument)).WithSummary("Add a document to a down-referral")
        .TakesFile().For(Role.Clinic, Role.Hospital);

    private static async Task<Decided> Handle(
        Guid downReferralId, string kind, HttpContext http, Runner runner, IEventStore store, Documents documents, CancellationToken ct)
    {
        var what = CaseDocument.KindOf(kind);
        var (down, _) = await store.Load<DownReferral>(downReferralId, ct);
        var residentId = down?.Proposal.ResidentId ?? throw new UnknownId();
        var reference = await documents.Keep(downReferralId, residentId, what, await SentFile.Receive(http, ct), ct);
        return new(await runner.Execute<DownReferral>(downReferralId, http.Envelope(), (current, _) => Decide(current, downReferralId, reference, what), ct),
            $"/down-referrals/{downReferralId}/documents/{reference}");
    }
}
