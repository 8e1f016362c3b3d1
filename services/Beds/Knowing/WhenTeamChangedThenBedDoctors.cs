using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Beds.Knowing;

/// <summary>A team started, grew, paused or resumed: its members are known here, so that a bed's doctor is one of them.</summary>
public sealed class WhenTeamChangedThenBedDoctors(Copies<TeamFacts> teams)
    : IReaction<TeamActivated>, IReaction<TeamCapacitySet>, IReaction<TeamSuspended>, IReaction<TeamResumed>, IReaction<TeamMemberJoined>,
      IReaction<TeamMemberLeft>, IReaction<TeamRehomed>, IReaction<TeamDisbandmentCancelled>
{
    public Task React(TeamActivated message, Envelope cause, CancellationToken ct) => Keep(message.Team, message.StreamVersion, ct);
    public Task React(TeamCapacitySet message, Envelope cause, CancellationToken ct) => Keep(message.Team, message.StreamVersion, ct);
    public Task React(TeamSuspended message, Envelope cause, CancellationToken ct) => Keep(message.Team, message.StreamVersion, ct);
    public Task React(TeamResumed message, Envelope cause, CancellationToken ct) => Keep(message.Team, message.StreamVersion, ct);
    public Task React(TeamMemberJoined message, Envelope cause, CancellationToken ct) => Keep(message.Team, message.StreamVersion, ct);
    public Task React(TeamMemberLeft message, Envelope cause, CancellationToken ct) => Keep(message.Team, message.StreamVersion, ct);
    public Task React(TeamRehomed message, Envelope cause, CancellationToken ct) => Keep(message.Team, message.StreamVersion, ct);
    public Task React(TeamDisbandmentCancelled message, Envelope cause, CancellationToken ct) =>
        message.Team is { } team ? Keep(team, message.StreamVersion, ct) : Task.CompletedTask;

    private Task Keep(TeamFacts team, long version, CancellationToken ct) => teams.Apply(team.TeamId, version, team, ct);
}
