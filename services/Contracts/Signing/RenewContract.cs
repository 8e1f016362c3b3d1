using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Signing;

/// <summary>The resident stays with his team for another term, from the day after the last one, or from today after a gap.</summary>
public sealed record RenewContract(Guid? NewId = null, int? TermMonths = null)
{
    public (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(Guid contractId, Guid newId, Enrolment? enrolment, TeamPanel? panel, Moment at)
    {
        if (enrolment!.ContractIds.Contains(newId))
            return ([], []); // renewing twice is renewing once
        if (enrolment.Contract is not { } contract || contract.Id != contractId)
            return enrolment.Refuse(contractId, already: null, ContractStatus.Active, ContractStatus.InGrace, ContractStatus.Expired);
        var term = TermMonths ?? contract.TermMonths;
        if (!at.Policy.TermMonthsAllowed.Contains(term))
            throw new RuleBroken("TERM_NOT_ALLOWED", $"A contract may not last {term} months.", new { allowed = at.Policy.TermMonthsAllowed });

        var (opensOn, closesOn) = (contract.EndsOn.AddDays(-at.Policy.RenewalOpensDaysBefore), contract.EndsOn.AddMonths(at.Policy.RelapseNewSigningAfterMonths));
        switch (contract.Status)
        {
            case ContractStatus.Active or ContractStatus.InGrace when at.Today >= opensOn:
                return ([Renewed(contract, newId, contract.EndsOn.AddDays(1), term, gapDays: 0, at)], []);
            case ContractStatus.Expired when at.Today <= closesOn:
                // The seat was given back at expiry, so it is asked for again.
                return ([Renewed(contract, newId, at.Today, term, at.Today.DayNumber - contract.EndsOn.DayNumber - 1, at)],
                    [.. TeamPanel.Reserve(panel, newId), new PanelSeatConfirmed(contract.TeamId, newId)]);
            case ContractStatus.Active or ContractStatus.InGrace or ContractStatus.Expired:
                throw new RuleBroken("RENEWAL_WINDOW_CLOSED", "This contract cannot be renewed today.", new { opensOn, closesOn });
            default:
                return enrolment.Refuse(contractId, already: null, ContractStatus.Active, ContractStatus.InGrace, ContractStatus.Expired);
        }
    }

    private static ContractRenewed Renewed(Contract old, Guid newId, DateOnly startsOn, int term, int gapDays, Moment at)
    {
        var endsOn = startsOn.AddMonths(term).AddDays(-1);
        return new(old.Id, newId, old.TeamId, startsOn, endsOn, at.EndOf(endsOn), term, gapDays);
    }
}

public static class RenewContractEndpoint
{
    public static void MapRenewContract(this IEndpointRouteBuilder routes) => routes
        .MapPost("/contracts/{contractId:guid}/renewal", Handle).WithName(nameof(RenewContract)).WithSummary("Renew a contract")
        .For(Role.Clinic, Role.Resident);

    private static async Task<Decided> Handle(
        Guid contractId, RenewContract command, HttpContext http, Seats seats, IdSource ids, CancellationToken ct)
    {
        var newId = command.NewId ?? ids.Next();
        var done = await seats.ExecuteOnOwn(await seats.ResidentOf(contractId, ct), http.Envelope(),
            (enrolment, panel, at) => command.Decide(contractId, newId, enrolment, panel, at), ct);
        return new(done with { Id = newId }, $"/contracts/{newId}");
    }
}
