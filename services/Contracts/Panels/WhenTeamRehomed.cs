using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Contracts.Panels;

/// <summary>A team moved to another institution: its panel follows, and every contract and application on it; what ended before keeps the old one.</summary>
public sealed class WhenTeamRehomed(
    WhenTeamChanged team, Copies<KnownInstitution> institutions, Rows<PanelOfTeam> panels, Rows<ContractsOfTeam> contracts, Seats seats, Runner runner)
    : IReaction<TeamRehomed>
{
    public async Task React(TeamRehomed message, Envelope cause, CancellationToken ct)
    {
        var teamId = message.Team.TeamId;
        await team.Follow(message.Team, message, cause, ct);
        // Whoever applied until now applied where the team was; from now on the panel says where it is.
        await panels.UntilNow(ct);
        await contracts.UntilNow(ct);
        if (await panels.Find(teamId, ct) is not { } panel)
            return;
        await FollowInstitution(panel, cause, ct);
        var last = Guid.Empty;
        while (await contracts.Where($"""
            team_id = $1 and institution_id <> $2 and contract_id > $3
            and status in ('PendingConfirmation', 'Active', 'InGrace', 'AwaitingReassignment') order by contract_id limit {TeamReassignment.Page}
            """, ct, teamId, panel.InstitutionId, last) is { Count: > 0 } page)
        {
            await Task.WhenAll(page.Select(row => seats.ExecuteOnOwn(row.ResidentId, cause, (enrolment, now, _) => (Decide(enrolment, now), []), ct)));
            last = page[^1].ContractId;
        }
    }

    public static IEnumerable<DomainEvent> Decide(Enrolment? enrolment, TeamPanel? panel) =>
        enrolment is { IsHere: true, Contract: { HoldsSeat: true } contract } ? TeamPanel.Rehomed(panel, contract) : [];

    /// <summary>The institution may be stopped where the old one was not, or the other way round; news of it that comes later finds the team there.</summary>
    private async Task FollowInstitution(PanelOfTeam panel, Envelope cause, CancellationToken ct)
    {
        var isStopped = await institutions.Find(panel.InstitutionId, ct) is { Facts.Status: not "Active" };
        await runner.OnLedger<TeamPanel>(panel.TeamId, cause, ledger =>
            runner.Execute<TeamPanel>(ledger, cause, (now, _) => WhenInstitutionChanged.Decide(now, isStopped), ct), ct);
    }
}
