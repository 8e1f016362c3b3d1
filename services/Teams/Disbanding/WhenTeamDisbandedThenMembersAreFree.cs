using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using Published = FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Teams.Disbanding;

/// <summary>A team has ended: its members have their working time back, and a studio in it closes.</summary>
public sealed class WhenTeamDisbandedThenMembersAreFree(Runner runner, IEventStore store) : IReaction<Published.TeamDisbanded>
{
    public async Task React(Published.TeamDisbanded message, Envelope cause, CancellationToken ct)
    {
        var (team, _) = await store.Load<Team>(message.TeamId, ct);
        foreach (var member in team?.Members ?? [])
        {
            await runner.Execute<PractitionerLoad, Practitioner, Team>(
                PractitionerLoad.StreamOf(member.PractitionerId), member.PractitionerId, message.TeamId, cause, Decide, ct);
        }
    }

    public static (IEnumerable<DomainEvent> Load, IEnumerable<DomainEvent> Practitioner, IEnumerable<DomainEvent> Team) Decide(
        PractitionerLoad? load, Practitioner? practitioner, Team? team, Moment at)
    {
        if (team is not { Status: TeamStatus.Disbanded } || load is null)
            return ([], [], []);
        return (team.Leave(load.PractitionerId, load, "disbanded", at).Load,
            practitioner?.Studio?.TeamId == team.Id ? practitioner.CloseStudio("teamDisbanded") : [], []);
    }
}
