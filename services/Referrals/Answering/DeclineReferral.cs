using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Answering;

/// <summary>The hospital says no, with a reason and perhaps advice for the family doctor; the slot is free again.</summary>
public sealed record DeclineReferral([Required, Code] string? Reason, [MaxLength(20_000)] string? Advice = null)
{
    public (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book, IEnumerable<DomainEvent> Others) Decide(
        Referral? referral, QuotaBook? book, Guid? adviceRef, Moment at)
    {
        if (!Referral.MayGo(referral, ReferralStatus.Declined, ReferralStatus.Submitted))
            return ([], [], []);
        return ([new ReferralDeclined(referral!.Id, Reason!, adviceRef, at.Now)], QuotaBook.Release(book, referral.Id),
            [new ReferralSettled(referral.Id, referral.Draft.Service)]);
    }
}

public static class DeclineReferralEndpoint
{
    public static void MapDeclineReferral(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/decline", Handle).WithName(nameof(DeclineReferral)).WithSummary("Decline a referral with a reason")
        .For(Role.Hospital);

    private static async Task<Decided> Handle(
        Guid referralId, DeclineReferral command, HttpContext http, SlotsOfReferrals slots, ReferralLetters letters, CancellationToken ct)
    {
        var adviceRef = await letters.Keep(referralId, ReferralLetters.Advice, command.Advice, ct);
        return new(await slots.Execute(referralId, http.Envelope(), (referral, book, _, at) => command.Decide(referral, book, adviceRef, at), ct));
    }
}
