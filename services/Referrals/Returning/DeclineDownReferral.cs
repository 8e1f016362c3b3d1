using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Returning;

/// <summary>The institution cannot care for a returning patient; he is the hospital's again until another takes him.</summary>
public sealed record DeclineDownReferral([Required, Code] string? Reason)
{
    public IEnumerable<DomainEvent> Decide(DownReferral? down, Moment at) =>
        DownReferral.MayGo(down, DownReferralStatus.Declined, DownReferralStatus.Proposed, DownReferralStatus.Reassigned)
            ? [new DownReferralDeclined(down!.Proposal.DownReferralId, down.InstitutionId, Reason!, at.Now + ProposeDownReferral.AcceptWithin)]
            : [];
}

public static class DeclineDownReferralEndpoint
{
    public static void MapDeclineDownReferral(this IEndpointRouteBuilder routes) => routes
        .MapPost("/down-referrals/{downReferralId:guid}/decline", Handle).WithName(nameof(DeclineDownReferral))
        .WithSummary("Say that the institution cannot care for a returning patient").For(Role.Clinic);

    private static async Task<Decided> Handle(Guid downReferralId, DeclineDownReferral command, HttpContext http, Runner runner, WhoSeesToIt who, CancellationToken ct) =>
        new(await runner.Execute<DownReferral>(downReferralId, await who.OnDownReferral(downReferralId, http.Envelope(), ct), command.Decide, ct));
}
