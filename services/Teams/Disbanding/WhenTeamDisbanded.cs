using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using Published = FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Teams.Disbanding;

/// <summary>A team has ended: its members have their working time back, and a studio in it closes.</summary>
public sealed class WhenTeamDisbanded(Runner runner) : IReaction<Published.TeamDisbanded>
{
    public async Task React(Published.TeamDisbanded message, Envelope cause, CancellationToken ct)
    {
        foreach (var member in message.Team.Members)
        {
            await runner.Execute<PractitionerLoad, Practitioner, Team>(
                PractitionerLoad.StreamOf(member.PractitionerId), member.PractitionerId, message.Team.TeamId, cause,
                (load, practitioner, team, at) => Decide(load, practitioner, team, at), ct);
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
