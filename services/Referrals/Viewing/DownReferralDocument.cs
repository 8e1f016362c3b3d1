using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Viewing;

/// <summary>The discharge summary and the files of a patient's way back, for the two sides that share the case.</summary>
public static class DownReferralDocument
{
    public static void MapDownReferralDocument(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/down-referrals/{downReferralId:guid}/documents/{reference:guid}", Read).WithName(nameof(DownReferralDocument))
            .WithSummary("A document of a down-referral").For(Role.Clinic, Role.Hospital);
        routes.MapGet("/down-referrals/{downReferralId:guid}/documents", List).WithName("DownReferralDocuments")
            .WithSummary("The documents of a down-referral").For(Role.Clinic, Role.Hospital);
    }

    private static async Task<KeptFile> Read(Guid downReferralId, Guid reference, IEventStore store, Documents documents, CancellationToken ct) =>
        await documents.Read((await store.Load<DownReferral>(downReferralId, ct)).State?.Documents, reference, Ids.Human('R', downReferralId), ct);

    private static async Task<ListedDocuments> List(Guid downReferralId, IEventStore store, Documents documents, CancellationToken ct) =>
        await documents.List((await store.Load<DownReferral>(downReferralId, ct)).State?.Documents, ct);
}
