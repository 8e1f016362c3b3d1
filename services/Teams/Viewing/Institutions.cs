using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>The city's institutions.</summary>
public sealed record Institutions(
    Guid InstitutionId, string Name, string NameEn, string DistrictCode, InstitutionStatus Status, double Latitude, double Longitude,
    Guid? SuccessorId) : IRow<Institutions>
{
    static int IRow<Institutions>.Version => 2;

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is InstitutionRegistered or InstitutionActivated or InstitutionSuspended or InstitutionResumed or InstitutionClosed ? [recorded.StreamId] : [];

    public static Institutions? Evolve(Institutions? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, InstitutionRegistered e) => new(id, e.Name, e.NameEn, e.DistrictCode, InstitutionStatus.Registered, e.Latitude, e.Longitude, null),
        ({ } r, InstitutionClosed e) => r with { Status = InstitutionStatus.Closed, SuccessorId = e.SuccessorId },
        ({ } r, InstitutionSuspended) => r with { Status = InstitutionStatus.Suspended },
        ({ } r, InstitutionActivated or InstitutionResumed) => r with { Status = InstitutionStatus.Active },
        _ => row,
    };
}

/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record InstitutionPage(IReadOnlyList<Institutions> Items, Guid? Next);

public static class InstitutionsEndpoint
{
    public static void MapInstitutions(this IEndpointRouteBuilder routes) => routes
        .MapGet("/institutions", Handle).WithName(nameof(Institutions)).WithSummary("The city's institutions").Public(Readers.Everyone);

    private static async Task<InstitutionPage> Handle(
        Rows<Institutions> rows, CancellationToken ct, string? districtCode = null, Guid? after = null, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, 200);
        var items = await rows.Where($"institution_id > $1 and ($2 = '' or district_code = $2) order by institution_id limit {limit}", ct, after ?? Guid.Empty, districtCode ?? "");
        return new(items, items.Count == limit ? items[^1].InstitutionId : null);
    }
}
