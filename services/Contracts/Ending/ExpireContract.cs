using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Ending;

/// <summary>The grace is over too: the contract expires and its seat is free.</summary>
public static class ExpireContract
{
    public static (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(
        Enrolment? enrolment, TeamPanel? panel, TeamPanel? kept, Moment at) =>
        enrolment?.Contract is { Status: ContractStatus.InGrace } contract && contract.ExpiresAt <= at.Now
            ? ([new ContractExpired(contract.Id, contract.EndsOn)], TeamPanel.Release(panel, contract), TeamPanel.ReleaseKept(kept, contract))
            : ([], [], []);
}
