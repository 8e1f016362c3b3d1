using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>How a doctor's year is assessed so far: components, what is missing, surveys and upheld complaints.</summary>
/// <param name="Satisfaction">Mean of the surveys, 1 to 5.</param>
public sealed record AssessmentOfYear(
    Guid PractitionerId, int Period, StarAssessmentStatus Status, IReadOnlyDictionary<string, int> Weights, IReadOnlyList<StarComponent> Components,
    decimal Score, IReadOnlyList<string> Missing, int Surveys, double? Satisfaction, int UpheldComplaints, bool IsUnsafe, long Version);

public static class AssessmentOfYearEndpoint
{
    public static void MapAssessmentOfYear(this IEndpointRouteBuilder routes) => routes
        .MapGet("/practitioners/{practitionerId:guid}/assessments/{period:int}", Handle).WithName(nameof(AssessmentOfYear))
        .WithSummary("A doctor's assessment of a year").For(Role.Commission, Role.Clinic);

    private static async Task<AssessmentOfYear> Handle(
        Guid practitionerId, int period, HttpContext http, IEventStore store, PolicyBook policies, TimeProvider clock, CancellationToken ct)
    {
        var (a, version) = await store.Load<StarAssessment>(StarAssessment.StreamOf(practitionerId, period), ct);
        if (a is null)
            throw new UnknownId();
        http.Response.Headers.ETag = $"\"{version}\"";
        var policy = policies.At(clock.GetUtcNow()).Policy;
        var components = a.Components(policy).ToList();
        return new(practitionerId, period, a.Status, a.Weights, components, components.Sum(c => c.Score), [.. a.Missing(policy)], a.Surveys.Count,
            a.Surveys.Count > 0 ? a.Surveys.Values.Average() : null, a.Complaints.Count, a.IsUnsafe, version);
    }
}
