using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Staffing;

/// <summary>The first day of somebody who was registered ahead has come: from now on he may join teams and stand in for others.</summary>
public static class BeginWork
{
    public static IEnumerable<DomainEvent> Decide(Practitioner? practitioner, Moment at) =>
        practitioner is { LastDay: null, StartsAt: { } startsAt } && startsAt <= at.Now ? [new PractitionerActivated(practitioner.Id)] : [];
}
