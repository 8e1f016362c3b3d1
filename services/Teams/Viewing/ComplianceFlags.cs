using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>What somebody has to look into, oldest first.</summary>
public sealed record ComplianceFlags(
    Guid FlagId, string Kind, Guid? PractitionerId, Guid? TeamId, Guid? InstitutionId, string? Reference, DateOnly RaisedOn, ComplianceFlagStatus Status,
    string? Resolution) : IRow<ComplianceFlags>
{
    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event is ComplianceFlagRaised or ComplianceFlagResolved ? [recorded.StreamId] : [];

    public static ComplianceFlags? Evolve(ComplianceFlags? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, ComplianceFlagRaised e) => new(id, e.Kind, e.PractitionerId, e.TeamId, e.InstitutionId, e.Reference, e.On, ComplianceFlagStatus.Open, null),
        ({ } r, ComplianceFlagResolved e) => r with { Status = ComplianceFlagStatus.Resolved, Resolution = e.Resolution },
        _ => row,
    };
}

public static class ComplianceFlagsEndpoint
{
    public static void MapComplianceFlags(this IEndpointRouteBuilder routes) => routes
        .MapGet("/compliance-flags", Handle).WithName(nameof(ComplianceFlags)).WithSummary("Compliance flags").Public(Role.Commission, Role.Clinic);

    private static async Task<List<ComplianceFlags>> Handle(
        Rows<ComplianceFlags> rows, CancellationToken ct, ComplianceFlagStatus status = ComplianceFlagStatus.Open, int limit = 100) =>
        await rows.Where($"status = $1 order by raised_on, flag_id limit {Math.Clamp(limit, 1, 200)}", ct, status.ToString());
}
