using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Answering;

/// <summary>The hospital takes the patient at the held time or on another day; a fast-tracked one it only confirms.</summary>
/// <param name="Date">Another day than the held one, or the day for whoever had none.</param>
public sealed record AcceptReferral(DateOnly? Date = null)
{
    public (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book) Decide(Referral? referral, QuotaBook? book, Actor by, Moment at)
    {
        if (referral is { Status: ReferralStatus.Scheduled, FastTracked: true, ConfirmedByHospital: false })
            return ([new ReferralAccepted(referral.Id, by.Role, at.Now)], []);
        if (!Referral.MayGo(referral, ReferralStatus.Scheduled, ReferralStatus.Submitted, ReferralStatus.Waitlisted))
            return ([], []);
        var id = referral!.Id;
        if (Date is { } date && referral.Slot?.Date != date)
            return OnAnotherDay(referral, book, by, at);
        if (referral.Slot is not { } slot)
            throw new RuleBroken("CHECKLIST_INCOMPLETE", "No slot is held for this patient: name a day.", new { missing = new[] { "date" } });
        if (slot.Date < at.Today || book?.Taken.GetValueOrDefault(id) is not { } held)
            throw QuotaBook.WhyGone(book, slot);
        return ([new ReferralAccepted(id, by.Role, at.Now), new ReferralScheduled(id, slot.Start), referral.Authorise(at, withSlot: true)],
            [new SlotBooked(id, held.Slot, held.Pool)]);
    }

    private static (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) OnAnotherDay(Referral referral, QuotaBook? book, Actor by, Moment at)
    {
        var (held, chosen) = QuotaBook.Choose(book, referral, at);
        return (
            [new ReferralSlotHeld(referral.Id, chosen.BookId, chosen.Date, chosen.Start), new ReferralAccepted(referral.Id, by.Role, at.Now),
             new ReferralScheduled(referral.Id, chosen.Start), (referral with { Slot = chosen }).Authorise(at, withSlot: true)],
            [held, new SlotBooked(referral.Id, held.Slot, held.Pool)]);
    }
}

public static class AcceptReferralEndpoint
{
    public static void MapAcceptReferral(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/acceptance", Handle).WithName(nameof(AcceptReferral)).WithSummary("Accept a referral")
        .For(Role.Hospital);

    private static async Task<Decided> Handle(
        Guid referralId, AcceptReferral? command, HttpContext http, SlotsOfReferrals slots, FreeSlots free, CancellationToken ct)
    {
        var (envelope, accept) = (http.Envelope(), command ?? new());
        if (accept.Date is not { } date)
        {
            return new(await slots.Execute(referralId, envelope, (referral, book, _, at) =>
            {
                var (own, quota) = accept.Decide(referral, book, envelope.Actor, at);
                return (own, quota, []);
            }, ct));
        }
        try
        {
            return new(await slots.ExecuteOn(r => QuotaBook.StreamOf(r.HospitalId, r.Draft.Service, date), referralId, envelope,
                (referral, book, at) => accept.Decide(referral, book, envelope.Actor, at), ct));
        }
        catch (RuleBroken e) when (e.Code is "QUOTA_EXHAUSTED" or "POOL_CLOSED")
        {
            throw await free.Instead(e, referralId, date, ct);
        }
    }
}
