using FamilyDoctor.Beds.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Beds.Covering;

/// <summary>A team has another leader: the beds that were his predecessor's are his, and those whose doctor does not work any more.</summary>
public sealed class WhenTeamLeadChangedThenBeds(Copies<TeamFacts> teams, StaffOfBeds staff, Rows<BedsOfInstitution> beds) : IReaction<TeamLeadChanged>
{
    public async Task React(TeamLeadChanged message, Envelope cause, CancellationToken ct)
    {
        var teamId = message.Team.TeamId;
        await teams.Apply(teamId, message.StreamVersion, message.Team, ct);
        var leader = (await teams.Find(teamId, ct))!.LeaderId;
        await beds.UntilNow(ct);
        foreach (var bed in await beds.Where("team_id = $1 and stage not in ('Closed', 'Declined', 'Cancelled') order by bed_id", ct, teamId))
            await staff.Replace(bed.BedId, "teamLeadChanged", cause, ct, leaves: leader is not null && leader != message.From ? message.From : null);
    }
}
