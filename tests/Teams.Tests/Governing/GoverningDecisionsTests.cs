using System.Text.Json;
using FamilyDoctor.Policies;
using FamilyDoctor.Teams.Governing;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Teams.Tests.Governing;

public sealed class GoverningDecisionsTests
{
    private const string Morning = "2024-03-01 09:00";
    private static readonly DateTimeOffset April = DateTimeOffset.Parse("2024-04-01T00:00:00+08:00");
    private static readonly PolicyVersionActivated InApril = new(1, April.ToUniversalTime(), Policy.Default with { ContractsPerGp = 1500 });

    private static ActivatePolicyVersion Version(int version, string policy, DateTimeOffset? from = null) =>
        new(version, from ?? April, JsonSerializer.Deserialize<JsonElement>(policy));

    [Fact]
    public void What_a_new_policy_does_not_name_stays_as_it_is() =>
        Given<PolicyVersions>().When(Morning, Version(1, """{"contractsPerGp":1500}""").Decide).Then(InApril);

    [Fact]
    public void It_rests_on_what_is_in_force_then()
    {
        var may = April.AddMonths(1);
        Given<PolicyVersions>(InApril).When(Morning, Version(2, """{"slotHoldMinutes":20}""", may).Decide)
            .Then(new PolicyVersionActivated(2, may.ToUniversalTime(), InApril.Policy with { SlotHoldMinutes = 20 }));
    }

    [Fact]
    public void A_version_number_is_given_once()
    {
        Given<PolicyVersions>(InApril).When("2024-06-01 09:00", Version(1, """{"contractsPerGp":1500}""").Decide).ThenNothing();
        Given<PolicyVersions>(InApril).When(Morning, Version(1, """{"contractsPerGp":1600}""").Decide).ThenRefused("POLICY_VERSION_KNOWN");
        Given<PolicyVersions>(InApril).When(Morning, Version(1, """{"contractsPerGp":1500}""", April.AddDays(1)).Decide).ThenRefused("POLICY_VERSION_KNOWN");
    }

