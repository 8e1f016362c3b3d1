using FamilyDoctor.Teams.Rating;
using FamilyDoctor.Testing;
using static FamilyDoctor.Teams.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Teams.Tests.Rating;

public sealed class StarDecisionsTests
{
    private const string Morning = "2024-01-31 09:00";
    private static readonly StarShare Free = new(Doctors: 99, FiveStar: 1);

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

    private static Outcome Opening(params EventSourcing.DomainEvent[] more) =>
        Given<Practitioner>([Doctor, .. more]).And<Team>(AnActiveTeam)
            .When("2024-03-01 09:00", (p, t, at) => (new OpenStudio(StudioId, Gp, TeamId).Decide(StudioId, p, t, at), []));
}
