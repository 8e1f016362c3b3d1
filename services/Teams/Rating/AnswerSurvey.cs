using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Rating;

/// <summary>After a visit somebody says in one number how it was; one answer a visit, without a name.</summary>
/// <param name="Score">1, not at all content, to 5, very.</param>
public sealed record AnswerSurvey(
    [Required] Guid? PractitionerId, [Required] Guid? AppointmentId, Guid? TeamId, [Required, Range(1, 5)] int? Score)
{
    internal Guid SurveyId => Ids.Of($"Survey:{AppointmentId}");

    public IEnumerable<DomainEvent> Decide(StarAssessment? assessment, Practitioner? practitioner, int period)
    {
        if (practitioner is null)
            throw new UnknownId();
        if (assessment?.Surveys.TryGetValue(SurveyId, out var before) is true)
            return before == Score ? [] : throw new RuleBroken("SURVEY_ANSWERED", "This visit was rated already.", new { AppointmentId });
        return [new SurveyAnswered(SurveyId, practitioner.Id, period, AppointmentId!.Value, TeamId, practitioner.InstitutionId, practitioner.DistrictCode, Score!.Value)];
    }
}

public static class AnswerSurveyEndpoint
{
    public static void MapAnswerSurvey(this IEndpointRouteBuilder routes) => routes
        .MapPost("/surveys", Handle).WithName(nameof(AnswerSurvey)).WithSummary("Rate a visit").For(Role.Resident, Role.Clinic);

    private static async Task<Decided> Handle(
        AnswerSurvey command, HttpContext http, Runner runner, PolicyBook policies, TimeProvider clock, CancellationToken ct) =>
        new(await Take(command, policies.At(clock.GetUtcNow()).Today.Year, http.Envelope(), runner, ct) with { Id = command.SurveyId });

    internal static Task<Done> Take(AnswerSurvey command, int period, Envelope envelope, Runner runner, CancellationToken ct) =>
        runner.Execute<StarAssessment, Practitioner>(StarAssessment.StreamOf(command.PractitionerId!.Value, period), command.PractitionerId.Value, envelope,
            (assessment, practitioner, _) => (command.Decide(assessment, practitioner, period), []), ct);
}
