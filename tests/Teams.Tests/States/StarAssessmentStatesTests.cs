using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Teams.Rating;
using static FamilyDoctor.Teams.Tests.Sample;
using static FamilyDoctor.Teams.Tests.States.SampleCity;

namespace FamilyDoctor.Teams.Tests.States;

public sealed class StarAssessmentStatesTests() : StatesTable<StarAssessment>("StarAssessment", StarAssessment.StreamOf(Gp, 2024), "2024-03-01 09:00")
{
    private static readonly SurveyAnswered Survey = new(Ids.Of($"Survey:{Another}"), Gp, 2024, Another, TeamId, Clinic, "330203", 5);
    private static readonly StarAssessmentOpened Opened = new(Gp, 2024, Policy.Default.StarWeights, 0);
    private static readonly StarComponentRecorded[] AllButSatisfaction =
        [.. Policy.Default.StarWeights.Where(w => w.Key != StarAssessment.Satisfaction).Select(w => new StarComponentRecorded(Gp, 2024, w.Key, w.Value, "count"))];

    internal override IReadOnlyDictionary<string, DomainEvent[]> States { get; } = new Dictionary<string, DomainEvent[]>
    {
        ["-"] = [],
        ["Gathering"] = [Survey],
        ["Open"] = [Opened],
        ["Open, all known"] = [Survey with { Score = 1 }, Opened, .. AllButSatisfaction],
        ["Open, all known but unsafe"] = [Survey, new ComplaintCounted(Subject, Gp, 2024, "safety"), Opened, .. AllButSatisfaction],
        ["Closed"] = [Opened, new StarAssessmentClosed(Gp, 2024, 4, 90)],
    };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Commands { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["OpenStarAssessment"] = c => Open(c, Gp),
        ["RecordStarComponent"] = c => Do(c, a => new RecordStarComponent("renewal", 10, "count").Decide(2024, a)),
        ["AnswerSurvey"] = c => Answer(c, Gp, Subject),
        ["AnswerSurvey again"] = c => Answer(c, Gp, Another),
        ["UpholdComplaint"] = c => UpholdComplaintEndpoint.Take(new("justified"), Resident, c.By, c.Runner, c.Given<Complaint>(Resident,
            new ComplaintRaised(Resident, Gp, TeamId, Clinic, "330203", "access", Today)).Store, default),
        // A doctor who had four stars the year before, so that only safety stands against five.
        ["AwardStar"] = c => AwardStarEndpoint.Take(new(2024), Gp, null, c.By, c.Given<Practitioner>(Gp, Stars(4, 2023)).Runner, default),
    };

    internal override IReadOnlyDictionary<string, Func<MemoryCity, Task>> Refusals { get; } = new Dictionary<string, Func<MemoryCity, Task>>
    {
        ["OpenStarAssessment STAR_PREREQUISITE"] = c => Open(c, Nurse),
        ["OpenStarAssessment LICENCE_INVALID"] = c => Open(c.Given<Practitioner>(Gp, new PractitionerSuspended(Gp, "inquiry", null, null)), Gp),
        ["OpenStarAssessment STAR_PERIOD_CLOSED"] = c => Open(c.Given<Practitioner>(Gp, Stars(4, 2024)), Gp),
        ["OpenStarAssessment NOT_FOUND"] = c => Open(c, Unknown),
        ["RecordStarComponent RULE_VIOLATION"] = c => Do(c, a => new RecordStarComponent("renewal", 10.5m, "count").Decide(2024, a)),
        ["AnswerSurvey NOT_FOUND"] = c => Answer(c, Unknown, Subject),
        ["AnswerSurvey again SURVEY_ANSWERED"] = c => Answer(c, Gp, Another, score: 1),
    };

    internal override string StatusOf(StarAssessment state) => state.Status.ToString();

    [Theory]
    [InlineData(5, 0, 10)]
    [InlineData(3, 0, 5)]
    [InlineData(3, 2, 3)] // a point off for each upheld complaint
    [InlineData(1, 1, 0)]
    public void Satisfaction_comes_from_surveys_and_complaints(int score, int complaints, int points)
    {
        var assessment = new DomainEvent[] { Survey with { Score = score }, Opened }
            .Concat(Enumerable.Range(0, complaints).Select(n => new ComplaintCounted(Id(100 + n), Gp, 2024, "access")))
            .Aggregate(default(StarAssessment), StarAssessment.Evolve)!;
        Assert.Equal(points, assessment.Components(Policy.Default).Single(c => c.Code == StarAssessment.Satisfaction).Score);
        var recorded = StarAssessment.Evolve(assessment, new StarComponentRecorded(Gp, 2024, StarAssessment.Satisfaction, 7, "review"));
        Assert.Equal(7, recorded.Components(Policy.Default).Single().Score);
    }

    private static Task Do(MemoryCity city, Func<StarAssessment?, IEnumerable<DomainEvent>> decide) =>
        city.Runner.Execute<StarAssessment>(StarAssessment.StreamOf(Gp, 2024), city.By, (assessment, _) => decide(assessment), default);

    private static Task Open(MemoryCity city, Guid doctor) => OpenStarAssessmentEndpoint.Take(new(2024), doctor, city.By, city.Runner, default);

    private static Task Answer(MemoryCity city, Guid doctor, Guid appointment, int score = 5) =>
        AnswerSurveyEndpoint.Take(new(doctor, appointment, TeamId, score), 2024, city.By, city.Runner, default);
}
