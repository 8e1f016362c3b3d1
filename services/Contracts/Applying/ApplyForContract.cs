using System.ComponentModel.DataAnnotations;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Applying;

/// <summary>A resident asks a team to become his family doctors; a seat is kept for him until the team answers.</summary>
/// <param name="Corrects">The contract that was entered in error; its correction may exceed a full panel.</param>
public sealed record ApplyForContract(
    Guid? Id, [Required] Guid? ResidentId, [Required] Guid? TeamId, int? TermMonths = null, IReadOnlyList<string>? PackageIds = null, Guid? Corrects = null)
{
    public (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(
        Guid contractId, Enrolment? enrolment, TeamPanel? panel, PackageCatalogue catalogue, Moment at)
    {
        var resident = enrolment.Alive();
        if (resident.Contract is { } known && known.Id == contractId)
            return ([], []); // applying twice is applying once
        if (resident.Contract is { Status: ContractStatus.PendingConfirmation } pending)
            throw new RuleBroken("APPLICATION_PENDING", "An application is waiting for its answer.", new { contractId = pending.Id });
        if (resident.Contract is { IsCurrent: true } current)
            throw new RuleBroken("ALREADY_CONTRACTED", "This resident has a family doctor already.", new { current.TeamId, current.EndsOn });
        if (resident.ContractIds.Contains(contractId))
            throw Refusing.InvalidTransition(null);
        resident.RequireEligible(at);
        var term = TermMonths ?? at.Policy.TermMonthsAllowed[0];
        if (!at.Policy.TermMonthsAllowed.Contains(term))
            throw new RuleBroken("TERM_NOT_ALLOWED", $"A contract may not last {term} months.", new { allowed = at.Policy.TermMonthsAllowed });
        var packages = catalogue.Choose(PackageIds, resident, at.Today);
        var corrects = Corrects is { } wrong && resident.InError.Contains(wrong);

        var seat = TeamPanel.Reserve(panel, contractId, overCap: corrects);
        return ([new ContractApplied(contractId, resident.ResidentId, panel!.TeamId, panel.InstitutionId, term, packages,
            contractId, at.Now.AddDays(at.Policy.ApplicationTimeoutDays), resident.PriorityGroups, resident.HouseholdId, corrects ? Corrects : null)], seat);
    }
}

public static class ApplyForContractEndpoint
{
    public static void MapApplyForContract(this IEndpointRouteBuilder routes) => routes
        .MapPost("/contracts", Handle).WithName(nameof(ApplyForContract)).WithSummary("Apply for a contract with a team")
        .For(Role.Clinic, Role.Resident);

    private static async Task<Decided> Handle(
        ApplyForContract command, HttpContext http, Seats seats, Rows<PanelOfTeam> panels, Packages packages, IdSource ids, CancellationToken ct)
    {
        var (id, catalogue) = (command.Id ?? ids.Next(), await packages.Now(ct));
        try
        {
            var done = await seats.Execute(command.ResidentId!.Value, command.TeamId!.Value, http.Envelope(),
                (enrolment, panel, at) => command.Decide(id, enrolment, panel, catalogue, at), ct);
            return new(done with { Id = id }, $"/contracts/{id}");
        }
        catch (RuleBroken full) when (full.Code is "PANEL_FULL")
        {
            throw new RuleBroken(full.Code, full.Message, new { command.TeamId, alternatives = await panels.Near(command.TeamId!.Value, ct) });
        }
    }
}
