using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>When somebody is away and who stands in; also seen from the cover's side.</summary>
public sealed record AbsencesOfPractitioner(
    Guid AbsenceId, Guid PractitionerId, Guid CoveredBy, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Reason, AbsenceStatus Status)
    : IRow<AbsencesOfPractitioner>
{
    public static IEnumerable<string> Indexes => ["practitioner_id", "covered_by"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event switch
    {
        CoverNamed e => [e.AbsenceId],
        AbsenceStarted e => [e.AbsenceId],
        CoverEnded e => [e.AbsenceId],
        _ => [],
    };

    public static AbsencesOfPractitioner? Evolve(AbsencesOfPractitioner? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, CoverNamed e) => new(id, e.PractitionerId, e.CoveredBy, e.From, e.To, e.Reason, row?.Status ?? AbsenceStatus.Planned),
        ({ } r, AbsenceStarted) => r with { Status = AbsenceStatus.Away },
        ({ } r, CoverEnded e) => r with
        {
            Status = r.Status is AbsenceStatus.Planned ? AbsenceStatus.Cancelled : AbsenceStatus.Over,
            EndsAt = recorded.OccurredAt < r.EndsAt ? recorded.OccurredAt : r.EndsAt,
        },
        _ => row,
    };
}

public static class AbsencesOfPractitionerEndpoint
{
    public static void MapAbsencesOfPractitioner(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/practitioners/{practitionerId:guid}/absences", OfOne).WithName(nameof(AbsencesOfPractitioner))
            .WithSummary("When a practitioner is away, or stands in for others").Public(Role.Commission, Role.Clinic, Role.Service);
        routes.MapGet("/absences", Open).WithName("OpenAbsences").WithSummary("Who is away now or will be").Public(Role.Commission, Role.Clinic, Role.Service);
    }

    private static async Task<List<AbsencesOfPractitioner>> OfOne(Guid practitionerId, Rows<AbsencesOfPractitioner> rows, CancellationToken ct, int limit = 100) =>
        await rows.Where($"practitioner_id = $1 or covered_by = $1 order by starts_at desc, absence_id limit {Math.Clamp(limit, 1, 200)}", ct, practitionerId);

    private static async Task<List<AbsencesOfPractitioner>> Open(Rows<AbsencesOfPractitioner> rows, CancellationToken ct, int limit = 100) =>
        await rows.Where($"status in ('Planned', 'Away') order by starts_at, absence_id limit {Math.Clamp(limit, 1, 200)}", ct);
}
