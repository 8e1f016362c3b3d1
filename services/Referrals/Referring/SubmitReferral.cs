using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>The referral goes to the hospital and its clock starts; an urgent one gets its slot or an emergency bay at once.</summary>
/// <param name="Waitlist">No slot was to be had: the hospital finds one, or puts him on its waiting list.</param>
public sealed record SubmitReferral([Code] string? ConsentRef = null, bool Waitlist = false)
{
    public (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book) Decide(Referral? referral, QuotaBook? book, Moment at) =>
        Decide(referral, book, at, null);

    /// <param name="dueAt">When the hospital must have answered, if not as the priority says.</param>
    public (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book) Decide(Referral? referral, QuotaBook? book, Moment at, DateTimeOffset? dueAt)
    {
        if (referral is { SubmittedAt: not null, Status: ReferralStatus.Submitted or ReferralStatus.Scheduled }
            || !Referral.MayGo(referral, ReferralStatus.Submitted, ReferralStatus.Draft))
            return ([], []);
        var (id, draft, isRoutine) = (referral!.Id, referral.Draft, referral.Draft.Priority is ReferralPriority.Routine);
        string[] missing = [
            .. string.IsNullOrWhiteSpace(ConsentRef) ? ["consentRef"] : Array.Empty<string>(),
            .. referral.ConditionCodes.Count == 0 ? ["conditionCodes"] : Array.Empty<string>(),
            .. isRoutine && referral.Slot is null && !Waitlist ? ["slot"] : Array.Empty<string>()];
        if (missing.Length > 0)
            throw new RuleBroken("CHECKLIST_INCOMPLETE", "The referral is not complete.", new { missing });

        var held = book?.Taken.GetValueOrDefault(id);
        var submitted = new ReferralSubmitted(id, draft.HospitalId, draft.Service, at.Now, dueAt ?? ResponseClock.DueAt(draft.Priority, at), ConsentRef!);
        if (isRoutine && referral.Slot is null)
            return ([submitted], []);
        if (isRoutine)
            return held is not null ? ([submitted], [new SlotRequested(id)]) : throw QuotaBook.WhyGone(book, referral.Slot!);
        return (
            [submitted, new ReferralFastTracked(id, held is null ? null : referral.Slot!.Start, at.Now), referral.Authorise(at, withSlot: held is not null)],
            held is null ? [] : [new SlotBooked(id, held.Slot, held.Pool)]);
    }
}

public static class SubmitReferralEndpoint
{
    public static void MapSubmitReferral(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/submission", Handle).WithName(nameof(SubmitReferral)).WithSummary("Send a referral to the hospital")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid referralId, SubmitReferral command, HttpContext http, SlotsOfReferrals slots, WhoSeesToIt who, CancellationToken ct) =>
        new(await slots.Execute(referralId, await who.OnReferral(referralId, http.Envelope(), ct), (referral, book, _, at) =>
        {
            var (own, quota) = command.Decide(referral, book, at);
            return (own, quota, []);
        }, ct));
}
