using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Viewing;

/// <summary>How full a team's panel is.</summary>
/// <param name="Accepting">What the team itself says; its institution may be stopped all the same.</param>
public sealed record PanelOfTeam(
    Guid TeamId, Guid InstitutionId, int Year, int Cap, int Reserved, int Confirmed, bool Accepting, bool Stopped, bool Leaving, long TeamVersion)
    : IRow<PanelOfTeam>
{
    public static int Version => 4;

    public static IEnumerable<string> Indexes => ["institution_id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event switch
    {
        PanelOpened e => [e.TeamId],
        PanelChanged e => [e.TeamId],
        PanelSeatReserved e => [e.TeamId],
        PanelSeatConfirmed e => [e.TeamId],
        PanelSeatReleased e => [e.TeamId],
        PanelStopped e => [e.TeamId],
        PanelRehomed e => [e.TeamId],
        PanelDisbandmentStarted e => [e.TeamId],
        PanelDisbandmentCancelled e => [e.TeamId],
        _ => [],
    };

    public static PanelOfTeam? Evolve(PanelOfTeam? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, PanelOpened e) => new(e.TeamId, e.InstitutionId, e.Year, e.Cap, e.Reserved, e.Confirmed, e.Accepting, e.IsStopped, e.Leaving is not null, e.TeamVersion),
        ({ } p, PanelChanged e) => p with { Cap = e.Cap, Accepting = e.Accepting, TeamVersion = e.TeamVersion },
        ({ } p, PanelSeatReserved) => p with { Reserved = p.Reserved + 1 },
        ({ } p, PanelSeatConfirmed) => p with { Reserved = p.Reserved - 1, Confirmed = p.Confirmed + 1 },
        ({ } p, PanelSeatReleased { WasConfirmed: true }) => p with { Confirmed = p.Confirmed - 1 },
        ({ } p, PanelSeatReleased) => p with { Reserved = p.Reserved - 1 },
        ({ } p, PanelRehomed e) => p with { InstitutionId = e.InstitutionId },
        ({ } p, PanelStopped e) => p with { Stopped = e.IsStopped },
        ({ } p, PanelDisbandmentStarted e) => p with { Leaving = true, TeamVersion = Math.Max(p.TeamVersion, e.TeamVersion) },
        ({ } p, PanelDisbandmentCancelled e) => p with
        {
            Leaving = false,
            Accepting = e.TeamVersion > p.TeamVersion || p.Accepting,
            TeamVersion = Math.Max(p.TeamVersion, e.TeamVersion),
        },
        _ => row,
    };
}

public static class PanelOfTeamEndpoint
{
    public static void MapPanelOfTeam(this IEndpointRouteBuilder routes) => routes
        .MapGet("/teams/{teamId:guid}/panel", Handle).WithName(nameof(PanelOfTeam)).WithSummary("How full a team's panel is")
        .Public(Role.Clinic, Role.Commission, Role.Import, Role.Service);

    private static async Task<PanelOfTeam> Handle(Guid teamId, Rows<PanelOfTeam> rows, CancellationToken ct) =>
        await rows.Find(teamId, ct) ?? throw new UnknownId();
}

public static class PanelsNearby
{
    /// <summary>Teams of the same institution that still have a free seat, the emptiest first.</summary>
    public static async Task<IReadOnlyList<Guid>> Near(this Rows<PanelOfTeam> rows, Guid teamId, CancellationToken ct) =>
        [.. (await rows.Where("""
            institution_id = (select institution_id from views.panel_of_team where team_id = $1) and team_id <> $1 and accepting and not stopped and not leaving
            and cap > reserved + confirmed order by cap - reserved - confirmed desc limit 5
            """, ct, teamId)).Select(p => p.TeamId)];
}
