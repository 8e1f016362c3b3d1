using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Beds.Knowing;

/// <summary>A team started, grew, paused or resumed: its members are known here, so that a bed's doctor is one of them.</summary>
public sealed class WhenTeamChangedThenBedDoctors(Copies<TeamFacts> teams)
    : IReaction<TeamActivated>, IReaction<TeamCapacitySet>, IReaction<TeamSuspended>, IReaction<TeamResumed>
{
    public Task React(TeamActivated message, Envelope cause, CancellationToken ct) => Keep(message.Team, message.StreamVersion, ct);
    public Task React(TeamCapacitySet message, Envelope cause, CancellationToken ct) => Keep(message.Team, message.StreamVersion, ct);
    public Task React(TeamSuspended message, Envelope cause, CancellationToken ct) => Keep(message.Team, message.StreamVersion, ct);
    public Task React(TeamResumed message, Envelope cause, CancellationToken ct) => Keep(message.Team, message.StreamVersion, ct);

    private Task Keep(TeamFacts team, long version, CancellationToken ct) => teams.Apply(team.TeamId, version, team, ct);
}
