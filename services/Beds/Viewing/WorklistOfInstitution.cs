using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Viewing;

/// <summary>What is to be done in an institution's beds and on its visits, the most urgent first; also what is nobody's yet.</summary>
/// <param name="BedVisits">Visits made for family beds in the last 30 days.</param>
/// <param name="HouseCalls">Those made outside family beds, counted apart.</param>
public sealed record WorklistOfInstitution(Guid InstitutionId, IReadOnlyList<WorkItem> Items, long BedVisits, long HouseCalls);

public static class WorklistOfInstitutionEndpoint
{
    private const int CountedDays = 30;

    public static void MapWorklistOfInstitution(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/worklists/institution", Handle).WithName(nameof(WorklistOfInstitution)).WithSummary("What an institution has to do, the most urgent first")
            .For(Role.Clinic, Role.Commission);
        routes.MapLive("/worklists/institution/live", nameof(WorklistOfInstitution), (Guid institutionId, LiveLists live, HttpContext http) =>
                live.Stream(http, $"institution:{institutionId}"))
            .For(Role.Clinic, Role.Commission);
    }

    private static async Task<WorklistOfInstitution> Handle(
        Guid institutionId, Rows<OpenVisits> visits, Rows<OpenBeds> beds, Rows<VisitsOfPractitioner> made, TimeProvider clock, CancellationToken ct, int limit = 100)
    {
        var now = clock.GetUtcNow();
        var items = WorkItem.Sorted(
            await visits.Where("institution_id = $1", ct, institutionId), await beds.Where("institution_id = $1", ct, institutionId), now, limit);
        var (bedVisits, houseCalls) = (await made.Query("""
            select count(*) filter (where bed_id is not null), count(*) filter (where bed_id is null) from {view}
            where institution_id = $1 and status = 'Completed' and planned_from >= $2 and planned_from < $3
            """, row => (row.GetInt64(0), row.GetInt64(1)), ct, institutionId, now.AddDays(-CountedDays).UtcDateTime, now.UtcDateTime))[0];
        return new(institutionId, items, bedVisits, houseCalls);
    }
}
