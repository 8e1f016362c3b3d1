using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace FamilyDoctor.EventSourcing;

/// <summary>Who broke the glass, and who looked at what that is not his own: for the commission.</summary>
/// <param name="Why">The reason, for a broken glass; else breakGlass or the commission's purpose.</param>
/// <param name="Name">What it was asked by.</param>
/// <param name="OpenUntil">Of a broken glass: when it is whole again.</param>
public sealed record Accesses(
    Guid EntryId, string Who, string Role, Guid? ResidentId, string Why, string Name, Guid Id, string Endpoint, DateTimeOffset ReachedAt,
    DateTimeOffset? OpenUntil) : IRow<Accesses>
{
    public static IEnumerable<string> Indexes => ["resident_id, entry_id", "who, entry_id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event is GlassBroken or RowsReached ? [recorded.EventId] : [];

    public static Accesses? Evolve(Accesses? row, Guid id, Recorded recorded) => recorded.Event switch
    {
        GlassBroken e => new(id, e.By, recorded.Headers.Actor.Role, e.ResidentId, e.Reason, BreakGlass.Resident, e.ResidentId, nameof(BreakGlass),
            recorded.OccurredAt, e.Until),
        RowsReached e => new(id, e.By, recorded.Headers.Actor.Role, e.ResidentId, e.Why, e.Name, e.Id, e.Endpoint, recorded.OccurredAt, null),
        _ => row,
    };
}

/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record AccessPage(IReadOnlyList<Accesses> Items, Guid? Next);

public static class AccessesEndpoint
{
    public static void MapAccesses(this IEndpointRouteBuilder routes) => routes
        .MapGet("/accesses", Handle).WithName(nameof(Accesses)).WithSummary("Who broke the glass, and who looked at what is not his own")
        .Public(Role.Commission);

    /// <param name="onlyGlass">Only who broke the glass, not what he looked at.</param>
    private static async Task<AccessPage> Handle(
        Rows<Accesses> rows, CancellationToken ct, Guid? residentId = null, string? who = null, bool onlyGlass = false, Guid? after = null, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, 200);
        var items = await rows.Where($"""
            ($1 or resident_id = $2) and ($3 = '' or who = $3) and (not $4 or open_until is not null) and entry_id > $5 order by entry_id limit {limit}
            """, ct, residentId is null, residentId ?? Guid.Empty, who ?? "", onlyGlass, after ?? Guid.Empty);
        return new(items, items.Count == limit ? items[^1].EntryId : null);
    }
}
