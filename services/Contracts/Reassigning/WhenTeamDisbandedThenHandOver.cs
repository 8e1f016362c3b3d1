using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Reassigning;

/// <summary>The team is gone. Had it contracts left, they go to the successors at once, without waiting for their deadlines.</summary>
public sealed class WhenTeamDisbandedThenHandOver(Runner runner) : IReaction<TeamDisbanded>
{
    public Task React(TeamDisbanded message, Envelope cause, CancellationToken ct) => runner.Execute<TeamReassignment>(
        TeamReassignment.StreamOf(message.TeamId), cause with { OccurredAt = message.OccurredAt }, (process, at) => Decide(process, message, at), ct);

    public static IEnumerable<DomainEvent> Decide(TeamReassignment? process, TeamDisbanded message, Moment at) =>
        process is { Status: ReassignmentStatus.Running } && message.StreamVersion > process.TeamVersion
            ? [new ReassignmentForced(message.TeamId, message.StreamVersion, at.Now)]
            : [];
}
