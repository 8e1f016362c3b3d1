using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Disbanding;

/// <summary>A team ends: none of its residents is left, or the commission gives a reason why it ends all the same.</summary>
public sealed record CompleteDisbandment([MaxLength(100)] string? OverrideReason = null)
{
    public IEnumerable<DomainEvent> Decide(Team? team, Moment at)
    {
        if (!Team.MayGo(team, TeamStatus.Disbanded, TeamStatus.Disbanding))
            return [];
        var disbandment = team!.Disbandment!;
        if (disbandment.Remaining > 0 && string.IsNullOrWhiteSpace(OverrideReason))
            throw new RuleBroken("CONTRACTS_REMAIN", "Residents of this team have not found another one yet.", new { count = disbandment.Remaining });
        return [new TeamDisbanded(team.Id, at.Today, disbandment.Transferred, disbandment.Terminated, disbandment.Remaining > 0 ? OverrideReason : null)];
    }
}

public static class CompleteDisbandmentEndpoint
{
    public static void MapCompleteDisbandment(this IEndpointRouteBuilder routes) => routes
        .MapPost("/teams/{teamId:guid}/disbandment/completion", Handle).WithName(nameof(CompleteDisbandment)).WithSummary("Complete a team's disbandment")
        .For(Role.Commission);

    private static async Task<Decided> Handle(Guid teamId, CompleteDisbandment command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Team>(teamId, http.Envelope(), command.Decide, ct));
}
