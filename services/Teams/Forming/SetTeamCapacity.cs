using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Forming;

/// <summary>A team's capacity is set lower than its doctors could bear, or back to what they can under today's policy.</summary>
/// <param name="MaxPanel">Without it, all that its doctors can bear.</param>
public sealed record SetTeamCapacity([Range(0, 1_000_000)] int? MaxPanel = null)
{
    public IEnumerable<DomainEvent> Decide(Team? team, Moment at)
    {
        if (team is null)
            throw new UnknownId();
        if (team.Status is not (TeamStatus.Active or TeamStatus.Suspended))
            throw new RuleBroken("TEAM_NOT_ACTIVE", "A team has a capacity while it works.", new { team.Status });
        var basis = Team.BasisOf(team.Members, at);
        var highest = Team.Highest(basis);
        var maxPanel = MaxPanel ?? highest;
        if (maxPanel > highest)
            throw new RuleBroken("RULE_VIOLATION", $"Its family doctors can answer for {highest} residents at most.", new { highest });
        return maxPanel == team.MaxPanel && basis.SequenceEqual(team.Basis) ? [] : [new TeamCapacitySet(team.Id, maxPanel, basis, at.PolicyVersion)];
    }
}

public static class SetTeamCapacityEndpoint
{
    public static void MapSetTeamCapacity(this IEndpointRouteBuilder routes) => routes
        .MapPost("/teams/{teamId:guid}/capacity", Handle).WithName(nameof(SetTeamCapacity)).WithSummary("Set a team's capacity")
        .For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(Guid teamId, SetTeamCapacity command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Team>(teamId, http.Envelope(), command.Decide, ct));
}
