using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>A referral is given up before the patient came; its slot is free again.</summary>
public sealed record CancelReferral([Required, Code] string? Reason)
{
    public (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book, IEnumerable<DomainEvent> Others) Decide(
        Referral? referral, QuotaBook? book, Actor by, DateTimeOffset? at = null)
    {
        if (!Referral.MayGo(referral, ReferralStatus.Cancelled, Referral.BeforeArrival))
            return ([], [], []);
        return ([new ReferralCancelled(referral!.Id, by.Role, Reason!, at)], QuotaBook.Release(book, referral.Id),
            referral.Status is ReferralStatus.Prefilled ? [] : [new ReferralSettled(referral.Id, referral.Draft.Service)]);
    }
}

public static class CancelReferralEndpoint
{
    public static void MapCancelReferral(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/cancellation", Handle).WithName(nameof(CancelReferral)).WithSummary("Cancel a referral before arrival")
        .For(Role.Clinic, Role.Hospital);

    private static async Task<Decided> Handle(
        Guid referralId, CancelReferral command, HttpContext http, SlotsOfReferrals slots, WhoSeesToIt who, CancellationToken ct)
    {
        var envelope = await who.OnReferral(referralId, http.Envelope(), ct);
        return new(await slots.Execute(referralId, envelope, (referral, book, _, _) => command.Decide(referral, book, envelope.Actor), ct));
    }
}
