using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Approving;

/// <summary>Somebody was there and looked at the resident and at the home. What was found is a fact, whatever follows from it.</summary>
/// <param name="FallsRisk">low, medium or high.</param>
/// <param name="Caregiver">Somebody at home has agreed to help.</param>
/// <param name="Recommendation">familyBed, outpatient or hospital.</param>
/// <param name="ReachMinutes">How far the home is from the institution.</param>
public sealed record RecordAssessment(
    [Required, Range(0, 100)] int? Barthel, [Required, Range(6, 23)] int? Braden, [Required, RegularExpression("low|medium|high")] string? FallsRisk,
    [Required] bool? HomeSuitable, [Required] bool? Caregiver, [Required, RegularExpression("familyBed|outpatient|hospital")] string? Recommendation,
    bool AcuteUnstable = false, bool NeedsIsolation = false, [Range(0, 1440)] int? ReachMinutes = null)
{
    public IEnumerable<DomainEvent> Decide(FamilyBed? bed)
    {
        var changes = FamilyBed.MayGo(bed, BedStatus.Assessed, BedStatus.Requested);
        var assessed = new BedAssessed(bed!.Id, Barthel!.Value, Braden!.Value, FallsRisk!, HomeSuitable!.Value, Caregiver!.Value, Recommendation!,
            AcuteUnstable, NeedsIsolation, ReachMinutes);
        return changes || assessed != bed.Assessment ? [assessed] : [];
    }
}

public static class RecordAssessmentEndpoint
{
    public static void MapRecordAssessment(this IEndpointRouteBuilder routes) => routes
        .MapPost("/beds/{bedId:guid}/assessment", Handle).WithName(nameof(RecordAssessment)).WithSummary("Record the assessment of resident and home")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(Guid bedId, RecordAssessment command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<FamilyBed>(bedId, http.Envelope(), (bed, _) => command.Decide(bed), ct));
}
