using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Rating;

/// <summary>One part of a doctor's assessment is known; recorded again, it was corrected.</summary>
/// <param name="Score">Points, up to the weight of the component.</param>
public sealed record RecordStarComponent(
    [Required, MaxLength(40)] string? Code, [Required, Range(0, 100)] decimal? Score, [Required, MaxLength(100)] string? Source)
{
    public IEnumerable<DomainEvent> Decide(int period, StarAssessment? assessment)
    {
        var open = StarAssessment.InWork(assessment, period);
        if (!open.Weights.TryGetValue(Code!, out var most) || Score < 0 || Score > most)
            throw new RuleBroken("RULE_VIOLATION", "Each component of the policy counts up to its weight.", new { component = Code, allowed = open.Weights });
        var recorded = new StarComponentRecorded(open.PractitionerId, period, Code!, Score!.Value, Source!);
        return open.Recorded.GetValueOrDefault(Code!) == recorded ? [] : [recorded];
    }
}

public static class RecordStarComponentEndpoint
{
    public static void MapRecordStarComponent(this IEndpointRouteBuilder routes) => routes
        .MapPost("/practitioners/{practitionerId:guid}/assessments/{period:int}/components", Handle).WithName(nameof(RecordStarComponent))
        .WithSummary("Record a component of an assessment").For(Role.Commission);

    private static async Task<Decided> Handle(
        Guid practitionerId, int period, RecordStarComponent command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<StarAssessment>(StarAssessment.StreamOf(practitionerId, period), http.Envelope(),
            (assessment, _) => command.Decide(period, assessment), ct));
}
