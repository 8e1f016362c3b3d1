using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Returning;

/// <summary>The family doctor has read the outcome, the advice, or that the patient did not come: the loop is closed.</summary>
public static class AcknowledgeOutcome
{
    public static IEnumerable<DomainEvent> Decide(Referral? referral)
    {
        if (!Referral.MayGo(referral, ReferralStatus.Closed, ReferralStatus.OutcomeReturned, ReferralStatus.NoShow, ReferralStatus.Advised))
            return [];
        return referral!.Status switch
        {
            ReferralStatus.OutcomeReturned => [new ReferralClosed(referral.Id, ClosedLoop: true, null)],
            ReferralStatus.Advised => [new ReferralClosed(referral.Id, ClosedLoop: false, "advised")],
            _ => [new ReferralClosed(referral.Id, ClosedLoop: false, "noShow")],
        };
    }

    public static void MapAcknowledgeOutcome(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/acknowledgement", Handle).WithName(nameof(AcknowledgeOutcome)).WithSummary("Close the loop")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(Guid referralId, HttpContext http, Runner runner, WhoSeesToIt who, CancellationToken ct) =>
        new(await runner.Execute<Referral>(referralId, await who.OnReferral(referralId, http.Envelope(), ct), (referral, _) => Decide(referral), ct));
}
