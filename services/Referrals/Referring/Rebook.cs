using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>A patient who did not come gets another slot, twice at most.</summary>
public sealed record Rebook([Required] DateOnly? Date)
{
    public (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book, IEnumerable<DomainEvent> Others) Decide(
        Referral? referral, QuotaBook? book, ResidentReferrals? others, Moment at)
    {
        if (referral?.Status is not ReferralStatus.NoShow)
            Going.May("referral", referral?.Status, ReferralStatus.NoShow, ReferralStatus.NoShow);
        if (referral!.Rebookings >= Referral.MostRebookings)
            throw new RuleBroken("RULE_VIOLATION", "He did not come three times; refer him anew or close the referral.", new { Referral.MostRebookings });
        var opened = ResidentReferrals.Opened(others, referral.Id, referral.Draft.Service, referral.Draft.DuplicateReason);
        var missed = QuotaBook.Release(book, referral.Id).ToList(); // when he comes later on the same day
        var (own, quota) = RescheduleReferral.Take(referral, missed.Aggregate(book, QuotaBook.Evolve), at);
        return (own, [.. missed, .. quota], [opened]);
    }
}

public static class RebookEndpoint
{
    public static void MapRebook(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/rebooking", Handle).WithName(nameof(Rebook)).WithSummary("Give a patient who did not come another slot")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid referralId, Rebook command, HttpContext http, Runner runner, IEventStore store, FreeSlots free, WhoSeesToIt who, CancellationToken ct)
    {
        // Neither the hospital of a referral that was taken nor its resident ever changes, so reading them here is enough.
        var referral = (await store.Load<Referral>(referralId, ct)).State ?? throw new UnknownId();
        try
        {
            return new(await runner.Execute<Referral, QuotaBook, ResidentReferrals>(
                referralId, QuotaBook.StreamOf(referral.HospitalId, referral.Draft.Service, command.Date!.Value),
                ResidentReferrals.StreamOf(referral.Draft.ResidentId), await who.OnReferral(referralId, http.Envelope(), ct), command.Decide, ct));
        }
        catch (RuleBroken e) when (e.Code is "QUOTA_EXHAUSTED" or "POOL_CLOSED")
        {
            throw await free.Instead(e, referralId, command.Date!.Value, ct);
        }
    }
}
