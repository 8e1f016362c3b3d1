using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Rating;

/// <summary>A doctor's year begins to be assessed, with the weights of the policy of the day.</summary>
public sealed record OpenStarAssessment([Required, Range(2000, 2200)] int? Period)
{
    public IEnumerable<DomainEvent> Decide(StarAssessment? assessment, Practitioner? practitioner, Moment at)
    {
        var doctor = Practitioner.Licensed(practitioner, at);
        var period = Period!.Value;
        if (doctor.Kind != Practitioner.Doctor || period > at.Today.Year)
            throw new RuleBroken("STAR_PREREQUISITE", "Stars are for doctors, and for a year that has begun.", new { doctor.Kind, at.Today.Year });
        if (assessment is { Status: StarAssessmentStatus.Closed } || doctor.Awards.LastOrDefault()?.Period >= period)
            throw new RuleBroken("STAR_PERIOD_CLOSED", $"The stars of {period} are awarded.", new { period });
        return assessment is { Status: StarAssessmentStatus.Open } ? []
            : [new StarAssessmentOpened(doctor.Id, period, at.Policy.StarWeights, at.PolicyVersion)];
    }
}

public static class OpenStarAssessmentEndpoint
{
    public static void MapOpenStarAssessment(this IEndpointRouteBuilder routes) => routes
        .MapPost("/practitioners/{practitionerId:guid}/assessments", Handle).WithName(nameof(OpenStarAssessment)).WithSummary("Open a star assessment")
        .For(Role.Commission);

    private static async Task<Decided> Handle(
        Guid practitionerId, OpenStarAssessment command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await Take(command, practitionerId, http.Envelope(), runner, ct), $"/practitioners/{practitionerId}/assessments/{command.Period}");

    internal static Task<Done> Take(OpenStarAssessment command, Guid practitionerId, Envelope envelope, Runner runner, CancellationToken ct) =>
        runner.Execute<StarAssessment, Practitioner>(StarAssessment.StreamOf(practitionerId, command.Period!.Value), practitionerId, envelope,
            (assessment, practitioner, at) => (command.Decide(assessment, practitioner, at), []), ct);
}
