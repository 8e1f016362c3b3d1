using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Returning;

/// <summary>The patient did not come on the day; the family doctor hears of it and may refer anew.</summary>
public static class MarkReferralNoShow
{
    public static (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Others) Decide(Referral? referral, Moment at)
    {
        if (!Referral.MayGo(referral, ReferralStatus.NoShow, ReferralStatus.Scheduled))
            return ([], []);
        if (referral!.Slot is { } slot && slot.Date > at.Today)
            throw new RuleBroken("SLOT_NOT_DUE", "The day of the slot has not come.", new { slot.Date });
        return ([new ReferralNoShow(referral.Id)], [new ReferralSettled(referral.Id, referral.Draft.Service)]);
    }

    public static void MapMarkReferralNoShow(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/no-show", Handle).WithName(nameof(MarkReferralNoShow)).WithSummary("The patient did not come")
        .For(Role.Hospital);

    private static async Task<Decided> Handle(Guid referralId, HttpContext http, SlotsOfReferrals slots, CancellationToken ct) =>
        new(await slots.Execute(referralId, http.Envelope(), (referral, _, _, at) =>
        {
            var (own, others) = Decide(referral, at);
            return (own, [], others);
        }, ct));
}
