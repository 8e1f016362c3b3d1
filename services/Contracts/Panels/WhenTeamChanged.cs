using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Panels;

/// <summary>A team started, grew, shrank, paused or resumed: its panel follows. Older news than known is ignored.</summary>
public sealed class WhenTeamChanged(Runner runner)
    : IReaction<TeamActivated>, IReaction<TeamCapacitySet>, IReaction<TeamSuspended>, IReaction<TeamResumed>
{
    public Task React(TeamActivated message, Envelope cause, CancellationToken ct) => Follow(message.Team, message.StreamVersion, message.OccurredAt, cause, ct);
    public Task React(TeamCapacitySet message, Envelope cause, CancellationToken ct) => Follow(message.Team, message.StreamVersion, message.OccurredAt, cause, ct);
    public Task React(TeamSuspended message, Envelope cause, CancellationToken ct) => Follow(message.Team, message.StreamVersion, message.OccurredAt, cause, ct);
    public Task React(TeamResumed message, Envelope cause, CancellationToken ct) => Follow(message.Team, message.StreamVersion, message.OccurredAt, cause, ct);

    private Task Follow(TeamFacts team, long version, DateTimeOffset occurredAt, Envelope cause, CancellationToken ct)
    {
        var envelope = cause with { OccurredAt = occurredAt };
        return runner.OnLedger<TeamPanel>(team.TeamId, envelope,
            ledger => runner.Execute<TeamPanel>(ledger, envelope, (panel, at) => Decide(panel, team, version, at), ct), ct);
    }

    public static IEnumerable<DomainEvent> Decide(TeamPanel? panel, TeamFacts team, long version, Moment at)
    {
        var accepting = team.Status is "Active";
        if (panel is { IsClosed: true })
            throw new LedgerTurned();
        if (panel is null && team.MaxPanel == 0)
            return []; // activated this moment: its capacity is the next message, whichever of the two comes first
        if (panel is null)
            return [new PanelOpened(team.TeamId, team.InstitutionId, team.DistrictCode, at.Today.Year, team.MaxPanel, accepting, team.LeaderId, version, 0, 0)];
        return version <= panel.TeamVersion ? [] : [new PanelChanged(team.TeamId, team.MaxPanel, accepting, team.LeaderId, version)];
    }
}
