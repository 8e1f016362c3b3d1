using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Disbanding;

/// <summary>A team as a successor would be: with the residents it has already, as far as is known here.</summary>
public sealed record Successor(Team Team, int Contracts)
{
    public int Free => Math.Max(0, Team.MaxPanel - Contracts);
}

/// <summary>A team will end on a day announced ahead; until then its residents are moved to the successors, or choose for themselves.</summary>
/// <param name="Successors">Teams with room for all its residents; empty when there are none, and contracts end.</param>
public sealed record StartDisbandment(
    [Required] DateOnly? EffectiveOn, [Required, MaxLength(100)] string? Reason, [Required, MaxLength(50)] IReadOnlyList<Guid>? Successors)
{
    /// <param name="successors">Soft, read when the command came in; Contracts reserves the seats.</param>
    /// <param name="contracts">The team's own residents, as far as is known here.</param>
    public IEnumerable<DomainEvent> Decide(Team? team, IReadOnlyList<Successor> successors, int contracts, Moment at)
    {
        if (team is { Status: TeamStatus.Disbanding, Disbandment.Start: var known } && known.EffectiveOn == EffectiveOn && known.Successors.SequenceEqual(Successors!))
            return [];
        if (!Team.MayGo(team, TeamStatus.Disbanding, TeamStatus.Active, TeamStatus.Suspended))
            throw Refusing.Transition("a team", team!.Status, TeamStatus.Active, TeamStatus.Suspended);
        var earliest = at.Today.AddDays(at.Policy.DisbandNoticeDays);
        if (EffectiveOn < earliest || EffectiveOn > at.Today.AddYears(5))
            throw new RuleBroken("RULE_VIOLATION", $"Residents are told {at.Policy.DisbandNoticeDays} days ahead.", new { earliest });
        if (Successors!.Contains(team!.Id) || Successors!.Distinct().Count() < Successors!.Count)
            throw new RuleBroken("RULE_VIOLATION", "A successor is another team, named once.", new { Successors });
        var idle = successors.Where(s => s.Team.Status is not TeamStatus.Active).Select(s => s.Team.Id).ToList();
        if (idle.Count > 0)
            throw new RuleBroken("TEAM_NOT_ACTIVE", "A successor takes residents.", new { teamIds = idle });
        var shortBy = contracts - successors.Sum(s => s.Free);
        if (successors.Count > 0 && shortBy > 0)
            throw new RuleBroken("SUCCESSOR_CAPACITY_SHORT", "The successors have not so much room.", new { shortBy });
        return [new TeamDisbandmentStarted(team.Id, EffectiveOn!.Value, at.StartOf(EffectiveOn.Value), Reason!, Successors!, contracts, at.PolicyVersion)];
    }
}

public static class StartDisbandmentEndpoint
{
    public static void MapStartDisbandment(this IEndpointRouteBuilder routes) => routes
        .MapPost("/teams/{teamId:guid}/disbandment", Handle).WithName(nameof(StartDisbandment)).WithSummary("Start a team's disbandment")
        .For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(
        Guid teamId, StartDisbandment command, HttpContext http, Runner runner, IEventStore store, PanelCounts panels, CancellationToken ct) =>
        new(await Take(command, teamId, http.Envelope(), runner, store, await panels.Of([teamId, .. command.Successors!], ct), ct));

    internal static async Task<Done> Take(StartDisbandment command, Guid teamId, Envelope envelope, Runner runner, IEventStore store,
        IReadOnlyDictionary<Guid, int> panels, CancellationToken ct)
    {
        var successors = new List<Successor>();
        foreach (var id in command.Successors!.Distinct())
        {
            var (team, _) = await store.Load<Team>(id, ct);
            successors.Add(new(team ?? throw new UnknownId(), panels.GetValueOrDefault(id)));
        }
        return await runner.Execute<Team>(teamId, envelope, (team, at) => command.Decide(team, successors, panels.GetValueOrDefault(teamId), at), ct);
    }
}
