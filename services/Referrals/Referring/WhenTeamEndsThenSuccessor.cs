using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Referrals.Viewing;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>
/// A team will end, or has: what is under way and does not go along with a contract is a successor's, or another team's of the
/// same institution. Without any of them the institution has it on its worklist.
/// </summary>
public sealed class WhenTeamEndsThenSuccessor(
    Runner runner, Copies<TeamFacts> teams, Successors successors, Copies<KnownContract> contracts, Rows<TeamWorklist> work)
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
        await work.UntilNow(ct);
        foreach (var row in await work.Where("team_id = $1 order by id", ct, teamId))
        {
            if (team.Status is "Disbanded" || !GoesWithContract(team, (await contracts.Find(row.ResidentId, ct))))
                await NewOwner.Of(successor).Take((row.Kind, row.Id), runner, cause, ct);
        }
    }

    /// <summary>His contract finds him a team, and his cases follow it.</summary>
    private static bool GoesWithContract(TeamFacts team, KnownContract? contract) =>
        contract?.Facts is { Status: "Active" or "InGrace" or "AwaitingReassignment" } c && c.TeamId == team.TeamId;
}
