using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>A slot of a day is kept for a quarter of an hour while the doctor completes the referral.</summary>
public sealed record HoldSlot([Required] DateOnly? Date)
{
    public (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book) Decide(Referral? referral, QuotaBook? book, Moment at)
    {
        // A sent referral keeps its slot; only without one, or when its day has passed without an answer, may it have another.
        var isSent = referral is { Status: ReferralStatus.Submitted } sent && (sent.Slot is null || sent.Slot.Date < at.Today);
        if (!isSent && referral?.Status is not ReferralStatus.Draft)
            Going.May("referral", referral?.Status, ReferralStatus.Draft, ReferralStatus.Draft);
        if (book is not null && book.Taken.ContainsKey(referral!.Id))
            return ([], []); // the slot of this day is held already
        var (held, slot) = QuotaBook.Choose(book, referral!, at);
        var chosen = new ReferralSlotHeld(referral!.Id, slot.BookId, slot.Date, slot.Start);
        return ([chosen], isSent ? [held, new SlotRequested(held.HoldId)] : [held]);
    }
}

public static class HoldSlotEndpoint
{
    public static void MapHoldSlot(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/hold", Handle).WithName(nameof(HoldSlot)).WithSummary("Hold a slot of a day for a referral")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid referralId, HoldSlot command, HttpContext http, SlotsOfReferrals slots, FreeSlots free, WhoSeesToIt who,
        CancellationToken ct)
    {
        try
        {
            return new(await slots.ExecuteOn(r => QuotaBook.StreamOf(r.HospitalId, r.Draft.Service, command.Date!.Value),
                referralId, await who.OnReferral(referralId, http.Envelope(), ct), command.Decide, ct));
        }
        catch (RuleBroken e) when (e.Code is "QUOTA_EXHAUSTED" or "POOL_CLOSED")
        {
            throw await free.Instead(e, referralId, command.Date!.Value, ct);
        }
    }
}
