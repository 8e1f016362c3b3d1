using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Disbanding;

/// <summary>The day of a disbandment has come: the team ends if no resident is left, otherwise it waits and everybody is told.</summary>
public static class CompleteDueDisbandment
{
    public static IEnumerable<DomainEvent> Decide(Team? team, Moment at)
    {
        if (team is not { Status: TeamStatus.Disbanding, Disbandment: { IsOverdue: false } disbandment } || disbandment.Start.EffectiveAt > at.Now)
            return [];
        return disbandment.Remaining > 0 ? [new TeamDisbandmentOverdue(team.Id, disbandment.Remaining)] : new CompleteDisbandment().Decide(team, at);
    }
}
