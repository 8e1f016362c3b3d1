using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Ending;

/// <summary>The term is over and was not renewed: care, loops and bookings go on for a while; who lost his right to a contract leaves.</summary>
public static class StartGrace
{
    public static (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(
        Enrolment? enrolment, TeamPanel? panel, TeamPanel? kept, Moment at)
    {
        if (enrolment?.Contract is not { Status: ContractStatus.Active or ContractStatus.AwaitingReassignment } contract || contract.EndsAt > at.Now)
            return ([], [], []);
        if (enrolment.Lost is not null)
        {
            return ([new ContractTerminated(contract.Id, TerminationReason.Ineligible, contract.EndsOn, Actor.Clock.Role)],
                TeamPanel.Release(panel, contract), TeamPanel.ReleaseKept(kept, contract));
        }
        var until = contract.EndsOn.AddDays(at.Policy.RenewalGraceDays);
        return ([new ContractGraceStarted(contract.Id, until, at.EndOf(until))], [], []);
    }
}
