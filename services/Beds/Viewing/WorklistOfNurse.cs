using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Viewing;

/// <summary>What a nurse or a doctor has to do: his visits, what was found on them, and the beds he answers for; the most urgent first.</summary>
public sealed record WorklistOfNurse(Guid PractitionerId, IReadOnlyList<WorkItem> Items);

/// <summary>Something to do, and by when.</summary>
/// <param name="Task">visit, findPractitioner, actOnUrgentDeterioration, reviewDeterioration, reviewLateVisit; scheduleAssessment, assess, decide, open, resume, extendOrClose, extend, approveExtension, close, missedVisits.</param>
/// <param name="MinutesLeft">Below zero when it is late.</param>
public sealed record WorkItem(
    string Task, DateTimeOffset DueAt, Guid ResidentId, Guid? BedId, Guid? VisitId, Guid? PractitionerId, long MinutesLeft = 0)
{
    public static IReadOnlyList<WorkItem> Sorted(IEnumerable<OpenVisits> visits, IEnumerable<OpenBeds> beds, DateTimeOffset now, int limit) =>
        [.. visits.SelectMany(v => v.Work()).Concat(beds.SelectMany(b => b.Work())).OrderBy(w => w.DueAt).ThenBy(w => w.VisitId ?? w.BedId)
            .Take(Math.Clamp(limit, 1, 200)).Select(w => w with { MinutesLeft = (long)Math.Floor((w.DueAt - now).TotalMinutes) })];
}

public static class WorklistOfNurseEndpoint
{
    public static void MapWorklistOfNurse(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/worklists/nurse", Handle).WithName(nameof(WorklistOfNurse)).WithSummary("What a practitioner has to do, the most urgent first")
            .For(Role.Clinic).OnlyNames("practitionerId");
        routes.MapLive("/worklists/nurse/live", nameof(WorklistOfNurse), (Guid practitionerId, LiveLists live, HttpContext http) =>
                live.Stream(http, $"nurse:{practitionerId}"))
            .For(Role.Clinic).OnlyNames("practitionerId");
    }

    private static async Task<WorklistOfNurse> Handle(
        Guid practitionerId, HttpContext http, Rows<OpenVisits> visits, Rows<OpenBeds> beds, TimeProvider clock, CancellationToken ct, int limit = 100) =>
        new(practitionerId, WorkItem.Sorted(
            await visits.Where("practitioner_id = $1 and ($2 or institution_id = $3)", ct, practitionerId, http.OnlyOf() is null, http.OnlyOf() ?? Guid.Empty),
            await beds.Where("(nurse_id = $1 or gp_id = $1) and ($2 or institution_id = $3)", ct, practitionerId, http.OnlyOf() is null, http.OnlyOf() ?? Guid.Empty), clock.GetUtcNow(), limit));
}
