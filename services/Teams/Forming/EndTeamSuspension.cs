using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Forming;

/// <summary>The last day of a team's suspension is over: it takes residents again, or stays suspended if it may not.</summary>
public static class EndTeamSuspension
{
    public static IEnumerable<DomainEvent> Decide(Team? team, Institution? institution, Moment at)
    {
        if (team is not { Status: TeamStatus.Suspended, ResumesAt: { } resumesAt } || resumesAt > at.Now)
            return [];
        if (institution is not { Status: InstitutionStatus.Active })
            return [new TeamSuspended(team.Id, "institutionNotActive")];
        return team.MissingRoles().Any() ? [new TeamSuspended(team.Id, SuspendIncompleteTeam.Reason)] : [new TeamResumed(team.Id)];
    }

    internal static async Task<Done> Take(DueDeadline due, Envelope by, Runner runner, IEventStore store, CancellationToken ct)
    {
        var (known, _) = await store.Load<Team>(due.StreamId, ct);
        return await runner.Execute<Team, Institution>(due.StreamId, known!.InstitutionId, by,
            (team, institution, at) => (Decide(team, institution, at), []), ct);
    }
}
