using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Approving;

/// <summary>Somebody will come and look at the resident and at the home; it may be put off until it is done.</summary>
public sealed record ScheduleAssessment([Required] DateTimeOffset? At, [Required] Guid? By)
{
    public IEnumerable<DomainEvent> Decide(FamilyBed? bed, Moment at)
    {
        var requested = FamilyBed.At(bed, BedStatus.Requested);
        var scheduled = new BedAssessmentScheduled(requested.Id, At!.Value.ToUniversalTime(), By!.Value);
        if (scheduled == requested.Appointment)
            return []; // the same appointment again
        return scheduled.At > at.Now ? [scheduled]
            : throw new RuleBroken("RULE_VIOLATION", "An assessment is scheduled for a time to come.", new { at.Now });
    }
}

public static class ScheduleAssessmentEndpoint
{
    public static void MapScheduleAssessment(this IEndpointRouteBuilder routes) => routes
        .MapPost("/beds/{bedId:guid}/assessment-appointment", Handle).WithName(nameof(ScheduleAssessment))
        .WithSummary("Schedule the assessment of resident and home").For(Role.Clinic);

    private static async Task<Decided> Handle(Guid bedId, ScheduleAssessment command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<FamilyBed>(bedId, http.Envelope(), command.Decide, ct));
}
