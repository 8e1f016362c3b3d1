using FamilyDoctor.Contracts.Registering;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Signing;

/// <summary>The resident stays with his team for another term, from the day after the last one, or from today after a gap.</summary>
public sealed record RenewContract(Guid? NewId = null, int? TermMonths = null)
{
    private static readonly ContractStatus[] Allowed = [ContractStatus.Active, ContractStatus.InGrace, ContractStatus.Expired];

    public (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(
        Guid contractId, Guid newId, Enrolment? enrolment, TeamPanel? panel, PackageCatalogue? catalogue, Moment at, DateTimeOffset remindFrom = default)
    {
        if (enrolment.Alive().Contract?.Id == newId && newId != contractId)
            return ([], []); // renewing twice is renewing once
        if (enrolment.Contract is not { } contract || contract.Id != contractId || !Allowed.Contains(contract.Status))
            return enrolment.Refuse(contractId, already: null, Allowed);
        if (enrolment.ContractIds.Contains(newId))
            throw Refusing.InvalidTransition(null, Allowed);
        var term = TermMonths ?? contract.TermMonths;
        if (!at.Policy.TermMonthsAllowed.Contains(term))
            throw new RuleBroken("TERM_NOT_ALLOWED", $"A contract may not last {term} months.", new { allowed = at.Policy.TermMonthsAllowed });
        if (enrolment.Lost is not null)
            enrolment.RequireEligible(at);

        var (opensOn, closesOn) = (contract.EndsOn.AddDays(-at.Policy.RenewalOpensDaysBefore), contract.EndsOn.AddMonths(at.Policy.RelapseNewSigningAfterMonths));
        if (at.Today < opensOn || at.Today > closesOn)
            throw new RuleBroken("RENEWAL_WINDOW_CLOSED", "This contract cannot be renewed today.", new { opensOn, closesOn });
        if (contract.Reassignment is not null)
            throw Refusing.InvalidTransition(contract.Status, Allowed); // first it must be known with whom
        var isExpired = contract.Status is ContractStatus.Expired;
        var startsOn = isExpired ? at.Today : contract.EndsOn.AddDays(1);
        var endsOn = startsOn.AddMonths(term).AddDays(-1);
        // The seat was given back at expiry, so it is asked for again.
        IEnumerable<DomainEvent> seat = isExpired ? TeamPanel.Take(panel, newId) : [];
        return ([
            new ContractRenewed(contract.Id, newId, contract.TeamId, startsOn, endsOn, at.EndOf(endsOn), term,
                isExpired ? at.Today.DayNumber - contract.EndsOn.DayNumber - 1 : 0, panel?.GpId, SendRenewalReminder.At(endsOn, at, remindFrom),
                FeeSplit.Of(enrolment, term, at)),
            .. TeamPanel.Rehomed(panel, contract with { Id = newId }), // the team may have moved while the contract had expired
            .. catalogue?.Due(newId, contract.PackageIds, startsOn, endsOn, at) ?? []], seat);
    }
}

public static class RenewContractEndpoint
{
    public static void MapRenewContract(this IEndpointRouteBuilder routes) => routes
        .MapPost("/contracts/{contractId:guid}/renewal", Handle).WithName(nameof(RenewContract)).WithSummary("Renew a contract")
        .For(Role.Clinic, Role.Resident);

    private static async Task<Decided> Handle(
        Guid contractId, RenewContract command, HttpContext http, Seats seats, FollowAge ages, Packages packages, IdSource ids, CancellationToken ct)
    {
        var (newId, catalogue) = (command.NewId ?? ids.Next(), await packages.Now(ct));
        var (residentId, envelope) = (await seats.ResidentOf(contractId, ct), http.Envelope());
        await ages.Follow(residentId, envelope, catalogue, ct);
        var done = await seats.ExecuteOnOwn(residentId, envelope,
            (enrolment, panel, at) => command.Decide(contractId, newId, enrolment, panel, catalogue, at), ct);
        return new(done with { Id = newId }, $"/contracts/{newId}");
    }
}
