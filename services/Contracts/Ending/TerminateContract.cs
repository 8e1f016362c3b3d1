using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Ending;

/// <summary>A contract ends before its term: the resident moved, asked for it, or was never reached.</summary>
/// <param name="EffectiveOn">Today, or a day since the contract began on which it was so already.</param>
public sealed record TerminateContract([Required] TerminationReason? Reason, DateOnly? EffectiveOn = null)
{
    public (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(
        Guid contractId, Enrolment? enrolment, TeamPanel? panel, TeamPanel? kept, Actor by, Moment at)
    {
        if (enrolment.Alive().Contract is not { IsCurrent: true } contract || contract.Id != contractId)
        {
            enrolment.Refuse(contractId, already: ContractStatus.Terminated, ContractStatus.Active, ContractStatus.InGrace, ContractStatus.AwaitingReassignment);
            return ([], [], []);
        }
        var on = EffectiveOn ?? at.Today;
        if (on > at.Today || on < contract.CoveredSince)
            throw new RuleBroken("EFFECTIVE_DATE_INVALID", "A contract ends on a day between its beginning and today.", new { from = contract.CoveredSince, to = at.Today });
        return ([new ContractTerminated(contract.Id, Reason!.Value, on, by.Role)], TeamPanel.Release(panel, contract), TeamPanel.ReleaseKept(kept, contract));
    }
}

public static class TerminateContractEndpoint
{
    public static void MapTerminateContract(this IEndpointRouteBuilder routes) => routes
        .MapPost("/contracts/{contractId:guid}/termination", Handle).WithName(nameof(TerminateContract)).WithSummary("End a contract before its term")
        .For(Role.Clinic, Role.Commission);

    private static async Task<Decided> Handle(Guid contractId, TerminateContract command, HttpContext http, Seats seats, CancellationToken ct)
    {
        var envelope = http.Envelope();
        return new(await seats.ExecuteWithKept(await seats.ResidentOf(contractId, ct), envelope,
            (enrolment, panel, kept, at) => command.Decide(contractId, enrolment, panel, kept, envelope.Actor, at), ct) with
        { Id = contractId });
    }
}
