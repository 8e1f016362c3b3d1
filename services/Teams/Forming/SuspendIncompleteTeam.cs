using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Forming;

/// <summary>A team has lacked its leader or its nurse for too long: it takes no new residents until it is complete again.</summary>
public static class SuspendIncompleteTeam
{
    public const string Reason = "compositionBreach";

    public static IEnumerable<DomainEvent> Decide(Team? team, Moment at) =>
        team is { Status: TeamStatus.Active, SuspendsAt: { } suspendsAt } && suspendsAt <= at.Now ? [new TeamSuspended(team.Id, Reason)] : [];
}
