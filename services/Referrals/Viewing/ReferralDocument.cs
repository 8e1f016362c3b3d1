using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Viewing;

/// <summary>The letters, reports and files of a referral, for the two sides that share the case.</summary>
public static class ReferralDocument
{
    public static void MapReferralDocument(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/referrals/{referralId:guid}/documents/{reference:guid}", Read).WithName(nameof(ReferralDocument))
            .WithSummary("A letter, report or file of a referral").For(Role.Clinic, Role.Hospital);
        routes.MapGet("/referrals/{referralId:guid}/documents", List).WithName("ReferralDocuments")
            .WithSummary("The documents of a referral").For(Role.Clinic, Role.Hospital);
    }

    private static async Task<KeptFile> Read(Guid referralId, Guid reference, IEventStore store, Documents documents, CancellationToken ct) =>
        await documents.Read((await store.Load<Referral>(referralId, ct)).State?.Documents, reference, Ids.Human('R', referralId), ct);

    private static async Task<ListedDocuments> List(Guid referralId, IEventStore store, Documents documents, CancellationToken ct) =>
        await documents.List((await store.Load<Referral>(referralId, ct)).State?.Documents, ct);
}
