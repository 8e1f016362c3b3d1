using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Teams.Rating;
using FamilyDoctor.Testing;
using static FamilyDoctor.Teams.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Teams.Tests.Rating;

public sealed class StarDecisionsTests
{
    private const string Morning = "2024-01-31 09:00";
    private static readonly StarShare Free = new(Doctors: 99, FiveStar: 1);
    private static readonly StarAssessmentOpened Begun = new(Gp, 2023, Policy.Default.StarWeights, 0);
    private static readonly DomainEvent[] AStudio = [Doctor, Stars(5, 2023), new StudioOpened(StudioId, Gp, TeamId, Clinic, "330203")];

    private static AwardStar Award(decimal score, int period = 2023) => new(period, [new("fulfilment", 20), new("others", score - 20)]);

    [Theory]
    [InlineData(75, 3)]
    [InlineData(84.9, 3)]
    [InlineData(85, 4)]
    [InlineData(91.9, 4)]
    public void The_score_earns_the_stars(decimal score, int stars)
    {
        var awarded = Assert.IsType<StarAwarded>(Assert.Single(
            Given<Practitioner>(Doctor).And<StarAssessment>().When(Morning, (p, a, at) => Award(score).Decide(p, a, Free, at)).Events));
        Assert.Equal((stars, 2023, score, new DateOnly(2024, 1, 31), new DateOnly(2025, 1, 30)),
            (awarded.Stars, awarded.Period, awarded.Score, awarded.ValidFrom, awarded.ValidTo));
    }

    [Fact]
    public void Too_low_a_score_earns_none() =>
        Given<Practitioner>(Doctor).And<StarAssessment>().When(Morning, (p, a, at) => Award(74.9m).Decide(p, a, Free, at)).ThenRefused("STAR_PREREQUISITE");

    [Fact]
    public void Five_stars_need_four_in_the_year_before()
    {
        Given<Practitioner>(Doctor).And<StarAssessment>().When(Morning, (p, a, at) => Award(95).Decide(p, a, Free, at)).ThenRefused("STAR_PREREQUISITE");
        Given<Practitioner>(Doctor, Stars(3, 2022)).And<StarAssessment>().When(Morning, (p, a, at) => Award(95).Decide(p, a, Free, at)).ThenRefused("STAR_PREREQUISITE");
        Given<Practitioner>(Doctor, Stars(4, 2021)).And<StarAssessment>().When(Morning, (p, a, at) => Award(95).Decide(p, a, Free, at)).ThenRefused("STAR_PREREQUISITE");
        var awarded = Given<Practitioner>(Doctor, Stars(4, 2022)).And<StarAssessment>().When(Morning, (p, a, at) => Award(95).Decide(p, a, Free, at)).Events;
        Assert.Equal(5, Assert.IsType<StarAwarded>(Assert.Single(awarded)).Stars);
    }

    [Fact]
    public void Where_five_are_not_possible_four_may_be_asked_for_but_never_more_than_earned()
    {
        var awarded = Given<Practitioner>(Doctor).And<StarAssessment>().When(Morning, (p, a, at) => (Award(95) with { Stars = 4 }).Decide(p, a, Free, at)).Events;
        Assert.Equal(4, Assert.IsType<StarAwarded>(Assert.Single(awarded)).Stars);
        Given<Practitioner>(Doctor).And<StarAssessment>().When(Morning, (p, a, at) => (Award(80) with { Stars = 4 }).Decide(p, a, Free, at)).ThenRefused("STAR_PREREQUISITE");
    }

    [Fact]
    public void Five_stars_are_for_two_in_a_hundred_doctors_except_in_the_past()
    {
        var given = Given<Practitioner>(Doctor, Stars(4, 2022)).And<StarAssessment>();
        given.When(Morning, (p, a, at) => Award(95).Decide(p, a, new(Doctors: 99, FiveStar: 2), at)).ThenRefused("STAR_QUOTA_FULL");
        given.When(Morning, (p, a, at) => Award(95).Decide(p, a, share: null, at)).ThenEvents(typeof(StarAwarded));
    }

