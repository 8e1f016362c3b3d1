using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Viewing;

/// <summary>What waits for a family doctor: for the teams that he leads and for those whose doctor he stands in for, the least time left first.</summary>
/// <param name="Teams">Whose tasks he sees to now.</param>
/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record WorklistOfDoctor(Guid PractitionerId, IReadOnlyList<SeenTo> Teams, IReadOnlyList<TeamWorklist> Items, string? Next);

public static class WorklistOfDoctorEndpoint
{
    public static void MapWorklistOfDoctor(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/worklists/practitioner", Handle).WithName(nameof(WorklistOfDoctor)).WithSummary("What waits for a family doctor, in all he sees to now")
            .For(Role.Clinic, Role.Service).OnlyNames("practitionerId");
        routes.MapLive("/worklists/practitioner/live", nameof(WorklistOfDoctor),
            async (Guid practitionerId, WhoSeesToIt who, LiveLists live, HttpContext http, CancellationToken ct) =>
                live.Stream(http, [.. (await who.SeesTo(practitionerId, ct)).Select(t => $"team:{t.TeamId}")]))
            .For(Role.Clinic, Role.Service).OnlyNames("practitionerId");
    }

    private static async Task<WorklistOfDoctor> Handle(
        Guid practitionerId, HttpContext http, Rows<TeamWorklist> rows, WhoSeesToIt who, CancellationToken ct, string? after = null, TeamTask? task = null, int limit = 100)
    {
        var teams = await who.SeesTo(practitionerId, ct);
        var page = await rows.Page("team_id = any($1) and ($2 = '' or task = $2) and ($3 or institution_id = $4)", after, limit, ct,
            teams.Select(t => t.TeamId).ToArray(), task?.ToString() ?? "", http.OnlyOf() is null, http.OnlyOf() ?? Guid.Empty);
        return new(practitionerId, teams, page.Items, page.Next);
    }
}
