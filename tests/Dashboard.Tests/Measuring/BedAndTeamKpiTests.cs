using FamilyDoctor.IntegrationEvents.Beds;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Teams;
using static FamilyDoctor.Dashboard.Tests.Measuring.Asking;

namespace FamilyDoctor.Dashboard.Tests.Measuring;

[Collection(nameof(DashboardFixture))]
public class BedAndTeamKpiTests(DashboardFixture dashboard)
{
    private readonly Saying says = new();

    private BedFacts Opened(string name, DateOnly on, string origin = "team")
    {
        var facts = new BedFacts(says.Id(name), $"B-{name}", says.Id("resident"), null, says.Id("team"), says.Id("institution"), "330203", origin, "therapeutic", "Open", on, on.AddDays(60));
        says.That(facts.BedId, City(on.Year, on.Month, on.Day), new BedOpened(facts));
        return facts;
    }

    private void Closed(BedFacts facts, DateOnly on, int days) =>
        says.That(facts.BedId, City(on.Year, on.Month, on.Day), new BedClosed(facts with { Status = "Closed" }, "recovered", on, days, 3));

    [Fact]
    public async Task K27_keeps_stock_flow_and_to_date_apart_and_K28_and_K29_count_days()
    {
        says.That(says.Id("capacity"), City(2023, 1, 1), new BedCapacitySet(says.Id("institution"), "330203", 9));
        says.That(says.Id("capacity"), City(2023, 6, 1), new BedCapacitySet(says.Id("institution"), "330203", 2));
        Opened("old", new(2023, 12, 1));
        Closed(Opened("closed", new(2024, 1, 2)), new(2024, 2, 16), 45);
        Opened("new", new(2024, 2, 26));
        var kpis = await dashboard.Kpis(says);
        Assert.Equal((2, 1, 3), (kpis["K27"].Value, kpis["K27-opened"].Value, kpis["K27-toDate"].Value));
        Assert.Equal((30 + 15 + 5, 60), (kpis["K28"].Numerator, kpis["K28"].Denominator)); // 30 days to 1 March
        Assert.Equal(45, kpis["K29"].Value);
        Assert.Equal(2, (await dashboard.Kpis(says, asOf: new(2024, 2, 15)))["K27"].Value);
    }

    [Fact]
    public async Task K30_gives_a_day_after_discharge_and_three_days_otherwise_and_K31_looks_at_the_window()
    {
        Opened("home in time", new(2024, 2, 10), "hospitalDischarge");
        Visit("home in time", City(2024, 2, 11, 8));
        Opened("home late", new(2024, 2, 10), "hospitalDischarge");
        Visit("home late", City(2024, 2, 12));
        Opened("team in time", new(2024, 2, 10));
        Visit("team in time", City(2024, 2, 12));
        Opened("never", new(2024, 2, 10));
        Visit("never", null);
        var kpis = await dashboard.Kpis(says);
        Assert.Equal((50, 2, 4), (kpis["K30"].Value, kpis["K30"].Numerator, kpis["K30"].Denominator));
        Assert.Equal((75, 4), (kpis["K31"].Value, kpis["K31"].Denominator));
    }

    [Fact]
    public async Task K32_counts_urgent_deteriorations_by_bed_days_and_K31_leaves_out_what_was_called_off()
    {
        Opened("worse", new(2024, 2, 10));
        Visit("worse", City(2024, 2, 12));
        var facts = new VisitFacts(says.Id("visit worse"), says.Id("worse"), says.Id("resident"), says.Id("nurse"), says.Id("team"), says.Id("institution"), "330203", "Started",
            City(2024, 2, 12).AddHours(-1), City(2024, 2, 12).AddHours(1));
        says.That(facts.VisitId, City(2024, 2, 12), new DeteriorationDetected(facts, 7, ["9279-1"], "urgent", City(2024, 2, 12, 1)));
        says.That(says.Id("review"), City(2024, 2, 12), new DeteriorationDetected(facts with { VisitId = says.Id("review") }, 5, ["9279-1"], "review", City(2024, 2, 13)));
        says.That(says.Id("off"), City(2024, 2, 12), new VisitCancelled(facts with { VisitId = says.Id("off") }, "bedClosed"));
        var kpis = await dashboard.Kpis(says);
        Assert.Equal((1, 0.021), (kpis["K32"].Numerator, kpis["K32"].Denominator)); // 21 days to 1 March
        Assert.Equal(2, kpis["K31"].Denominator);
    }

