using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Panels;

/// <summary>A team started, grew, shrank, paused, resumed or has another leader: its panel follows, and an overload is told. Older news than known is ignored.</summary>
public sealed class WhenTeamChanged(Runner runner)
    : IReaction<TeamActivated>, IReaction<TeamCapacitySet>, IReaction<TeamSuspended>, IReaction<TeamResumed>, IReaction<TeamLeadChanged>
{
    public Task React(TeamActivated message, Envelope cause, CancellationToken ct) => Follow(message.Team, message, cause, ct);
    public Task React(TeamCapacitySet message, Envelope cause, CancellationToken ct) => Follow(message.Team, message, cause, ct);
    public Task React(TeamSuspended message, Envelope cause, CancellationToken ct) => Follow(message.Team, message, cause, ct);
    public Task React(TeamResumed message, Envelope cause, CancellationToken ct) => Follow(message.Team, message, cause, ct);
    public Task React(TeamLeadChanged message, Envelope cause, CancellationToken ct) => Follow(message.Team, message, cause, ct);

    internal Task Follow(TeamFacts team, IntegrationEvents.IntegrationEvent message, Envelope cause, CancellationToken ct)
    {
        var envelope = cause with { OccurredAt = message.OccurredAt };
        return runner.OnLedger<TeamPanel>(team.TeamId, envelope,
            ledger => runner.Execute<TeamPanel>(ledger, envelope, (panel, at) => Decide(panel, team, message.StreamVersion, at), ct), ct);
    }

    public static IEnumerable<DomainEvent> Decide(TeamPanel? panel, TeamFacts team, long version, Moment at)
    {
        var accepting = team.Status is "Active";
        if (panel is { IsClosed: true })
            throw new LedgerTurned();
        if (panel is null && team.MaxPanel == 0)
            return []; // still forming: its capacity is the next message, whichever of the two comes first
        if (panel is null)
            return [new PanelOpened(team.TeamId, team.InstitutionId, team.DistrictCode, at.Today.Year, team.MaxPanel, accepting, team.LeaderId, version, 0, 0)];
        if (version <= panel.TeamVersion)
            return [];
        // Told even when nothing here is different: that this version is known is what makes older news old.
        var changed = new PanelChanged(team.TeamId, team.MaxPanel, accepting, team.LeaderId, version);
        return [
            // Whichever news of the move comes first.
            .. panel.InstitutionId == team.InstitutionId ? Array.Empty<DomainEvent>()
                : [new PanelRehomed(team.TeamId, panel.InstitutionId, team.InstitutionId, team.DistrictCode)],
            changed,
            .. team.MaxPanel < panel.Seats && team.MaxPanel < panel.Cap
                ? [new PanelOverCapacityDetected(team.TeamId, team.MaxPanel, panel.Seats)] : Array.Empty<DomainEvent>()];
    }
}
