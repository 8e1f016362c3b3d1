using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Forming;

/// <summary>A team takes no new residents for a while; the care of those it has goes on.</summary>
public sealed record SuspendTeam([Required, MaxLength(100)] string? Reason)
{
    public IEnumerable<DomainEvent> Decide(Team? team) =>
        Team.MayGo(team, TeamStatus.Suspended, TeamStatus.Active) ? [new TeamSuspended(team!.Id, Reason!)] : [];
}

public static class SuspendTeamEndpoint
{
    public static void MapSuspendTeam(this IEndpointRouteBuilder routes) => routes
        .MapPost("/teams/{teamId:guid}/suspension", Handle).WithName(nameof(SuspendTeam)).WithSummary("Suspend a team")
        .For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(Guid teamId, SuspendTeam command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Team>(teamId, http.Envelope(), (team, _) => command.Decide(team), ct));
}