    private void Visit(string bed, DateTimeOffset? at)
    {
        var from = (at ?? City(2024, 2, 12)).AddHours(-1);
        var facts = new VisitFacts(says.Id($"visit {bed}"), says.Id(bed), says.Id("resident"), says.Id("nurse"), says.Id("team"), says.Id("institution"), "330203", "Planned", from, from.AddHours(2));
        says.That(facts.VisitId, City(2024, 2, 10), new VisitPlanned(facts));
        says.That(facts.VisitId, from.AddHours(2), at is { } done ? new VisitCompleted(facts, done) : new VisitMissed(facts, "staff"));
    }

    [Fact]
    public async Task K33_counts_offers_and_the_days_until_the_bed_was_open()
    {
        says.That(says.Id("institution"), City(2023, 1, 1), new InstitutionRegistered(new(says.Id("institution"), "中心", "Centre", "330203", "Active", 29, 121)));
        foreach (var name in new[] { "taken", "left" })
            says.That(says.Id($"offer {name}"), City(2024, 2, 10), new DischargeBedOffered(says.Id($"offer {name}"), says.Id("resident"), says.Id("institution"), says.Id("down"), City(2024, 2, 13)));
        says.That(says.Id("offer taken"), City(2024, 2, 11), new DischargeBedOfferAccepted(says.Id("offer taken"), says.Id("resident"), says.Id("institution"), says.Id("bed")));
        Opened("bed", new(2024, 2, 12), "hospitalDischarge");
        var k33 = (await dashboard.Kpis(says))["K33"];
        Assert.Equal(50, k33.Value);
        Assert.Equal(2, (double)k33.Further!["medianDaysToOpen"]!);
        Assert.Equal(50, (await dashboard.Kpis(says, scope: "district:330203"))["K33"].Value);
        Assert.Equal(0, (await dashboard.Kpis(says, scope: "district:330205"))["K33"].Denominator);
    }

    [Fact]
    public async Task K34_follows_who_joins_and_leaves_a_team_and_holds_for_any_past_date()
    {
        var (doctor, nurse) = (new TeamMemberFacts(says.Id("doctor"), "gp", 1), new TeamMemberFacts(says.Id("nurse"), "nurse", 1));
        var team = new TeamFacts(says.Id("team"), says.Id("institution"), "330203", "一", "One", "Active", doctor.PractitionerId, [doctor, nurse], 2000);
        says.That(team.TeamId, City(2024, 1, 2), new TeamActivated(team));
        says.That(team.TeamId, City(2024, 2, 10), new TeamMemberLeft(team with { Members = [doctor] }, nurse.PractitionerId, new(2024, 2, 10), "moved"));
        Assert.Equal(0, (await dashboard.Kpis(says))["K34"].Value);
        Assert.Equal(100, (await dashboard.Kpis(says, asOf: new(2024, 2, 9)))["K34"].Value);
        says.That(team.TeamId, City(2024, 2, 20), new TeamMemberJoined(team, nurse.PractitionerId));
        Assert.Equal(100, (await dashboard.Kpis(says))["K34"].Value);
        says.That(team.TeamId, City(2024, 2, 25), new TeamSuspended(team with { Status = "Suspended" }, "core role lost"));
        Assert.Equal("not available: an active team", (await dashboard.Kpis(says))["K34"].Reason);
    }

    [Fact]
    public async Task K35_shows_how_many_of_each_star_until_their_last_day()
    {
        foreach (var (name, stars, until) in new[] { ("a", 0, default), ("b", 3, new DateOnly(2024, 12, 31)), ("c", 5, new DateOnly(2024, 12, 31)), ("d", 4, new DateOnly(2024, 2, 29)) })
        {
            var facts = new PractitionerFacts(says.Id(name), "doctor", says.Id("institution"), "330203", stars, null);
            says.That(facts.PractitionerId, City(2023, 1, 1), new PractitionerRegistered(facts with { Stars = 0 }));
            if (stars > 0)
                says.That(facts.PractitionerId, City(2024, 1, 1), new StarAwarded(facts, stars, 2023, new(2024, 1, 1), until));
        }
        var k35 = (await dashboard.Kpis(says))["K35"];
        Assert.Equal(50, k35.Value);
        Assert.Equal((1, 0, 1), ((int)k35.Further!["threeStar"]!, (int)k35.Further["fourStar"]!, (int)k35.Further["fiveStar"]!));
        Assert.Equal(75, (await dashboard.Kpis(says, asOf: new(2024, 2, 29)))["K35"].Value);
    }

