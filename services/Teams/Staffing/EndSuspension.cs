using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Staffing;

/// <summary>The last day of a suspension is over: the practitioner may work again.</summary>
public static class EndSuspension
{
    public static IEnumerable<DomainEvent> Decide(Practitioner? practitioner, Moment at) =>
        practitioner is { LastDay: null, Suspension.EndsAt: { } endsAt } && endsAt <= at.Now ? [new PractitionerResumed(practitioner.Id)] : [];
}
