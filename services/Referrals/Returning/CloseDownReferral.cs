using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Returning;

/// <summary>The patient is in his team's hands again; not before it has been in touch with him.</summary>
public static class CloseDownReferral
{
    public static IEnumerable<DomainEvent> Decide(DownReferral? down)
    {
        if (!DownReferral.MayGo(down, DownReferralStatus.Closed, DownReferralStatus.FollowUpScheduled))
            return [];
        return down!.ContactedAt is not null
            ? [new DownReferralClosed(down.Proposal.DownReferralId)]
            : throw new RuleBroken("FIRST_CONTACT_MISSING", "The team has not been in touch with the patient.", new { down.Proposal.ContactWithin });
    }

    public static void MapCloseDownReferral(this IEndpointRouteBuilder routes) => routes
        .MapPost("/down-referrals/{downReferralId:guid}/closure", Handle).WithName(nameof(CloseDownReferral)).WithSummary("Close a down-referral")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(Guid downReferralId, HttpContext http, Runner runner, WhoSeesToIt who, CancellationToken ct) =>
        new(await runner.Execute<DownReferral>(downReferralId, await who.OnDownReferral(downReferralId, http.Envelope(), ct), (down, _) => Decide(down), ct));
}
