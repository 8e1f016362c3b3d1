using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>The city's teams, or those of one institution.</summary>
public sealed record TeamsOfInstitution(
    Guid TeamId, Guid InstitutionId, string DistrictCode, string Name, string NameEn, TeamStatus Status, Guid? LeaderId, int Members, int MaxPanel)
    : IRow<TeamsOfInstitution>
{
    public static IEnumerable<string> Indexes => ["institution_id, team_id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is TeamFormed or TeamMemberJoined or TeamMemberLeft or TeamLeadChanged or TeamActivated or TeamCapacitySet or TeamSuspended or TeamResumed
        ? [recorded.StreamId] : [];

    public static TeamsOfInstitution? Evolve(TeamsOfInstitution? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, TeamFormed e) => new(id, e.InstitutionId, e.DistrictCode, e.Name, e.NameEn, TeamStatus.Forming, null, 0, 0),
        ({ } r, TeamMemberJoined) => r with { Members = r.Members + 1 },
        ({ } r, TeamMemberLeft) => r with { Members = r.Members - 1 },
        ({ } r, TeamLeadChanged e) => r with { LeaderId = e.To },
        ({ } r, TeamCapacitySet e) => r with { MaxPanel = e.MaxPanel },
        ({ } r, TeamSuspended) => r with { Status = TeamStatus.Suspended },
        ({ } r, TeamActivated or TeamResumed) => r with { Status = TeamStatus.Active },
        _ => row,
    };
}

/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record TeamPage(IReadOnlyList<TeamsOfInstitution> Items, Guid? Next);

public static class TeamsOfInstitutionEndpoint
{
    public static void MapTeamsOfInstitution(this IEndpointRouteBuilder routes) => routes
        .MapGet("/teams", Handle).WithName(nameof(TeamsOfInstitution)).WithSummary("The teams of the city or of an institution").For(Readers.Everyone);

    private static async Task<TeamPage> Handle(
        Rows<TeamsOfInstitution> rows, CancellationToken ct, Guid? institutionId = null, Guid? after = null, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, 200);
        var items = institutionId is { } home
            ? await rows.Where($"institution_id = $1 and team_id > $2 order by team_id limit {limit}", ct, home, after ?? Guid.Empty)
            : await rows.Where($"team_id > $1 order by team_id limit {limit}", ct, after ?? Guid.Empty);
        return new(items, items.Count == limit ? items[^1].TeamId : null);
    }
}
