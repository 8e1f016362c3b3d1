using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>The assessments of a year in the city: open ones, and what came of the others.</summary>
public sealed record StarAssessments(
    Guid AssessmentId, Guid PractitionerId, int Period, StarAssessmentStatus Status, int Recorded, int? Stars, decimal? Score) : IRow<StarAssessments>
{
    public static IEnumerable<string> Indexes => ["period"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is StarAssessmentOpened or StarComponentRecorded or StarAssessmentClosed ? [recorded.StreamId] : [];

    public static StarAssessments? Evolve(StarAssessments? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, StarAssessmentOpened e) => new(id, e.PractitionerId, e.Period, StarAssessmentStatus.Open, 0, null, null),
        ({ } r, StarComponentRecorded) => r with { Recorded = r.Recorded + 1 },
        ({ } r, StarAssessmentClosed e) => r with { Status = StarAssessmentStatus.Closed, Stars = e.Stars, Score = e.Score },
        _ => row,
    };
}

/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record StarAssessmentPage(IReadOnlyList<StarAssessments> Items, Guid? Next);

public static class StarAssessmentsEndpoint
{
    public static void MapStarAssessments(this IEndpointRouteBuilder routes) => routes
        .MapGet("/assessments", Handle).WithName(nameof(StarAssessments)).WithSummary("The star assessments of a year").Public(Role.Commission);

    private static async Task<StarAssessmentPage> Handle(int period, Rows<StarAssessments> rows, CancellationToken ct, Guid? after = null, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, 200);
        var items = await rows.Where($"period = $1 and assessment_id > $2 order by assessment_id limit {limit}", ct, period, after ?? Guid.Empty);
        return new(items, items.Count == limit ? items[^1].AssessmentId : null);
    }
}
