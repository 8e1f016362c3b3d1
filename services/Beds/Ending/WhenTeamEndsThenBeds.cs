using FamilyDoctor.Beds.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Beds.Ending;

/// <summary>
/// A team will end, or has: a bed that does not go along with a contract is a successor's, or another team's of the same
/// institution. Without any of them the institution has it on its worklist.
/// </summary>
public sealed class WhenTeamEndsThenBeds(
    Runner runner, StaffOfBeds staff, CareContracts contracts, Copies<TeamFacts> teams, Successors successors, Rows<BedsOfInstitution> beds)
    : IReaction<TeamDisbandmentStarted>, IReaction<TeamDisbanded>
{
    public async Task React(TeamDisbandmentStarted message, Envelope cause, CancellationToken ct)
    {
        await successors.Learn(message, ct);
        await Follow(message.TeamId, message.Team, message.StreamVersion, cause, ct);
    }

    public Task React(TeamDisbanded message, Envelope cause, CancellationToken ct) =>
        Follow(message.TeamId, message.Team, message.StreamVersion, cause, ct);

    private async Task Follow(Guid teamId, TeamFacts? told, long version, Envelope cause, CancellationToken ct)
    {
        if (told is not null)
            await teams.Apply(teamId, version, told, ct);
        var team = await teams.Find(teamId, ct);
        if (team is not { Status: "Disbanding" or "Disbanded" } || await successors.Of(team, ct) is not { } successor)
            return; // it goes on after all, or nobody takes over
        var (gp, nurse) = (await staff.FirstOf(successor, "gp", null, ct), await staff.FirstOf(successor, "nurse", null, ct));
        await beds.UntilNow(ct);
        foreach (var bed in await beds.Where("team_id = $1 and stage not in ('Closed', 'Declined', 'Cancelled') order by bed_id", ct, teamId))
        {
            // His contract finds him a team, and the bed follows it.
            var goesAlong = team.Status is "Disbanding" && await contracts.Find(bed.ResidentId, ct) is { IsCurrent: true } c && c.Facts.TeamId == teamId;
            await runner.Execute<FamilyBed>(bed.BedId, cause, (now, _) => Decide(now, teamId, successor, gp, nurse, goesAlong), ct);
        }
    }

    /// <param name="goesAlong">With his contract, if the bed rests on one.</param>
    public static IEnumerable<DomainEvent> Decide(FamilyBed? bed, Guid teamId, TeamFacts successor, Guid? gp, Guid? nurse, bool goesAlong) =>
        bed is { IsOver: false } && bed.Request.TeamId == teamId && !(goesAlong && bed.Request.ContractId is not null)
            ? [new BedGpChanged(bed.Id, successor.TeamId, gp, nurse, "teamDisbanded")]
            : [];
}
