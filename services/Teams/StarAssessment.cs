using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams;

public sealed record StarAssessmentOpened(Guid PractitionerId, int Period, IReadOnlyDictionary<string, int> Weights, int PolicyVersion) : DomainEvent;
/// <param name="Source">Where the score comes from: a figure, a review, a count.</param>
public sealed record StarComponentRecorded(Guid PractitionerId, int Period, string Code, decimal Score, string Source) : DomainEvent;
/// <summary>One visit, one answer; who answered is not kept.</summary>
/// <param name="Score">1 to 5.</param>
public sealed record SurveyAnswered(
    Guid SurveyId, Guid PractitionerId, int Period, Guid AppointmentId, Guid? TeamId, Guid InstitutionId, string DistrictCode, int Score) : DomainEvent;
/// <summary>An upheld complaint counts in the assessment of the year in which it was raised.</summary>
public sealed record ComplaintCounted(Guid ComplaintId, Guid PractitionerId, int Period, string Kind) : DomainEvent;
public sealed record StarAssessmentClosed(Guid PractitionerId, int Period, int Stars, decimal Score) : DomainEvent;

[JsonConverter(typeof(JsonStringEnumConverter<StarAssessmentStatus>))]
public enum StarAssessmentStatus { Gathering, Open, Closed }

/// <summary>
/// A doctor's year as it is assessed: surveys and complaints gather by themselves, components are recorded once it is
/// open, the award closes it. See StarAssessment.states.md.
/// </summary>
public sealed record StarAssessment(
    Guid PractitionerId, int Period, StarAssessmentStatus Status, ImmutableDictionary<string, int> Weights,
    ImmutableDictionary<string, StarComponentRecorded> Recorded, ImmutableDictionary<Guid, int> Surveys, ImmutableDictionary<Guid, string> Complaints)
    : IState<StarAssessment>
{
    public const string Satisfaction = "satisfaction", Safety = "safety";

    public static Guid StreamOf(Guid practitionerId, int period) => Ids.Of($"StarAssessment:{practitionerId}:{period}");

    public static StarAssessment Evolve(StarAssessment? assessment, DomainEvent @event) => (assessment, @event) switch
    {
        (_, SurveyAnswered e) => Of(assessment, e.PractitionerId, e.Period) is var a ? a with { Surveys = a.Surveys.Add(e.SurveyId, e.Score) } : null!,
        (_, ComplaintCounted e) => Of(assessment, e.PractitionerId, e.Period) is var a ? a with { Complaints = a.Complaints.Add(e.ComplaintId, e.Kind) } : null!,
        (null or { Status: StarAssessmentStatus.Gathering }, StarAssessmentOpened e) => Of(assessment, e.PractitionerId, e.Period) with
        {
            Status = StarAssessmentStatus.Open,
            Weights = e.Weights.ToImmutableDictionary(),
        },
        ({ Status: StarAssessmentStatus.Open } a, StarComponentRecorded e) => a with { Recorded = a.Recorded.SetItem(e.Code, e) },
        ({ Status: StarAssessmentStatus.Open } a, StarAssessmentClosed) => a with { Status = StarAssessmentStatus.Closed },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {assessment?.Status.ToString() ?? "nothing"}."),
    };

    /// <summary>An upheld safety complaint stands against five stars.</summary>
    public bool IsUnsafe => Complaints.ContainsValue(Safety);

    /// <summary>All components: those recorded, and satisfaction from surveys and complaints unless it was recorded too.</summary>
    public IEnumerable<StarComponent> Components(Policy policy)
    {
        foreach (var (code, recorded) in Recorded.OrderBy(c => c.Key, StringComparer.Ordinal))
            yield return new(code, recorded.Score);
        if (!Recorded.ContainsKey(Satisfaction) && Weights.TryGetValue(Satisfaction, out var most) && Surveys.Count > 0)
        {
            var mean = (decimal)Surveys.Values.Average();
            yield return new(Satisfaction, Math.Max(0, decimal.Round(most * (mean - 1) / 4 - Complaints.Count * policy.ComplaintDeduction, 2)));
        }
    }

    public IEnumerable<string> Missing(Policy policy) => Weights.Keys.Except(Components(policy).Select(c => c.Code)).Order(StringComparer.Ordinal);

    /// <summary>The assessment, which must be open for what is asked.</summary>
    public static StarAssessment InWork(StarAssessment? assessment, int period) => assessment switch
    {
        { Status: StarAssessmentStatus.Open } => assessment,
        { Status: StarAssessmentStatus.Closed } => throw new RuleBroken("STAR_PERIOD_CLOSED", $"The stars of {period} are awarded.", new { period }),
        _ => throw Refusing.Transition("an assessment", assessment?.Status ?? StarAssessmentStatus.Gathering, StarAssessmentStatus.Open),
    };

    private static StarAssessment Of(StarAssessment? assessment, Guid practitionerId, int period) => assessment ?? new(
        practitionerId, period, StarAssessmentStatus.Gathering, ImmutableDictionary<string, int>.Empty,
        ImmutableDictionary<string, StarComponentRecorded>.Empty, ImmutableDictionary<Guid, int>.Empty, ImmutableDictionary<Guid, string>.Empty);
}
