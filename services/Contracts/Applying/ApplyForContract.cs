using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Applying;

/// <summary>A resident asks a team to become his family doctors; a seat is kept for him until the team answers.</summary>
public sealed record ApplyForContract(
    Guid? Id, [Required] Guid? ResidentId, [Required] Guid? TeamId, int? TermMonths = null, IReadOnlyList<string>? PackageIds = null)
{
    public (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(Guid contractId, Enrolment? enrolment, TeamPanel? panel, Moment at)
    {
        if (enrolment is null)
            throw new UnknownId();
        if (enrolment.Contract is { } known && known.Id == contractId)
            return ([], []); // applying twice is applying once
        if (enrolment.Contract is { Status: ContractStatus.PendingConfirmation } pending)
            throw new RuleBroken("APPLICATION_PENDING", "An application is waiting for its answer.", new { contractId = pending.Id });
        if (enrolment.Contract is { IsCurrent: true } current)
            throw new RuleBroken("ALREADY_CONTRACTED", "This resident has a family doctor already.", new { current.TeamId, current.EndsOn });
        if (!IsEligible(enrolment, at))
            throw new RuleBroken("NOT_ELIGIBLE", "Neither household registration nor half a year of residence is shown.",
                new { missing = new[] { "householdRegistration", "residence" } });
        var term = TermMonths ?? at.Policy.TermMonthsAllowed[0];
        if (!at.Policy.TermMonthsAllowed.Contains(term))
            throw new RuleBroken("TERM_NOT_ALLOWED", $"A contract may not last {term} months.", new { allowed = at.Policy.TermMonthsAllowed });

        var seat = TeamPanel.Reserve(panel, contractId);
        return ([new ContractApplied(contractId, enrolment.ResidentId, panel!.TeamId, panel.InstitutionId, term, PackageIds ?? ["basic"],
            contractId, at.Now.AddDays(at.Policy.ApplicationTimeoutDays))], seat);
    }

    private static bool IsEligible(Enrolment enrolment, Moment at) => enrolment.Eligibility switch
    {
        { Basis: EligibilityBasis.HouseholdRegistration } => true,
        { Basis: EligibilityBasis.Residence } residence => residence.Since.AddMonths(at.Policy.ResidencyMinMonths) < at.Today,
        _ => false,
    };
}

public static class ApplyForContractEndpoint
{
    public static void MapApplyForContract(this IEndpointRouteBuilder routes) => routes
        .MapPost("/contracts", Handle).WithName(nameof(ApplyForContract)).WithSummary("Apply for a contract with a team")
        .For(Role.Clinic, Role.Resident);

    private static async Task<Decided> Handle(ApplyForContract command, HttpContext http, Seats seats, IdSource ids, CancellationToken ct)
    {
        var id = command.Id ?? ids.Next();
        var done = await seats.Execute(command.ResidentId!.Value, command.TeamId!.Value, http.Envelope(),
            (enrolment, panel, at) => command.Decide(id, enrolment, panel, at), ct);
        return new(done with { Id = id }, $"/contracts/{id}");
    }
}
