using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Reassigning;

/// <summary>The resident agrees to the successor of his team; from today that one answers for him.</summary>
public static class AcceptReassignment
{
    public static (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(
        Guid contractId, Enrolment? enrolment, TeamPanel? panel, TeamPanel? kept, Moment at)
    {
        if (enrolment.Alive().Contract is not { Reassignment: { } reassignment } contract || contract.Id != contractId)
        {
            enrolment.Refuse(contractId, already: null, ContractStatus.AwaitingReassignment);
            return ([], [], []);
        }
        if (reassignment.ToTeam is null)
            throw new RuleBroken("TEAM_NOT_ACCEPTING", "There is no successor to agree to.");
        var to = TeamPanel.Open(kept);
        return ([new ContractTransferred(contract.Id, contract.TeamId, to.TeamId, to.InstitutionId, to.GpId, "teamDisbanded", true, at.Today)],
            TeamPanel.Release(panel, contract, transferred: true), [new PanelSeatConfirmed(to.TeamId, contract.Id)]);
    }

    public static void MapAcceptReassignment(this IEndpointRouteBuilder routes) => routes
        .MapPost("/contracts/{contractId:guid}/reassignment/acceptance", Handle).WithName(nameof(AcceptReassignment))
        .WithSummary("Agree to the successor of a disbanded team").For(Role.Clinic, Role.Resident);

    private static async Task<Decided> Handle(Guid contractId, HttpContext http, Seats seats, CancellationToken ct) =>
        new(await seats.ExecuteWithKept(await seats.ResidentOf(contractId, ct), http.Envelope(),
            (enrolment, panel, kept, at) => Decide(contractId, enrolment, panel, kept, at), ct) with
        { Id = contractId });
}
