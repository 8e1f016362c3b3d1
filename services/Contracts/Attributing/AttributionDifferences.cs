using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Attributing;

/// <summary>Where the payer says otherwise of somebody than a team's list, until somebody has looked into it.</summary>
/// <param name="Answer">What the payer was told.</param>
public sealed record AttributionDifferences(Guid CaseId, Guid TeamId, Guid MemberId, MemberClaim Claim, ClaimAnswer Answer, DateTimeOffset Since)
    : IRow<AttributionDifferences>
{
    public static IEnumerable<string> Indexes => ["team_id, since"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event switch
    {
        MemberClaimed e => [Of(e.TeamId, e.MemberId)],
        MemberDifferenceResolved e => [Of(e.TeamId, e.MemberId)],
        _ => [],
    };

    public static AttributionDifferences? Evolve(AttributionDifferences? row, Guid id, Recorded recorded) => recorded.Event switch
    {
        MemberClaimed { Answer: not ClaimAnswer.Agrees } e => new(id, e.TeamId, e.MemberId, e.Claim, e.Answer, recorded.OccurredAt),
        _ => null, // we agree by now, or somebody has looked into it
    };

    private static Guid Of(Guid team, Guid member) => Ids.Of(team, $"attributes:{member}");
}

public static class AttributionDifferencesEndpoint
{
    public static void MapAttributionDifferences(this IEndpointRouteBuilder routes) => routes
        .MapGet("/teams/{teamId:guid}/attribution-list/differences", Handle).WithName(nameof(AttributionDifferences))
        .WithSummary("Where the payer says otherwise than a team's list").For(Role.Payer, Role.Clinic, Role.Commission);

    private static async Task<IReadOnlyList<AttributionDifferences>> Handle(
        Guid teamId, Rows<AttributionDifferences> rows, CancellationToken ct, int limit = 100) =>
        await rows.Where($"team_id = $1 order by since, case_id limit {Math.Clamp(limit, 1, 200)}", ct, teamId);
}
