using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Answering;

/// <summary>The specialist's advice is enough: the family doctor treats the resident himself, and nobody travels.</summary>
public sealed record AdviseInstead([Required, MaxLength(20_000)] string? Advice)
{
    public (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book, IEnumerable<DomainEvent> Others) Decide(
        Referral? referral, QuotaBook? book, Guid? adviceRef, Actor by, Moment at)
    {
        if (!Referral.MayGo(referral, ReferralStatus.Advised, ReferralStatus.Submitted))
            return ([], [], []);
        return ([new ReferralAdvised(referral!.Id, by.Role, adviceRef, at.Now)], QuotaBook.Release(book, referral.Id),
            [new ReferralSettled(referral.Id, referral.Draft.Service)]);
    }
}

public static class AdviseInsteadEndpoint
{
    public static void MapAdviseInstead(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/advice", Handle).WithName(nameof(AdviseInstead)).WithSummary("Advise the family doctor instead of a visit")
        .For(Role.Hospital);

    private static async Task<Decided> Handle(
        Guid referralId, AdviseInstead command, HttpContext http, SlotsOfReferrals slots, ReferralLetters letters, CancellationToken ct)
    {
        var envelope = http.Envelope();
        var adviceRef = await letters.Keep(referralId, ReferralLetters.Advice, command.Advice, ct);
        return new(await slots.Execute(referralId, envelope,
            (referral, book, _, at) => command.Decide(referral, book, adviceRef, envelope.Actor, at), ct));
    }
}
