using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Reassigning;

/// <summary>Nobody objected in time: the successor cares for the resident from now on, provisionally. Without a successor the contract ends.</summary>
public static class AssumeReassignment
{
    /// <param name="isForced">The team is gone already, so nobody waits for the deadline.</param>
    public static (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(
        Enrolment? enrolment, TeamPanel? panel, TeamPanel? kept, Moment at, bool isForced = false)
    {
        if (enrolment is not { IsHere: true, Contract: { Reassignment: { } reassignment } contract }
            || (reassignment.Deadline > at.Now && !isForced))
            return ([], [], []);
        if (reassignment.ToTeam is null)
        {
            return ([new ContractTerminated(contract.Id, TerminationReason.TeamDisbanded, at.Today, Actor.Clock.Role)],
                TeamPanel.Release(panel, contract), []);
        }
        var to = TeamPanel.Open(kept);
        return ([new ContractProvisionallyReassigned(contract.Id, contract.TeamId, to.TeamId, to.InstitutionId, to.GpId, at.Today)],
            TeamPanel.Release(panel, contract, transferred: true), [new PanelSeatConfirmed(to.TeamId, contract.Id)]);
    }
}
