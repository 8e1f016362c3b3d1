using FamilyDoctor.Contracts.Merging;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Viewing;

/// <summary>Residents who look alike by name, sex and birth date: somebody decides whether they are one; nothing is merged by itself.</summary>
/// <param name="ResidentId">Registered first.</param>
public sealed record MergeList(Guid ResidentId, Guid OtherId);

/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record MergePage(IReadOnlyList<MergeList> Items, Guid? Next);

public static class MergeListEndpoint
{
    public static void MapMergeList(this IEndpointRouteBuilder routes) => routes
        .MapGet("/residents/duplicates", Handle).WithName(nameof(MergeList)).WithSummary("Residents who are likely the same person")
        .For(Role.Clinic, Role.Commission).OfAll();

    private static async Task<MergePage> Handle(Duplicates duplicates, Access access, HttpContext http, CancellationToken ct, Guid? after = null, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, 200);
        var pairs = await duplicates.Alike(after ?? Guid.Empty, limit, ct);
        var reached = new List<MergeList>(); // a clinic decides on its own residents, the commission on those of two clinics
        foreach (var (one, other) in pairs)
        {
            if (await access.Reaches(http, "residentId", one, ct) && await access.Reaches(http, "otherId", other, ct))
                reached.Add(new(one, other));
        }
        return new(reached, pairs.Count == limit ? pairs[^1].One : null);
    }
}