    [Fact]
    public void A_period_is_awarded_once()
    {
        Given<Practitioner>(Doctor, Stars(4, 2023)).And<StarAssessment>().When(Morning, (p, a, at) => Award(80).Decide(p, a, Free, at)).ThenRefused("STAR_PERIOD_CLOSED");
        Given<Practitioner>(Doctor, Stars(4, 2023)).And<StarAssessment>().When(Morning, (p, a, at) => Award(80, period: 2022).Decide(p, a, Free, at)).ThenRefused("STAR_PERIOD_CLOSED");
    }

    [Fact]
    public void A_year_that_has_not_begun_is_not_awarded() =>
        Given<Practitioner>(Doctor).And<StarAssessment>().When(Morning, (p, a, at) => Award(80, period: 2025).Decide(p, a, Free, at)).ThenRefused("STAR_PREREQUISITE");

    [Fact]
    public void Stars_are_for_doctors() =>
        Given<Practitioner>(ANurse).And<StarAssessment>().When(Morning, (p, a, at) => Award(80).Decide(p, a, Free, at)).ThenRefused("STAR_PREREQUISITE");

    [Fact]
    public void Stars_are_for_the_licensed() =>
        Given<Practitioner>(Doctor with { LicenceValidTo = new(2024, 1, 30) }).And<StarAssessment>().When(Morning, (p, a, at) => Award(80).Decide(p, a, Free, at)).ThenRefused("LICENCE_INVALID");

    [Fact]
    public void Scores_add_up_to_a_hundred_at_most()
    {
        Given<Practitioner>(Doctor).And<StarAssessment>().When(Morning, (p, a, at) => Award(101).Decide(p, a, Free, at)).ThenRefused("VALIDATION_FAILED");
        Given<Practitioner>(Doctor).And<StarAssessment>().When(Morning, (p, a, at) => new AwardStar(2023, [new("a", 40), new("a", 40)]).Decide(p, a, Free, at)).ThenRefused("VALIDATION_FAILED");
        Given<Practitioner>(Doctor).And<StarAssessment>().When(Morning, (p, a, at) => new AwardStar(2023, [null!]).Decide(p, a, Free, at)).ThenRefused("VALIDATION_FAILED");
        Given<Practitioner>(Doctor).And<StarAssessment>().When(Morning, (p, a, at) => new AwardStar(2023, [new("a", -1)]).Decide(p, a, Free, at)).ThenRefused("VALIDATION_FAILED");
    }

    [Fact]
    public void Nobody_unknown_is_awarded() => Given<Practitioner>().And<StarAssessment>().When(Morning, (p, a, at) => Award(80).Decide(p, a, Free, at)).ThenUnknown();

    [Fact]
    public void Stars_are_in_force_for_a_year()
    {
        var doctor = Practitioner.Evolve(Practitioner.Evolve(null, Doctor), Stars(4, 2022));
        Assert.Equal(4, doctor.StarsAt(At("2024-01-30 23:59").Now));
        Assert.Equal(0, doctor.StarsAt(At("2024-01-31 00:00").Now));
    }

    [Fact]
    public void A_five_star_doctor_opens_a_studio_once()
    {
        var opened = new StudioOpened(StudioId, Gp, TeamId, Clinic, "330203");
        Opening(Stars(5, 2023)).Then(opened);
        Opening(Stars(5, 2023), opened).ThenNothing();
        Opening(Stars(5, 2023), opened with { StudioId = OtherTeam }).ThenRefused("STUDIO_OPEN");
    }

    [Fact]
    public void A_studio_needs_five_stars_now()
    {
        Opening(Stars(4, 2023)).ThenRefused("STAR_PREREQUISITE");
        Opening(Stars(5, 2022)).ThenRefused("STAR_PREREQUISITE"); // over since the end of January
        Opening().ThenRefused("STAR_PREREQUISITE");
    }