    [Fact]
    public async Task Whoever_has_left_and_a_studio_that_has_closed_are_counted_to_their_last_day()
    {
        foreach (var name in new[] { "stays", "leaves", "suspended" })
        {
            var facts = new PractitionerFacts(says.Id(name), "doctor", says.Id("institution"), "330203", 0, null);
            says.That(facts.PractitionerId, City(2023, 1, 1), new PractitionerRegistered(facts));
            says.That(facts.PractitionerId, City(2024, 1, 1), new StarAwarded(facts with { Stars = 5 }, 5, 2023, new(2024, 1, 1), new(2024, 2, 25)));
            facts = facts with { Stars = 5, StarsUntil = new(2024, 2, 25) };
            says.That(says.Id($"studio {name}"), City(2024, 1, 2), new StudioOpened(says.Id($"studio {name}"), facts.PractitionerId, says.Id("team"), says.Id("institution"), "330203"));
            if (name == "suspended")
                says.That(facts.PractitionerId, City(2024, 2, 10), new PractitionerSuspended(facts with { Status = "Suspended" }, "inquiry", null));
            if (name != "leaves")
                continue;
            says.That(facts.PractitionerId, City(2024, 2, 20, 0), new PractitionerDeparted(facts with { Status = "Departed" }, new(2024, 2, 19), "retirement"));
            says.That(says.Id($"studio {name}"), City(2024, 2, 20, 0), new StudioClosed(says.Id($"studio {name}"), facts.PractitionerId, "departed"));
        }
        var before = (await dashboard.Kpis(says, asOf: new(2024, 2, 19)))["K35"];
        Assert.Equal((3, 3, 3), (before.Numerator, before.Denominator, (int)before.Further!["studios"]!));
        var after = (await dashboard.Kpis(says, asOf: new(2024, 2, 20)))["K35"];
        Assert.Equal((2, 2, 2), (after.Numerator, after.Denominator, (int)after.Further!["studios"]!));
        Assert.Equal(0, (await dashboard.Kpis(says))["K35"].Numerator); // the stars are over, also of whoever was heard of since
    }

    [Fact]
    public async Task K37_is_the_mean_of_the_answers_with_the_share_of_visits_that_were_rated()
    {
        foreach (var (n, score) in new[] { 5, 4, 3 }.Index())
            says.That(says.Id($"survey {n}"), City(2024, 2, 20), new SurveyAnswered(says.Id($"survey {n}"), says.Id("doctor"), says.Id("team"), says.Id("institution"), "330203", says.Id($"visit {n}"), score));
        for (var n = 0; n < 12; n++)
        {
            var facts = new AppointmentFacts(says.Id($"visit {n}"), says.Id("s"), says.Id("r"), says.Id("c"), says.Id("team"), says.Id("institution"), "330203", "clinic", City(2024, 2, 20), "Fulfilled");
            says.That(facts.AppointmentId, City(2024, 2, 20), new AppointmentFulfilled(facts, "advice"));
        }
        var k37 = (await dashboard.Kpis(says))["K37"];
        Assert.Equal(80, k37.Value);
        Assert.Equal(25, (double)k37.Further!["responseRate"]!);
        Assert.Equal("not available: answers to surveys in this period", (await dashboard.Kpis(says, "today"))["K37"].Reason);
    }

    [Fact]
    public async Task K36_applies_only_where_the_city_named_the_target()
    {
        for (var n = 0; n < 3; n++)
        {
            var facts = new InstitutionFacts(says.Id($"i{n}"), "社康", "Centre", "440303", "Registered", 22, 114);
            says.That(facts.InstitutionId, City(2023, 1, 1), new InstitutionRegistered(facts));
            says.That(facts.InstitutionId, City(2023, 1, 2), n == 0 ? new InstitutionSuspended(facts with { Status = "Suspended" }, "fire safety") : new InstitutionActivated(facts with { Status = "Active" }));
        }
        says.That(says.Id("census"), City(2021, 5, 1), new FigureReported("usualResidents", null, new(2020, 11, 1), new(2020, 11, 1), 40_000, "people", "census", new(2021, 5, 1)));
        Assert.StartsWith("does not apply", (await dashboard.Kpis(says))["K36"].Reason, StringComparison.Ordinal);
        var k36 = (await dashboard.Kpis(says, city: new() { Targets = [new("K36", 1, new("article", null))] }))["K36"];
        Assert.Equal((1.5, 1), (k36.Value, k36.Target!.Value));
        Assert.Equal("article", k36.Target.Source);
    }
}
