using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Ending;

/// <summary>A contract ends before its term: the resident moved, asked for it, died, or was never reached.</summary>
public sealed record TerminateContract([Required] TerminationReason? Reason)
{
    public (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(Guid contractId, Enrolment? enrolment, TeamPanel? panel, Actor by, Moment at)
    {
        if (enrolment!.Contract is not { IsCurrent: true } contract || contract.Id != contractId)
            return enrolment.Refuse(contractId, already: ContractStatus.Terminated, ContractStatus.Active, ContractStatus.InGrace);
        return ([new ContractTerminated(contract.Id, Reason!.Value, at.Today, by.Role)], TeamPanel.Release(panel, contract));
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
        return new(await seats.ExecuteOnOwn(await seats.ResidentOf(contractId, ct), envelope,
            (enrolment, panel, at) => command.Decide(contractId, enrolment, panel, envelope.Actor, at), ct) with
        { Id = contractId });
    }
}
