using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>A slot that was held for a draft is given back at once, for somebody else.</summary>
public static class ReleaseHold
{
    public static (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book) Decide(Referral? referral, QuotaBook? book)
    {
        if (referral?.Status is not ReferralStatus.Draft)
            Going.May("referral", referral?.Status, ReferralStatus.Draft, ReferralStatus.Draft);
        return referral!.Slot is null
            ? ([], []) // no slot is held
            : ([new ReferralSlotReleased(referral.Id)], QuotaBook.Release(book, referral.Id));
    }

    public static void MapReleaseHold(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/hold-release", Handle).WithName(nameof(ReleaseHold)).WithSummary("Give a held slot back").For(Role.Clinic);

    private static async Task<Decided> Handle(Guid referralId, HttpContext http, SlotsOfReferrals slots, WhoSeesToIt who, CancellationToken ct) =>
        new(await slots.Execute(referralId, await who.OnReferral(referralId, http.Envelope(), ct), (referral, book, _, _) =>
        {
            var (own, quota) = Decide(referral, book);
            return (own, quota, []);
        }, ct));
}
