using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>The studios of the city's five-star doctors, with the hours of their own sessions.</summary>
public sealed record Studios(
    Guid StudioId, Guid LeaderId, Guid TeamId, Guid InstitutionId, string DistrictCode, IReadOnlyList<OpeningHours> Hours, bool IsOpen, string? ClosedFor)
    : IRow<Studios>
{
    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event switch
    {
        StudioOpened e => [e.StudioId],
        StudioHoursSet e => [e.StudioId],
        StudioClosed e => [e.StudioId],
        _ => [],
    };

    public static Studios? Evolve(Studios? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, StudioOpened e) => new(id, e.LeaderId, e.TeamId, e.InstitutionId, e.DistrictCode, [], true, null),
        ({ } r, StudioHoursSet e) => r with { Hours = e.Hours },
        ({ } r, StudioClosed e) => r with { IsOpen = false, ClosedFor = e.Reason },
        _ => row,
    };
}

public static class StudiosEndpoint
{
    public static void MapStudios(this IEndpointRouteBuilder routes) => routes
        .MapGet("/studios", Handle).WithName(nameof(Studios)).WithSummary("The city's studios").Public(Readers.Everyone);

    private static async Task<List<Studios>> Handle(Rows<Studios> rows, CancellationToken ct, bool open = true, int limit = 200) =>
        await rows.Where($"is_open = $1 order by studio_id limit {Math.Clamp(limit, 1, 200)}", ct, open);
}
