using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>The complaints that wait for a decision, or those decided; only their kind is kept.</summary>
public sealed record Complaints(
    Guid ComplaintId, Guid PractitionerId, Guid? TeamId, Guid InstitutionId, string DistrictCode, string Kind, DateOnly RaisedOn, ComplaintStatus Status,
    string? Finding) : IRow<Complaints>
{
    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event is ComplaintRaised or ComplaintUpheld or ComplaintDismissed ? [recorded.StreamId] : [];

    public static Complaints? Evolve(Complaints? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, ComplaintRaised e) => new(id, e.PractitionerId, e.TeamId, e.InstitutionId, e.DistrictCode, e.Kind, e.On, ComplaintStatus.Raised, null),
        ({ } r, ComplaintUpheld e) => r with { Status = ComplaintStatus.Upheld, Finding = e.Finding },
        ({ } r, ComplaintDismissed e) => r with { Status = ComplaintStatus.Dismissed, Finding = e.Finding },
        _ => row,
    };
}

public static class ComplaintsEndpoint
{
    public static void MapComplaints(this IEndpointRouteBuilder routes) => routes
        .MapGet("/complaints", Handle).WithName(nameof(Complaints)).WithSummary("Complaints").Public(Role.Commission);

    private static async Task<List<Complaints>> Handle(
        Rows<Complaints> rows, CancellationToken ct, ComplaintStatus status = ComplaintStatus.Raised, Guid? practitionerId = null, int limit = 100) =>
        await rows.Where($"status = $1 and ($2 = $3 or practitioner_id = $2) order by raised_on, complaint_id limit {Math.Clamp(limit, 1, 200)}",
            ct, status.ToString(), practitionerId ?? Guid.Empty, Guid.Empty);
}
