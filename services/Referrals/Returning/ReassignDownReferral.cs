using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Returning;

/// <summary>Another institution is to care for a returning patient, because his own cannot or does not answer.</summary>
public sealed record ReassignDownReferral([Required] Guid? InstitutionId, [Required, Code] string? Reason)
{
    /// <param name="institution">What is known of the one named.</param>
    public IEnumerable<DomainEvent> Decide(DownReferral? down, InstitutionFacts? institution, Moment at)
    {
        if (down is { Status: DownReferralStatus.Reassigned } && down.InstitutionId == InstitutionId)
            return []; // it is his already
        if (down?.Status is not (DownReferralStatus.Proposed or DownReferralStatus.Declined or DownReferralStatus.Reassigned))
            Going.May("down-referral", down?.Status, DownReferralStatus.Declined,
                DownReferralStatus.Proposed, DownReferralStatus.Declined, DownReferralStatus.Reassigned);
        if (institution is not { Status: "Active" } || institution.InstitutionId == down!.InstitutionId || down.Declined.Contains(institution.InstitutionId))
            throw new RuleBroken("RULE_VIOLATION", "It must be another institution that works and has not declined.", new { institution?.Status, down?.Declined });
        return [new DownReferralReassigned(down.Proposal.DownReferralId, down.OwnerOrganizationId, institution.InstitutionId, institution.DistrictCode,
            Reason!, at.Now + ProposeDownReferral.AcceptWithin)];
    }
}

public static class ReassignDownReferralEndpoint
{
    public static void MapReassignDownReferral(this IEndpointRouteBuilder routes) => routes
        .MapPost("/down-referrals/{downReferralId:guid}/reassignment", Handle).WithName(nameof(ReassignDownReferral))
        .WithSummary("Give a returning patient to another institution").For(Role.Hospital, Role.Commission).OnlyNames("institutionId");

    private static async Task<Decided> Handle(
        Guid downReferralId, ReassignDownReferral command, HttpContext http, Runner runner, Copies<InstitutionFacts> institutions, CancellationToken ct)
    {
        var institution = await institutions.Find(command.InstitutionId!.Value, ct);
        return new(await runner.Execute<DownReferral>(downReferralId, http.Envelope(), (down, at) => command.Decide(down, institution, at), ct));
    }
}
