using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Referrals.Viewing;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>A team moved to another institution: what it has under way goes along, also for whoever has no contract any more.</summary>
public sealed class WhenTeamRehomedThenOwner(Runner runner, Copies<TeamFacts> teams, Rows<TeamWorklist> work) : IReaction<TeamRehomed>
{
    public async Task React(TeamRehomed message, Envelope cause, CancellationToken ct)
    {
        var teamId = message.Team.TeamId;
        await teams.Apply(teamId, message.StreamVersion, message.Team, ct);
        var owner = NewOwner.Of((await teams.Find(teamId, ct))!); // it may have moved on since
        await work.UntilNow(ct);
        foreach (var row in await work.Where("team_id = $1 and institution_id <> $2 order by id", ct, teamId, owner.InstitutionId))
            await owner.Take((row.Kind, row.Id), runner, cause, ct);
    }
}
