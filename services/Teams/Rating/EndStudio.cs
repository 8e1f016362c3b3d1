using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Rating;

/// <summary>The five stars behind a studio are over and were not awarded again: it closes.</summary>
public static class EndStudio
{
    public static IEnumerable<DomainEvent> Decide(Practitioner? leader, Moment at) =>
        leader is { Studio: not null } && leader.StarsAt(at.Now) is not 5 ? leader.CloseStudio("starsOver") : [];
}
