using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Answering;

/// <summary>The hospital takes the patient at the held time; a fast-tracked one it only confirms.</summary>
public static class AcceptReferral
{
    public static (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book) Decide(
        Referral? referral, QuotaBook? book, Actor by, Moment at)
    {
        if (referral is { Status: ReferralStatus.Scheduled, FastTracked: true, ConfirmedByHospital: false })
            return ([new ReferralAccepted(referral.Id, by.Role, at.Now)], []);
        if (!Referral.MayGo(referral, ReferralStatus.Scheduled, ReferralStatus.Submitted))
            return ([], []);
        var (id, slot) = (referral!.Id, referral.Slot!);
        if (slot.Date < at.Today || book?.Taken.GetValueOrDefault(id) is not { } held)
            throw new RuleBroken("HOLD_EXPIRED", "The day of the held slot has passed; another one must be held.", new { slot.Date });
        return ([new ReferralAccepted(id, by.Role, at.Now), new ReferralScheduled(id, slot.Start), referral.Authorise(at, withSlot: true)],
            [new SlotBooked(id, held.Slot, held.Pool)]);
    }

    public static void MapAcceptReferral(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/acceptance", Handle).WithName(nameof(AcceptReferral)).WithSummary("Accept a referral")
        .For(Role.Hospital);

    private static async Task<Decided> Handle(Guid referralId, HttpContext http, SlotsOfReferrals slots, CancellationToken ct)
    {
        var envelope = http.Envelope();
        return new(await slots.Execute(referralId, envelope, (referral, book, _, at) =>
        {
            var (own, quota) = Decide(referral, book, envelope.Actor, at);
            return (own, quota, []);
        }, ct));
    }
}
