using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Viewing;

/// <summary>A letter, report or plan of a referral, for the two sides that share the case.</summary>
public static class ReferralDocument
{
    public static void MapReferralDocument(this IEndpointRouteBuilder routes) => routes
        .MapGet("/referrals/{referralId:guid}/documents/{reference:guid}", Handle).WithName(nameof(ReferralDocument))
        .WithSummary("A letter, report or plan of a referral").For(Role.Clinic, Role.Hospital);

    private static async Task<IResult> Handle(Guid referralId, Guid reference, IEventStore store, Documents documents, CancellationToken ct)
    {
        var (referral, _) = await store.Load<Referral>(referralId, ct);
        var ofThisCase = referral is not null && (referral.Letters.Contains(reference)
            || new[] { referral.AdviceRef, referral.Outcome?.ReportRef, referral.Outcome?.PlanForGpRef }.Contains(reference));
        return ofThisCase && await documents.Find(reference, ct) is var (contentType, content)
            ? TypedResults.Bytes(content, contentType)
            : throw new UnknownId();
    }
}
