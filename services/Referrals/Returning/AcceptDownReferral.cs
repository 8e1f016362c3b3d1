using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Returning;

/// <summary>The team takes its patient back and will see to him.</summary>
public static class AcceptDownReferral
{
    public static IEnumerable<DomainEvent> Decide(DownReferral? down) =>
        DownReferral.MayGo(down, DownReferralStatus.FollowUpScheduled, DownReferralStatus.Proposed, DownReferralStatus.Reassigned)
            ? [new DownReferralAccepted(down!.Proposal.DownReferralId)]
            : [];

    public static void MapAcceptDownReferral(this IEndpointRouteBuilder routes) => routes
        .MapPost("/down-referrals/{downReferralId:guid}/acceptance", Handle).WithName(nameof(AcceptDownReferral)).WithSummary("Take a patient back")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(Guid downReferralId, HttpContext http, Runner runner, WhoSeesToIt who, CancellationToken ct) =>
        new(await runner.Execute<DownReferral>(downReferralId, await who.OnDownReferral(downReferralId, http.Envelope(), ct), (down, _) => Decide(down), ct));
}
