using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Applying;

/// <summary>Nobody answered an application in time: it lapses and the seat is free again.</summary>
public static class LapseApplication
{
    public static (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(Enrolment? enrolment, TeamPanel? panel) =>
        enrolment?.Contract is { Status: ContractStatus.PendingConfirmation } pending
            ? ([new ContractApplicationLapsed(pending.Id)], TeamPanel.Release(panel, pending))
            : ([], []);
}
