using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Forming;

/// <summary>A team takes no new residents for a while; the care of those it has goes on.</summary>
/// <param name="Until">Last day, without which it lasts until somebody ends it.</param>
public sealed record SuspendTeam([Required, MaxLength(100)] string? Reason, DateOnly? Until = null)
{
    public IEnumerable<DomainEvent> Decide(Team? team, Moment at)
    {
        if (Until < at.Today || Until > at.Today.AddYears(5))
            throw Refusing.Invalid(nameof(Until), "A suspension lasts to today at least, and five years at most.");
        return Team.MayGo(team, TeamStatus.Suspended, TeamStatus.Active)
            ? [new TeamSuspended(team!.Id, Reason!, Until, Until is { } last ? at.EndOf(last) : null)] : [];
    }
}

public static class SuspendTeamEndpoint
{
    public static void MapSuspendTeam(this IEndpointRouteBuilder routes) => routes
        .MapPost("/teams/{teamId:guid}/suspension", Handle).WithName(nameof(SuspendTeam)).WithSummary("Suspend a team")
        .For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(Guid teamId, SuspendTeam command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Team>(teamId, http.Envelope(), command.Decide, ct));
}
