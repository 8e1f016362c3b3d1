using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Referrals.Viewing;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>A slot of a day is kept for a quarter of an hour while the doctor completes the referral.</summary>
public sealed record HoldSlot([Required] DateOnly? Date)
{
    public (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book) Decide(Referral? referral, QuotaBook? book, Moment at)
    {
        // A sent referral keeps its slot; only when its day has passed without an answer may it have another one.
        var isSent = referral is { Status: ReferralStatus.Submitted, Slot: { } passed } && passed.Date < at.Today;
        if (!isSent && referral?.Status is not ReferralStatus.Draft)
            Going.May("referral", referral?.Status, ReferralStatus.Draft, ReferralStatus.Draft);
        if (book is not null && book.Taken.ContainsKey(referral!.Id))
            return ([], []); // the slot of this day is held already
        var draft = referral!.Draft;
        var held = QuotaBook.Hold(book, draft.ReferralId, draft.Priority, contracted: draft.ContractId is not null, at);
        var chosen = new ReferralSlotHeld(
            draft.ReferralId, QuotaBook.StreamOf(book!.HospitalId, book.Service, book.Date), book.Date, book.StartOf(held.Slot));
        return ([chosen], isSent ? [held, new SlotRequested(held.HoldId)] : [held]);
    }
}

public static class HoldSlotEndpoint
{
    public static void MapHoldSlot(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/hold", Handle).WithName(nameof(HoldSlot)).WithSummary("Hold a slot of a day for a referral")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid referralId, HoldSlot command, HttpContext http, SlotsOfReferrals slots, IEventStore store, Rows<QuotaDays> days, WhoSeesToIt who,
        CancellationToken ct)
    {
        try
        {
            return new(await slots.ExecuteOn(r => QuotaBook.StreamOf(r.Draft.HospitalId, r.Draft.Service, command.Date!.Value),
                referralId, await who.OnReferral(referralId, http.Envelope(), ct), command.Decide, ct));
        }
        catch (RuleBroken e) when (e.Code is "QUOTA_EXHAUSTED" or "POOL_CLOSED")
        {
            var (referral, _) = await store.Load<Referral>(referralId, ct);
            throw new RuleBroken(e.Code, e.Message, new
            {
                command.Date,
                nextDates = await days.NextDates(referral!.Draft.HospitalId, referral.Draft.Service, command.Date!.Value, ct),
                otherHospitals = await days.OtherHospitals(referral.Draft.HospitalId, referral.Draft.Service, command.Date.Value, ct),
            });
        }
    }
}
