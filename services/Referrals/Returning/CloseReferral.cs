using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Returning;

/// <summary>The family doctor closes a loop that will have no outcome, and says why.</summary>
public sealed record CloseReferral([Required, Code] string? Reason)
{
    public (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Others) Decide(Referral? referral, ResidentReferrals? others) =>
        Referral.MayGo(referral, ReferralStatus.Closed, ReferralStatus.NoShow, ReferralStatus.Advised, ReferralStatus.InCare)
            ? ([new ReferralClosed(referral!.Id, ClosedLoop: false, Reason)], ResidentReferrals.Settled(others, referral))
            : ([], []);
}

public static class CloseReferralEndpoint
{
    public static void MapCloseReferral(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/closure", Handle).WithName(nameof(CloseReferral)).WithSummary("Close a referral without an outcome")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid referralId, CloseReferral command, HttpContext http, Runner runner, IEventStore store, WhoSeesToIt who, CancellationToken ct)
    {
        var referral = (await store.Load<Referral>(referralId, ct)).State ?? throw new UnknownId();
        return new(await runner.Execute<Referral, ResidentReferrals>(
            referralId, ResidentReferrals.StreamOf(referral.Draft.ResidentId), await who.OnReferral(referralId, http.Envelope(), ct), (r, o, _) => command.Decide(r, o), ct));
    }
}