    [Fact]
    public void A_studio_needs_a_doctor_of_an_active_team()
    {
        var open = new OpenStudio(StudioId, Gp, TeamId);
        Given<Practitioner>(Doctor, Stars(5, 2023)).And<Team>(ACompleteTeam)
            .When("2024-03-01 09:00", (p, t, at) => (open.Decide(StudioId, p, t, at), [])).ThenRefused("TEAM_NOT_ACTIVE");
        Given<Practitioner>(SecondDoctor).And<Team>(AnActiveTeam)
            .When("2024-03-01 09:00", (p, t, at) => (open.Decide(StudioId, p, t, at), [])).ThenRefused("LEAD_NOT_ELIGIBLE");
        Given<Practitioner>(Doctor with { LicenceValidTo = new(2024, 2, 1) }, Stars(5, 2023)).And<Team>(AnActiveTeam)
            .When("2024-03-01 09:00", (p, t, at) => (open.Decide(StudioId, p, t, at), [])).ThenRefused("LICENCE_INVALID");
        Given<Practitioner>(Doctor).And<Team>().When("2024-03-01 09:00", (p, t, at) => (open.Decide(StudioId, p, t, at), [])).ThenUnknown();
    }

    [Fact]
    public void A_component_has_a_code_of_40_characters_at_most()
    {
        Given<Practitioner>(Doctor).And<StarAssessment>().When(Morning, Awarding(new(2023, [new("", 80)]))).ThenRefused("VALIDATION_FAILED");
        Given<Practitioner>(Doctor).And<StarAssessment>().When(Morning, Awarding(new(2023, [new(new('a', 41), 80)]))).ThenRefused("VALIDATION_FAILED");
        Given<Practitioner>(Doctor).And<StarAssessment>().When(Morning, Awarding(new(2023, [new(new('a', 40), 80)]))).ThenEvents(typeof(StarAwarded));
        Given<Practitioner>(Doctor).And<StarAssessment>().When(Morning, Awarding(new(2023, [new("a", -1), new("b", 81)]))).ThenRefused("VALIDATION_FAILED");
    }

    [Fact]
    public void Neither_safety_nor_the_share_stands_against_four()
    {
        var complaint = new ComplaintCounted(OtherTeam, Gp, 2023, "safety");
        Given<Practitioner>(Doctor, Stars(4, 2022)).And<StarAssessment>(complaint).When(Morning, Awarding(Award(95) with { Stars = 4 })).ThenEvents(typeof(StarAwarded));
        Given<Practitioner>(Doctor, Stars(4, 2022)).And<StarAssessment>(complaint).When(Morning, Awarding(Award(95))).ThenRefused("STAR_PREREQUISITE");
        Given<Practitioner>(Doctor).And<StarAssessment>().When(Morning, (p, a, at) => Award(85).Decide(p, a, new(Doctors: 99, FiveStar: 2), at)).ThenEvents(typeof(StarAwarded));
    }

    [Fact]
    public void A_studio_stays_with_five_stars_and_closes_with_fewer()
    {
        var opened = new StudioOpened(StudioId, Gp, TeamId, Clinic, "330203");
        var given = Given<Practitioner>(Doctor, Stars(5, 2022), opened).And<StarAssessment>();
        given.When(Morning, Awarding(Award(95))).ThenEvents(typeof(StarAwarded));
        given.When(Morning, Awarding(Award(90))).ThenEvents(typeof(StarAwarded), typeof(StudioClosed));
        Given<Practitioner>(Doctor, Stars(5, 2022), opened).When("2024-01-30 23:59", EndStudio.Decide).ThenNothing();
        Given<Practitioner>(Doctor, Stars(5, 2022), opened).When("2024-01-31 00:00", EndStudio.Decide).ThenEvents(typeof(StudioClosed));
        Given<Practitioner>(Doctor, Stars(5, 2022), opened).When(Morning, (p, _) => new CloseStudio("wish").Decide(OtherTeam, p)).ThenNothing();
    }

