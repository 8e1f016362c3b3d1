using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Answering;

/// <summary>The hospital says no, with a reason and perhaps advice, or sends the referral on to another hospital; the slot is free again.</summary>
/// <param name="RedirectTo">The hospital that is asked instead; its own clock starts.</param>
public sealed record DeclineReferral([Required, Code] string? Reason, [MaxLength(20_000)] string? Advice = null, Guid? RedirectTo = null)
{
    /// <param name="next">The hospital to go to instead; null when it is not known or none is named.</param>
    public (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book, IEnumerable<DomainEvent> Others) Decide(
        Referral? referral, QuotaBook? book, HospitalFacts? next, Guid? adviceRef, Moment at)
    {
        if (RedirectTo is not null)
            return (Redirected(referral, next, adviceRef, at), QuotaBook.Release(book, referral!.Id), []);
        if (!Referral.MayGo(referral, ReferralStatus.Declined, ReferralStatus.Submitted, ReferralStatus.Waitlisted))
            return ([], [], []);
        return ([new ReferralDeclined(referral!.Id, Reason!, adviceRef, at.Now)], QuotaBook.Release(book, referral.Id),
            [new ReferralSettled(referral.Id, referral.Draft.Service)]);
    }

    private IEnumerable<DomainEvent> Redirected(Referral? referral, HospitalFacts? next, Guid? adviceRef, Moment at)
    {
        if (referral?.Status is not ReferralStatus.Submitted)
            Going.May("referral", referral?.Status, ReferralStatus.Submitted, ReferralStatus.Submitted);
        if (next is null || !next.Services.Contains(referral!.Draft.Service))
            throw new RuleBroken("SERVICE_NOT_OFFERED", "That hospital does not offer the service.", new { next?.Services });
        if (next.HospitalId == referral.HospitalId || referral.Redirection?.Before.Contains(next.HospitalId) is true)
            throw new RuleBroken("RULE_VIOLATION", "That hospital has been asked already.");
        return [new ReferralRedirected(referral.Id, referral.HospitalId, next.HospitalId, next.Level, Reason!, adviceRef, at.Now,
            ResponseClock.DueAt(referral.Draft.Priority, at))];
    }
}

public static class DeclineReferralEndpoint
{
    public static void MapDeclineReferral(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/decline", Handle).WithName(nameof(DeclineReferral)).WithSummary("Decline a referral with a reason")
        .For(Role.Hospital);

    private static async Task<Decided> Handle(
        Guid referralId, DeclineReferral command, HttpContext http, SlotsOfReferrals slots, ReferralLetters letters, Copies<HospitalFacts> hospitals,
        CancellationToken ct)
    {
        var next = command.RedirectTo is { } to ? await hospitals.Find(to, ct) : null;
        var adviceRef = await letters.Keep(referralId, ReferralLetters.Advice, command.Advice, ct);
        return new(await slots.Execute(referralId, http.Envelope(),
            (referral, book, _, at) => command.Decide(referral, book, next, adviceRef, at), ct));
    }
}
