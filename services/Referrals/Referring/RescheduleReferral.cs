using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>The patient comes on another day, by his wish or because the hospital withdrew his slot; the old one is free again.</summary>
public sealed record RescheduleReferral([Required] DateOnly? Date)
{
    public (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book) Decide(Referral? referral, QuotaBook? book, Moment at)
    {
        if (referral?.Status is not (ReferralStatus.Scheduled or ReferralStatus.RebookRequired))
            Going.May("referral", referral?.Status, ReferralStatus.Scheduled, ReferralStatus.Scheduled, ReferralStatus.RebookRequired);
        if (book is not null && book.Taken.ContainsKey(referral!.Id))
            return ([], []); // he comes on this day already
        return Take(referral!, book, at);
    }

    /// <summary>Another slot: his at once if he was taken before, otherwise requested of the hospital.</summary>
    internal static (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book) Take(Referral referral, QuotaBook? book, Moment at)
    {
        var (held, slot) = QuotaBook.Choose(book, referral, at);
        var moved = new ReferralRescheduled(referral.Id, slot.BookId, slot.Date, slot.Start,
            referral.IsTaken ? null : ResponseClock.DueAt(referral.Draft.Priority, at));
        return referral.IsTaken
            ? ([moved, (referral with { Slot = slot }).Authorise(at, withSlot: true)], [held, new SlotBooked(referral.Id, held.Slot, held.Pool)])
            : ([moved], [held, new SlotRequested(referral.Id)]);
    }
}

public static class RescheduleReferralEndpoint
{
    public static void MapRescheduleReferral(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/rescheduling", Handle).WithName(nameof(RescheduleReferral)).WithSummary("Move a referral to another day")
        .For(Role.Clinic, Role.Hospital);

    private static async Task<Decided> Handle(
        Guid referralId, RescheduleReferral command, HttpContext http, SlotsOfReferrals slots, FreeSlots free, WhoSeesToIt who, CancellationToken ct)
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