    [Fact]
    public void A_year_that_has_not_begun_is_not_assessed() =>
        Given<StarAssessment>().And<Practitioner>(Doctor).When(Morning, (a, p, at) => (new OpenStarAssessment(2025).Decide(a, p, at), [])).ThenRefused("STAR_PREREQUISITE");

    [Theory]
    [InlineData("renewal", "-0.5")]
    [InlineData("renewal", "10.5")]
    [InlineData("weather", "0")]
    public void A_component_is_one_of_the_policy_and_counts_up_to_its_weight(string code, string score) =>
        Given<StarAssessment>(Begun).When(Morning, (a, _) => new RecordStarComponent(code, decimal.Parse(score, System.Globalization.CultureInfo.InvariantCulture), "count").Decide(2023, a))
            .ThenRefused("RULE_VIOLATION");

    [Fact]
    public void A_component_is_recorded_once_unless_it_changes()
    {
        var recorded = new StarComponentRecorded(Gp, 2023, "renewal", 8, "count");
        Given<StarAssessment>(Begun, recorded).When(Morning, (a, _) => new RecordStarComponent("renewal", 8, "count").Decide(2023, a)).ThenNothing();
        Given<StarAssessment>(Begun, recorded).When(Morning, (a, _) => new RecordStarComponent("renewal", 9, "count").Decide(2023, a)).Then(recorded with { Score = 9 });
    }

    [Fact]
    public void Sessions_of_a_studio_follow_each_other_on_days_that_are_days()
    {
        OpeningHours morning = new(Weekday.Friday, new(9, 0), new(12, 0)), afternoon = new(Weekday.Friday, new(12, 0), new(15, 0));
        Setting(morning, afternoon).ThenEvents(typeof(StudioHoursSet));
        Setting(morning, morning with { Day = Weekday.Monday }).ThenEvents(typeof(StudioHoursSet));
        Setting(morning, afternoon with { Opens = new(11, 59) }).ThenRefused("VALIDATION_FAILED");
        Setting(morning with { Closes = new(9, 0) }).ThenRefused("VALIDATION_FAILED");
        Setting(morning with { Day = (Weekday)7 }).ThenRefused("VALIDATION_FAILED");
        Given<Practitioner>([.. AStudio, new StudioHoursSet(StudioId, Gp, [morning])]).When(Morning, (p, _) => new SetStudioHours([morning]).Decide(StudioId, p)).ThenNothing();
        Given<Practitioner>(AStudio).When(Morning, (p, _) => new SetStudioHours([morning]).Decide(OtherTeam, p)).ThenRefused("STUDIO_CLOSED");
    }

    [Fact]
    public void An_assessment_that_is_not_whole_earns_nothing_however_good() => Given<Practitioner>(Doctor)
        .And<StarAssessment>([Begun, .. Begun.Weights.Where(w => w.Key != "satisfaction").Select(w => new StarComponentRecorded(Gp, 2023, w.Key, w.Value, "count"))])
        .When(Morning, Awarding(new(2023))).ThenRefused("STAR_PREREQUISITE");

    [Fact]
    public void Stars_are_revoked_once() =>
        Given<Practitioner>(Doctor, Stars(5, 2023), new StarRevoked(Gp, 2023, 5, "safety")).When(Morning, new RevokeStar("safety").Decide).ThenNothing();

    private static Outcome Setting(params OpeningHours[] hours) => Given<Practitioner>(AStudio).When(Morning, (p, _) => new SetStudioHours(hours).Decide(StudioId, p));

    private static Func<Practitioner?, StarAssessment?, Moment, (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)> Awarding(AwardStar award) =>
        (practitioner, assessment, at) => award.Decide(practitioner, assessment, Free, at);

    private static Outcome Opening(params DomainEvent[] more) =>
        Given<Practitioner>([Doctor, .. more]).And<Team>(AnActiveTeam)
            .When("2024-03-01 09:00", (p, t, at) => (new OpenStudio(StudioId, Gp, TeamId).Decide(StudioId, p, t, at), []));
}
