using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Ending;

/// <summary>The term is over and was not renewed: care, loops and bookings go on for a while.</summary>
public static class StartGrace
{
    public static IEnumerable<DomainEvent> Decide(Enrolment? enrolment, Moment at)
    {
        if (enrolment?.Contract is not { Status: ContractStatus.Active } contract || contract.EndsAt > at.Now)
            return [];
        var until = contract.EndsOn.AddDays(at.Policy.RenewalGraceDays);
        return [new ContractGraceStarted(contract.Id, until, at.EndOf(until))];
    }
}
