using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Reassigning;

/// <summary>The resident does not want the successor of his team: his contract ends, and he is free to sign with any other.</summary>
public static class ObjectToReassignment
{
    public static (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(
        Guid contractId, Enrolment? enrolment, TeamPanel? panel, TeamPanel? kept, Actor by, Moment at)
    {
        if (enrolment.Alive().Contract is not { Reassignment: not null } contract || contract.Id != contractId)
        {
            enrolment.Refuse(contractId, already: ContractStatus.Terminated, ContractStatus.AwaitingReassignment);
            return ([], [], []);
        }
        return ([new ContractTerminated(contract.Id, TerminationReason.ObjectedToReassignment, at.Today, by.Role)],
            TeamPanel.Release(panel, contract), TeamPanel.ReleaseKept(kept, contract));
    }

    public static void MapObjectToReassignment(this IEndpointRouteBuilder routes) => routes
        .MapPost("/contracts/{contractId:guid}/reassignment/objection", Handle).WithName(nameof(ObjectToReassignment))
        .WithSummary("Object to the successor of a disbanded team").For(Role.Clinic, Role.Resident);

    private static async Task<Decided> Handle(Guid contractId, HttpContext http, Seats seats, CancellationToken ct)
    {
        var envelope = http.Envelope();
        return new(await seats.ExecuteWithKept(await seats.ResidentOf(contractId, ct), envelope,
            (enrolment, panel, kept, at) => Decide(contractId, enrolment, panel, kept, envelope.Actor, at), ct) with
        { Id = contractId });
    }
}
