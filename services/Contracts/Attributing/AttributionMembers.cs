using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Attributing;

/// <summary>A resident whom a team answers for, as a payer may know him.</summary>
/// <param name="MemberId">Opaque; nobody's name stands behind it outside this service.</param>
/// <param name="To">Last day of the term.</param>
/// <param name="Version">Of two entries of one member the higher one holds.</param>
public sealed record AttributionMembers(Guid MemberId, Guid ContractId, DateOnly? From, DateOnly? To, long Version);

/// <param name="Digest">Of the whole list, not of this page: it changes with every member and term.</param>
/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record AttributionPage(Guid TeamId, string Digest, int Members, IReadOnlyList<AttributionMembers> Items, Guid? Next);

public static class AttributionMembersEndpoint
{
    private const string OnList = "team_id = $1 and status in ('Active', 'InGrace', 'AwaitingReassignment')";

    public static void MapAttributionMembers(this IEndpointRouteBuilder routes) => routes
        .MapGet("/teams/{teamId:guid}/attribution-list", Handle).WithName(nameof(AttributionMembers))
        .WithSummary("The residents whom a team answers for, for a payer").For(Role.Payer, Role.Clinic, Role.Commission);

    private static async Task<AttributionPage> Handle(
        Guid teamId, Rows<ContractsOfTeam> rows, Rows<PanelOfTeam> panels, CancellationToken ct, Guid? after = null, int limit = 100)
    {
        if (await panels.Find(teamId, ct) is null)
            throw new UnknownId();
        limit = Math.Clamp(limit, 1, 200);
        var (digest, members) = await rows.WholeList(teamId, ct);
        var items = await rows.Where($"{OnList} and contract_id > $2 order by contract_id limit {limit}", ct, teamId, after ?? Guid.Empty);
        return new(teamId, digest, members, [.. items.Select(r => new AttributionMembers(r.ResidentId, r.ContractId, r.StartsOn, r.EndsOn, r.EnrolmentVersion))],
            items.Count == limit ? items[^1].ContractId : null);
    }

    /// <summary>The whole list in one word, and how many are on it.</summary>
    internal static async Task<(string Digest, int Members)> WholeList(this Rows<ContractsOfTeam> rows, Guid teamId, CancellationToken ct) =>
        (await rows.Query($$"""
            select encode(sha256(convert_to(coalesce(string_agg(concat_ws(' ', resident_id, contract_id, starts_on, ends_on), ',' order by resident_id), ''), 'UTF8')), 'hex'),
                count(*)::int from {view} where {{OnList}}
            """, row => (row.GetString(0), row.GetInt32(1)), ct, teamId))[0];
}
