using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Documenting;

/// <summary>A letter, a report, a photo or another file is put to a referral, by either side and whenever it comes.</summary>
public static class AddReferralDocument
{
    public static IEnumerable<DomainEvent> Decide(Referral? referral, Guid referralId, Guid reference, DocumentKind kind) =>
        CaseDocument.IsNew(referral?.Documents ?? throw new UnknownId(), reference) ? [new ReferralDocumentAdded(referralId, reference, kind)] : [];

    public static void MapAddReferralDocument(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/documents", Handle).WithName(nameof(AddReferralDocument)).WithSummary("Add a document to a referral")
        .TakesFile().For(Role.Clinic, Role.Hospital);

    private static async Task<Decided> Handle(
        Guid referralId, string kind, HttpContext http, Runner runner, IEventStore store, Documents documents, CancellationToken ct)
    {
        var what = CaseDocument.KindOf(kind);
        var (referral, _) = await store.Load<Referral>(referralId, ct);
        var residentId = referral?.Draft.ResidentId ?? throw new UnknownId();
        var reference = await documents.Keep(referralId, residentId, what, await SentFile.Receive(http, ct), ct);
        return new(await runner.Execute<Referral>(referralId, http.Envelope(), (current, _) => Decide(current, referralId, reference, what), ct),
            $"/referrals/{referralId}/documents/{reference}");
    }
}
