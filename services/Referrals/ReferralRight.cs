using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals;

/// <summary>The newest that is known of a resident's contract.</summary>
/// <param name="Version">Of the resident's enrolment; a decision stores the one it rests on.</param>
public sealed record KnownContract(ContractFacts Facts, long Version);

/// <summary>Who may be referred, and by whom.</summary>
public static class ReferralRight
{
    /// <summary>The contract that gives the right; in the grace after its end only what cannot wait.</summary>
    public static KnownContract Of(KnownContract? contract, ReferralPriority priority, Moment at) =>
        Is(contract, priority, at)
            ? contract!
            : throw new RuleBroken("NO_ACTIVE_CONTRACT", "This resident has no active contract with a team.",
                new { status = contract?.Facts.Status, contract?.Facts.EndsOn });

    public static bool Is(KnownContract? contract, ReferralPriority priority, Moment at)
    {
        var active = contract?.Facts is { Status: "Active" or "AwaitingReassignment" } c && c.CoveredSince <= at.Today && at.Today <= c.EndsOn;
        var inGrace = contract?.Facts.Status is "Active" or "InGrace" && !active && contract.Facts.CoveredSince <= at.Today;
        return active || (inGrace && priority is not ReferralPriority.Routine);
    }

    /// <summary>A doctor refers residents of his own team or of the one he stands in for, staff of an institution those of its teams.</summary>
    public static void OfDoctor(Actor by, ContractFacts contract, TeamFacts? team)
    {
        if (team?.LeaderId is { } leader && by.OnBehalfOf == leader.ToString() && Guid.TryParse(by.Id, out _))
            return;
        var otherInstitution = Guid.TryParse(by.OrganizationId, out var institution) && institution != contract.InstitutionId;
        var notGp = Guid.TryParse(by.Id, out var practitioner) && team is not null
            && !team.Members.Any(m => m.PractitionerId == practitioner && m.Role is "gp");
        if (otherInstitution || notGp)
            throw new RuleBroken("NOT_PANEL_GP", "Only a family doctor of the resident's own team may do this.", new { contract.TeamId });
    }
}
