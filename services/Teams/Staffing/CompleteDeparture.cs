using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Staffing;

/// <summary>The last day is over: the practitioner has left, and a studio ends with that.</summary>
public static class CompleteDeparture
{
    public static IEnumerable<DomainEvent> Decide(Practitioner? practitioner, Moment at) =>
        practitioner is { LastDay: null, Leaving: { } leaving } && leaving.LeavesAt <= at.Now ? Events(practitioner, leaving.LastDay, leaving.Reason) : [];

    internal static IEnumerable<DomainEvent> Events(Practitioner practitioner, DateOnly lastDay, string reason) =>
        [.. practitioner.CloseStudio("departed"), new PractitionerDeparted(practitioner.Id, lastDay, reason)];
}
