using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Disbanding;

/// <summary>Contracts has moved some of a team's residents: once none is left and the day has come, the team ends.</summary>
public sealed class WhenReassignmentProgressed(Runner runner) : IReaction<ReassignmentProgressed>
{
    public Task React(ReassignmentProgressed message, Envelope cause, CancellationToken ct) =>
        runner.Execute<Team>(message.TeamId, cause, (team, at) => Decide(team, message, at), ct);

    public static IEnumerable<DomainEvent> Decide(Team? team, ReassignmentProgressed counted, Moment at)
    {
        // Nobody joins a team that ends, so the smaller count is the newer one; the times do not tell, since many leave at one deadline.
        if (team is not { Status: TeamStatus.Disbanding, Disbandment: { } known } || (known.AsOf is not null && counted.Remaining >= known.Remaining)
            || counted is { Remaining: < 0 } or { Transferred: < 0 } or { Terminated: < 0 })
            return [];
        var progressed = new TeamDisbandmentProgressed(team.Id, counted.Remaining, counted.Transferred, counted.Terminated, counted.OccurredAt);
        return counted.Remaining > 0 || at.Now < known.Start.EffectiveAt ? [progressed]
            : [progressed, .. new CompleteDisbandment().Decide(Team.Evolve(team, progressed), at)];
    }
}
