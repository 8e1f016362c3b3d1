using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>A team changed: who may refer its residents follows.</summary>
public sealed class WhenTeamChangedThenPanelDoctors(Copies<TeamFacts> teams)
    : IReaction<TeamActivated>, IReaction<TeamCapacitySet>, IReaction<TeamSuspended>, IReaction<TeamResumed>, IReaction<TeamLeadChanged>,
      IReaction<TeamMemberJoined>, IReaction<TeamMemberLeft>, IReaction<TeamDisbandmentCancelled>
{
    public Task React(TeamActivated message, Envelope cause, CancellationToken ct) => Know(message.Team, message.StreamVersion, ct);
    public Task React(TeamCapacitySet message, Envelope cause, CancellationToken ct) => Know(message.Team, message.StreamVersion, ct);
    public Task React(TeamSuspended message, Envelope cause, CancellationToken ct) => Know(message.Team, message.StreamVersion, ct);
    public Task React(TeamResumed message, Envelope cause, CancellationToken ct) => Know(message.Team, message.StreamVersion, ct);
    public Task React(TeamLeadChanged message, Envelope cause, CancellationToken ct) => Know(message.Team, message.StreamVersion, ct);
    public Task React(TeamMemberJoined message, Envelope cause, CancellationToken ct) => Know(message.Team, message.StreamVersion, ct);
    public Task React(TeamMemberLeft message, Envelope cause, CancellationToken ct) => Know(message.Team, message.StreamVersion, ct);
    public Task React(TeamDisbandmentCancelled message, Envelope cause, CancellationToken ct) =>
        message.Team is { } team ? Know(team, message.StreamVersion, ct) : Task.CompletedTask;

    private Task Know(TeamFacts team, long version, CancellationToken ct) => teams.Apply(team.TeamId, version, team, ct);
}
