using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Reassigning;

/// <summary>The team goes on: it takes residents again, and whoever has not left yet stays.</summary>
public sealed class WhenTeamDisbandmentCancelled(Runner runner) : IReaction<TeamDisbandmentCancelled>
{
    public Task React(TeamDisbandmentCancelled message, Envelope cause, CancellationToken ct)
    {
        var envelope = cause with { OccurredAt = message.OccurredAt };
        return runner.OnLedger<TeamPanel>(message.TeamId, envelope, ledger => runner.Execute<TeamReassignment, TeamPanel>(
            TeamReassignment.StreamOf(message.TeamId), ledger, envelope, (process, panel, at) => Decide(process, panel, message, at), ct), ct);
    }

    public static (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(
        TeamReassignment? process, TeamPanel? panel, TeamDisbandmentCancelled message, Moment at)
    {
        if (panel is { IsClosed: true })
            throw new LedgerTurned();
        if (process is not null && message.StreamVersion <= process.TeamVersion)
            return ([], []);
        // Known before the start of what it cancels, it makes that start old news.
        return ([new ReassignmentCalledOff(message.TeamId, message.StreamVersion, process is null ? null : at.Now)],
            panel is { Leaving: not null } ? [new PanelDisbandmentCancelled(message.TeamId, message.StreamVersion)] : []);
    }
}
