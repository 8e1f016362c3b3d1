using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Reassigning;

/// <summary>The team goes on after all: the contract stays where it is, and the successor's seat is free again.</summary>
public static class CancelReassignment
{
    public static (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(
        Guid teamId, Enrolment? enrolment, TeamPanel? panel, TeamPanel? kept) =>
        enrolment is { IsHere: true, Contract: { Reassignment: not null } contract } && contract.TeamId == teamId
            && panel is { Leaving: null }
            ? ([new ContractReassignmentCancelled(contract.Id)], [], TeamPanel.ReleaseKept(kept, contract))
            : ([], [], []);
}