    [Fact]
    public void No_policy_reaches_back() =>
        Given<PolicyVersions>().When("2024-04-01 00:01", Version(1, """{"contractsPerGp":1500}""").Decide).ThenRefused("POLICY_FROM_PAST");

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"contractsPerDoctor":1}""")]
    [InlineData("""{"contractsPerGp":"many"}""")]
    [InlineData("""{"contractsPerGp":null}""")]
    [InlineData("""{"contractsPerGp":-1}""")]
    [InlineData("""{"contractsPerGp":1.5}""")]
    [InlineData("""{"contractsPerGp":2147483647}""")]
    [InlineData("""{"fiveStarQuotaPercent":101}""")]
    [InlineData("""{"relapseNewSigningAfterMonths":20000}""")]
    [InlineData("""{"termMonthsAllowed":[]}""")]
    [InlineData("""{"termMonthsAllowed":null}""")]
    [InlineData("""{"termMonthsAllowed":[0]}""")]
    [InlineData("""{"termMonthsAllowed":[121]}""")]
    [InlineData("""{"starWeights":{}}""")]
    [InlineData("""{"starWeights":{"quality":99}}""")]
    [InlineData("""{"starWeights":{"quality":101,"access":-1}}""")]
    [InlineData("""{"starWeights":{"quality":99,"":1}}""")]
    [InlineData("""{"starWeights":{"quality":99,"a code of a component with 41 characters.":1}}""")]
    [InlineData("""{"sample":1}""")]
    [InlineData("""{"linkageFrom":"soon"}""")]
    [InlineData("""{"signingFeeFen":12000,"teamFeeSharePercent":69}""")]
    public void A_policy_makes_sense(string policy) => Given<PolicyVersions>().When(Morning, Version(1, policy).Decide).ThenRefused("VALIDATION_FAILED");

    [Theory]
    [InlineData("{\"signingFeeFen\":12000}")]
    [InlineData("{\"signingFeeFen\":12000,\"teamFeeSharePercent\":70}")]
    [InlineData("{\"teamFeeSharePercent\":69}")] // nothing is split where signing is free
    public void Of_a_signing_fee_the_team_gets_its_share(string policy) =>
        Given<PolicyVersions>().When(Morning, Version(1, policy).Decide).ThenEvents(typeof(PolicyVersionActivated));

    [Fact]
    public void A_fee_that_comes_later_finds_the_share_too_low() => Given<PolicyVersions>(new PolicyVersionActivated(1, April.ToUniversalTime(), Policy.Default with { TeamFeeSharePercent = 50 }))
        .When(Morning, Version(2, "{\"signingFeeFen\":12000}", April.AddDays(1)).Decide).ThenRefused("VALIDATION_FAILED");

    [Fact]
    public void Versions_are_counted_from_one() => Given<PolicyVersions>().When(Morning, Version(0, "{}").Decide).ThenRefused("VALIDATION_FAILED");

    [Fact]
    public void The_calendar_is_kept_in_order_and_changed_only_by_another()
    {
        var change = new ChangeCalendar([new(2026, 10, 1), new(2026, 1, 1), new(2026, 1, 1)], [new(2026, 2, 14)]);
        var changed = new CalendarChanged([new(2026, 1, 1), new(2026, 10, 1)], [new(2026, 2, 14)]);
        Given<CityCalendar>().When(Morning, (c, _) => change.Decide(c)).Then(changed);
        Given<CityCalendar>(changed).When(Morning, (c, _) => change.Decide(c)).ThenNothing();
        Given<CityCalendar>(changed).When(Morning, (c, _) => new ChangeCalendar([], []).Decide(c)).Then(new CalendarChanged([], []));
    }

    [Fact]
    public void No_day_is_a_holiday_and_a_working_day() =>
        Given<CityCalendar>().When(Morning, (c, _) => new ChangeCalendar([new(2026, 1, 1)], [new(2026, 1, 1)]).Decide(c)).ThenRefused("VALIDATION_FAILED");

    [Fact]
    public void A_figure_is_a_fact_with_its_source_and_a_correction_another_one()
    {
        var report = new ReportFigure(null, "usualResidents", "330203", new(2023, 1, 1), new(2023, 12, 31), 940_000, "count", "sample census", new(2024, 2, 1));
        var reported = new FigureReported("usualResidents", "330203", new(2023, 1, 1), new(2023, 12, 31), 940_000, "count", "sample census", new(2024, 2, 1));
        Given<Figure>().When(Morning, report.Decide).Then(reported);
        Given<Figure>(reported).When(Morning, report.Decide).ThenNothing();
        Given<Figure>(reported).When(Morning, (report with { Value = 941_000 }).Decide).Then(reported with { Value = 941_000 });
        Assert.NotEqual(report.StreamId, (report with { DistrictCode = null }).StreamId);
        Assert.Equal(report.StreamId, (report with { Value = 941_000 }).StreamId);
    }

    [Fact]
    public void A_figure_covers_a_time_and_is_published_already()
    {
        var report = new ReportFigure(null, "usualResidents", null, new(2023, 1, 1), new(2023, 12, 31), 1, "count", "sample census", new(2024, 2, 1));
        Given<Figure>().When(Morning, (report with { To = new(2022, 1, 1) }).Decide).ThenRefused("VALIDATION_FAILED");
        Given<Figure>().When(Morning, (report with { PublishedOn = new(2024, 3, 2) }).Decide).ThenRefused("VALIDATION_FAILED");
    }

    [Fact]
    public void An_assessment_has_50_components_at_most()
    {
        static string Weights(int n) => JsonSerializer.Serialize(new { starWeights = Enumerable.Range(0, n).ToDictionary(i => $"c{i}", i => i == 0 ? 100 : 0) });
        Given<PolicyVersions>().When(Morning, Version(1, Weights(50)).Decide).ThenEvents(typeof(PolicyVersionActivated));
        Given<PolicyVersions>().When(Morning, Version(1, Weights(51)).Decide).ThenRefused("VALIDATION_FAILED");
    }

    [Fact]
    public void Other_working_days_alone_change_the_calendar() =>
        Given<CityCalendar>(new CalendarChanged([new(2026, 1, 1)], [])).When(Morning, (c, _) => new ChangeCalendar([new(2026, 1, 1)], [new(2026, 2, 14)]).Decide(c))
            .Then(new CalendarChanged([new(2026, 1, 1)], [new(2026, 2, 14)]));

    [Fact]
    public void A_flag_is_about_a_practitioner_a_team_or_an_institution()
    {
        var about = new Guid("00000000-0000-7000-8000-000000000041");
        Given<ComplianceFlag>().When(Morning, (f, at) => new RaiseComplianceFlag(null, "other").Decide(about, f, at)).ThenRefused("VALIDATION_FAILED");
        foreach (var flag in new RaiseComplianceFlag[] { new(null, "other", PractitionerId: about), new(null, "other", TeamId: about), new(null, "other", InstitutionId: about) })
            Given<ComplianceFlag>().When(Morning, (f, at) => flag.Decide(about, f, at)).ThenEvents(typeof(ComplianceFlagRaised));
    }
}
