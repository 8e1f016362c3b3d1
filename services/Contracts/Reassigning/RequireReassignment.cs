using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Reassigning;

/// <summary>A contract's team ends: a successor keeps a seat for the resident, who may accept or object for some weeks. An open application ends.</summary>
public static class RequireReassignment
{
    /// <param name="overCap">No successor has a free seat, and nobody is left without care.</param>
    public static (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(
        Guid teamId, DateOnly effectiveOn, Enrolment? enrolment, TeamPanel? panel, TeamPanel? successor, bool overCap, Moment at)
    {
        if (enrolment is not { Contract: { } contract, IsHere: true } || contract.TeamId != teamId || panel?.Leaving is null)
            return ([], [], []);
        if (contract.Status is ContractStatus.PendingConfirmation)
            return ([new ContractApplicationRejected(contract.Id, "teamDisbanding")], TeamPanel.Release(panel, contract), []);
        if (contract.Status is not (ContractStatus.Active or ContractStatus.InGrace) || contract.Reassignment is not null)
            return ([], [], []);
        var until = at.Today.AddDays(at.Policy.ReassignmentObjectionDays);
        until = until < effectiveOn ? until : effectiveOn > at.Today ? effectiveOn : at.Today;
        IEnumerable<DomainEvent> seat = successor is null ? [] : TeamPanel.Reserve(successor, contract.Id, overCap);
        return ([new ContractReassignmentRequired(contract.Id, teamId, successor?.TeamId, until, at.EndOf(until))], [], seat);
    }
}
