using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Viewing;

/// <summary>A resident for whom an institution may think of a family bed, and who has not asked for one yet.</summary>
/// <param name="Groups">The priority groups that speak for it, separated by commas.</param>
public sealed record HintsOfInstitution(Guid ResidentId, Guid TeamId, Guid InstitutionId, string Groups, DateTimeOffset Since) : IRow<HintsOfInstitution>
{
    public static IEnumerable<string> Indexes => ["institution_id, resident_id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event switch
    {
        BedHinted e => [e.ResidentId],
        BedHintDropped e => [e.ResidentId],
        BedRequested e => [e.ResidentId],
        _ => [],
    };

    public static HintsOfInstitution? Evolve(HintsOfInstitution? row, Guid id, Recorded recorded) => recorded.Event switch
    {
        BedHinted e => new(e.ResidentId, e.TeamId, e.InstitutionId, string.Join(',', e.Groups), recorded.OccurredAt),
        _ => null, // dropped, or asked for
    };
}

/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record HintPage(IReadOnlyList<HintsOfInstitution> Items, Guid? Next);

public static class HintsOfInstitutionEndpoint
{
    public static void MapHintsOfInstitution(this IEndpointRouteBuilder routes) => routes
        .MapGet("/bed-hints", Handle).WithName(nameof(HintsOfInstitution)).WithSummary("Residents for whom a family bed may be right")
        .For(Role.Clinic, Role.Commission);

    private static async Task<HintPage> Handle(
        Guid institutionId, Rows<HintsOfInstitution> rows, CancellationToken ct, Guid? after = null, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, 200);
        var items = await rows.Where($"institution_id = $1 and resident_id > $2 order by resident_id limit {limit}", ct, institutionId, after ?? Guid.Empty);
        return new(items, items.Count == limit ? items[^1].ResidentId : null);
    }
}
