using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>The city's teams, or those of one institution; those that disband with the contracts that remain.</summary>
public sealed record TeamsOfInstitution(
    Guid TeamId, Guid InstitutionId, string DistrictCode, string Name, string NameEn, TeamStatus Status, Guid? LeaderId, int Members, int MaxPanel,
    DateOnly? DisbandsOn, int? ContractsRemaining) : IRow<TeamsOfInstitution>
{
    static int IRow<TeamsOfInstitution>.Version => 2;

    public static IEnumerable<string> Indexes => ["institution_id, team_id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is TeamFormed or TeamMemberJoined or TeamMemberLeft or TeamLeadChanged or TeamActivated or TeamCapacitySet or TeamSuspended or TeamResumed
            or TeamRehomed or TeamDisbandmentStarted or TeamDisbandmentProgressed or TeamDisbandmentCancelled or TeamDisbanded
        ? [recorded.StreamId] : [];

    public static TeamsOfInstitution? Evolve(TeamsOfInstitution? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, TeamFormed e) => new(id, e.InstitutionId, e.DistrictCode, e.Name, e.NameEn, TeamStatus.Forming, null, 0, 0, null, null),
        ({ } r, TeamMemberJoined) => r with { Members = r.Members + 1 },
        ({ } r, TeamMemberLeft) => r with { Members = r.Members - 1 },
        ({ } r, TeamLeadChanged e) => r with { LeaderId = e.To },
        ({ } r, TeamCapacitySet e) => r with { MaxPanel = e.MaxPanel },
        ({ } r, TeamSuspended) => r with { Status = TeamStatus.Suspended },
        ({ } r, TeamRehomed e) => r with { InstitutionId = e.InstitutionId, DistrictCode = e.DistrictCode },
        ({ } r, TeamDisbandmentStarted e) => r with { Status = TeamStatus.Disbanding, DisbandsOn = e.EffectiveOn, ContractsRemaining = e.Contracts },
        ({ } r, TeamDisbandmentProgressed e) => r with { ContractsRemaining = e.Remaining },
        ({ } r, TeamDisbandmentCancelled) => r with { Status = TeamStatus.Active, DisbandsOn = null, ContractsRemaining = null },
        ({ } r, TeamDisbanded e) => r with { Status = TeamStatus.Disbanded, DisbandsOn = e.On },
        ({ } r, TeamActivated or TeamResumed) => r with { Status = TeamStatus.Active },
        _ => row,
    };
}

/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record TeamPage(IReadOnlyList<TeamsOfInstitution> Items, Guid? Next);

public static class TeamsOfInstitutionEndpoint
{
    public static void MapTeamsOfInstitution(this IEndpointRouteBuilder routes) => routes
        .MapGet("/teams", Handle).WithName(nameof(TeamsOfInstitution)).WithSummary("The teams of the city or of an institution").Public(Readers.Everyone);

    private static async Task<TeamPage> Handle(
        Rows<TeamsOfInstitution> rows, CancellationToken ct, Guid? institutionId = null, TeamStatus? status = null, Guid? after = null,
        int limit = 100)
    {
        limit = Math.Clamp(limit, 1, 200);
        var page = $"and ($2 = '' or status = $2) order by team_id limit {limit}";
        var items = institutionId is { } home
            ? await rows.Where($"team_id > $1 and institution_id = $3 {page}", ct, after ?? Guid.Empty, status?.ToString() ?? "", home)
            : await rows.Where($"team_id > $1 {page}", ct, after ?? Guid.Empty, status?.ToString() ?? "");
        return new(items, items.Count == limit ? items[^1].TeamId : null);
    }
}
