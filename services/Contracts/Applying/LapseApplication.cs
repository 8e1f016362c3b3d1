using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Applying;

/// <summary>Nobody answered an application in time: it lapses and the seat is free again.</summary>
public static class LapseApplication
{
    public static (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(Enrolment? enrolment, TeamPanel? panel, Moment at) =>
        enrolment?.Contract is { Status: ContractStatus.PendingConfirmation } pending && pending.ExpiresAt <= at.Now
            ? ([new ContractApplicationLapsed(pending.Id)], TeamPanel.Release(panel, pending))
            : ([], []);
}
