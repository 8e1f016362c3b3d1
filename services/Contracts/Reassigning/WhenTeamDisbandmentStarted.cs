using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Reassigning;

/// <summary>A team is being disbanded: nobody joins it any more, and all its contracts begin to look for another one.</summary>
public sealed class WhenTeamDisbandmentStarted(Runner runner) : IReaction<TeamDisbandmentStarted>
{
    public Task React(TeamDisbandmentStarted message, Envelope cause, CancellationToken ct)
    {
        var envelope = cause with { OccurredAt = message.OccurredAt };
        return runner.OnLedger<TeamPanel>(message.TeamId, envelope, ledger => runner.Execute<TeamReassignment, TeamPanel>(
            TeamReassignment.StreamOf(message.TeamId), ledger, envelope, (process, panel, at) => Decide(process, panel, message, at), ct), ct);
    }

    public static (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(
        TeamReassignment? process, TeamPanel? panel, TeamDisbandmentStarted message, Moment at)
    {
        if (panel is { IsClosed: true })
            throw new LedgerTurned();
        if (process is not null && (process.IsOpen || message.StreamVersion <= process.TeamVersion))
            return ([], []);
        var started = new ReassignmentStarted(message.TeamId, message.EffectiveOn, message.Reason, message.Successors, message.StreamVersion, at.Now);
        if (panel is null or { Seats: 0 })
        {
            return ([started, new ReassignmentProgressed(message.TeamId, 0, 0, 0, null), new PanelEmptied(message.TeamId, 0, 0)],
                panel is null ? [] : [new PanelDisbandmentStarted(message.TeamId, message.EffectiveOn, message.StreamVersion)]);
        }
        return ([started, new ReassignmentProgressed(message.TeamId, panel.Seats, 0, 0, at.Now)],
            [new PanelDisbandmentStarted(message.TeamId, message.EffectiveOn, message.StreamVersion)]);
    }
}
