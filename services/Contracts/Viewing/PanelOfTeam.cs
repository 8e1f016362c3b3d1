using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Viewing;

/// <summary>How full a team's panel is.</summary>
public sealed record PanelOfTeam(Guid TeamId, Guid InstitutionId, int Year, int Cap, int Reserved, int Confirmed, bool Accepting) : IRow<PanelOfTeam>
{
    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event switch
    {
        PanelOpened e => [e.TeamId],
        PanelChanged e => [e.TeamId],
        PanelSeatReserved e => [e.TeamId],
        PanelSeatConfirmed e => [e.TeamId],
        PanelSeatReleased e => [e.TeamId],
        _ => [],
    };

    public static PanelOfTeam? Evolve(PanelOfTeam? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, PanelOpened e) => new(e.TeamId, e.InstitutionId, e.Year, e.Cap, e.Reserved, e.Confirmed, e.Accepting),
        ({ } p, PanelChanged e) => p with { Cap = e.Cap, Accepting = e.Accepting },
        ({ } p, PanelSeatReserved) => p with { Reserved = p.Reserved + 1 },
        ({ } p, PanelSeatConfirmed) => p with { Reserved = p.Reserved - 1, Confirmed = p.Confirmed + 1 },
        ({ } p, PanelSeatReleased { WasConfirmed: true }) => p with { Confirmed = p.Confirmed - 1 },
        ({ } p, PanelSeatReleased) => p with { Reserved = p.Reserved - 1 },
        _ => row,
    };
}

public static class PanelOfTeamEndpoint
{
    public static void MapPanelOfTeam(this IEndpointRouteBuilder routes) => routes
        .MapGet("/teams/{teamId:guid}/panel", Handle).WithName(nameof(PanelOfTeam)).WithSummary("How full a team's panel is")
        .For(Role.Clinic, Role.Commission, Role.Import, Role.Service);

    private static async Task<PanelOfTeam> Handle(Guid teamId, Rows<PanelOfTeam> rows, CancellationToken ct) =>
        await rows.Find(teamId, ct) ?? throw new UnknownId();
}
