using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Disbanding;

/// <summary>A team goes on after all; residents who have moved already stay where they are.</summary>
public sealed record CancelDisbandment([Required, MaxLength(100)] string? Reason)
{
    public IEnumerable<DomainEvent> Decide(Team? team, Institution? institution, Moment at)
    {
        if (!Team.MayGo(team, TeamStatus.Active, TeamStatus.Disbanding))
            return [];
        Institution.Active(institution);
        return team!.AndComposition([new TeamDisbandmentCancelled(team.Id, Reason!)], at);
    }
}

public static class CancelDisbandmentEndpoint
{
    public static void MapCancelDisbandment(this IEndpointRouteBuilder routes) => routes
        .MapPost("/teams/{teamId:guid}/disbandment/cancellation", Handle).WithName(nameof(CancelDisbandment)).WithSummary("Cancel a team's disbandment")
        .For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(
        Guid teamId, CancelDisbandment command, HttpContext http, Runner runner, IEventStore store, CancellationToken ct) =>
        new(await Take(command, teamId, http.Envelope(), runner, store, ct));

    internal static async Task<Done> Take(
        CancelDisbandment command, Guid teamId, Envelope envelope, Runner runner, IEventStore store, CancellationToken ct)
    {
        var (known, _) = await store.Load<Team>(teamId, ct);
        return known is null ? throw new UnknownId() : await runner.Execute<Team, Institution>(teamId, known.InstitutionId, envelope,
            (team, institution, at) => (command.Decide(team, institution, at), []), ct);
    }
}
