using FamilyDoctor.Dashboard.Measuring;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Teams;
using static FamilyDoctor.Dashboard.Tests.Measuring.Asking;

namespace FamilyDoctor.Dashboard.Tests.Measuring;

[Collection(nameof(DashboardFixture))]
public class ContractKpiTests(DashboardFixture dashboard)
{
    private readonly Saying says = new();

    private ContractFacts Contract(string name, DateOnly starts, DateOnly ends, params string[] groups) => new(
        says.Id(name), says.Id($"resident of {name}"), says.Id("team"), says.Id("institution"), "330203", null, starts, starts, ends, "Active", groups);

    private ContractFacts Signed(string name, DateOnly starts, DateOnly ends, params string[] groups)
    {
        var facts = Contract(name, starts, ends, groups);
        says.That(says.Id($"enrolment {name}"), new(starts.ToDateTime(new(1, 0)), TimeSpan.Zero), new ContractSigned(facts));
        return facts;
    }

    private TeamFacts Team(string name) => new(
        says.Id(name), says.Id("institution"), "330203", "样例", "Sample", "Active", says.Id($"gp of {name}"), [new(says.Id($"gp of {name}"), "gp", 1)], 2000);

    private void Residents(double people, string? district = null) => says.That(says.Id($"census {district}"), City(2021, 5, 1),
        new FigureReported("usualResidents", district, new(2020, 11, 1), new(2020, 11, 1), people, "people", "census", new(2021, 5, 1)));

    [Fact]
    public async Task K1_counts_active_contracts_and_shows_grace_apart()
    {
        Residents(10);
        Signed("active", new(2023, 9, 1), new(2024, 8, 31));
        Signed("last day", new(2023, 3, 2), new(2024, 3, 1));
        Signed("in grace", new(2023, 2, 20), new(2024, 2, 19));
        Signed("not begun", new(2024, 3, 2), new(2025, 3, 1));
        var k1 = (await dashboard.Kpis(says))["K1"];
        Assert.Equal((20, 2, 10), (k1.Value, k1.Numerator, k1.Denominator));
        Assert.Equal(1, (int)k1.Further!["inGrace"]!);
    }

    [Fact]
    public async Task K1_sums_the_districts_where_the_city_itself_reported_nothing_and_knows_each_of_them()
    {
        Residents(4, "330203");
        Residents(16, "330205");
        Signed("one", new(2023, 9, 1), new(2024, 8, 31));
        Assert.Equal(5, (await dashboard.Kpis(says))["K1"].Value);
        Assert.Equal(25, (await dashboard.Kpis(says, scope: "district:330203"))["K1"].Value);
        Assert.Equal(0, (await dashboard.Kpis(says, scope: "district:330205"))["K1"].Value);
    }

    [Fact]
    public async Task K1_is_not_available_rather_than_zero_without_a_census_or_where_it_is_not_kept()
    {
        Signed("one", new(2023, 9, 1), new(2024, 8, 31));
        var k1 = (await dashboard.Kpis(says))["K1"];
        Assert.Null(k1.Value);
        Assert.Equal("not available: usual residents of this area and date", k1.Reason);
        Assert.StartsWith("not available", (await dashboard.Kpis(says, scope: $"team:{says.Id("team")}"))["K1"].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_contract_renewed_early_counts_once_whichever_message_comes_first()
    {
        Residents(10);
        var old = Signed("one", new(2023, 3, 11), new(2024, 3, 10));
        says.That(says.Id("enrolment one"), City(2024, 2, 1), new ContractRenewed(Contract("two", new(2024, 3, 11), new(2025, 3, 10)), old.ContractId, 0));
        Assert.Equal(1, (await dashboard.Kpis(says))["K1"].Numerator);
        says.All.Reverse();
        Assert.Equal(1, (await dashboard.Kpis(says))["K1"].Numerator);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Who_goes_to_another_team_is_counted_there_also_in_the_term_that_still_runs(bool backwards)
    {
        says.That(says.Id("team"), City(2023, 1, 1), new TeamActivated(Team("team")));
        says.That(says.Id("other team"), City(2023, 1, 1), new TeamActivated(Team("other team")));
        Signed("stays", new(2023, 9, 1), new(2024, 8, 31));
        var goes = Signed("goes", new(2023, 9, 1), new(2024, 8, 31));
        var old = Signed("renewed early", new(2023, 3, 11), new(2024, 3, 10));
        var renewed = Contract("its renewal", new(2024, 3, 11), new(2025, 3, 10)) with { TermBefore = old.ContractId };
        says.That(says.Id("enrolment renewed early"), City(2024, 2, 1), new ContractRenewed(renewed, old.ContractId, 0));
        foreach (var (name, facts) in new[] { ("goes", goes), ("renewed early", renewed) })
        {
            says.That(says.Id($"enrolment {name}"), City(2024, 2, 20), new ContractTransferred(
                facts with { TeamId = says.Id("other team") }, says.Id("team"), "residentWish", false, false, new(2024, 2, 20)));
        }
        if (backwards)
            says.All.Reverse();
        Assert.Equal(1, (await dashboard.Kpis(says, scope: $"team:{says.Id("team")}"))["K3"].Numerator);
        Assert.Equal(2, (await dashboard.Kpis(says, scope: $"team:{says.Id("other team")}"))["K3"].Numerator);
        Assert.Equal(2, (await dashboard.Kpis(says, scope: $"team:{says.Id("other team")}", asOf: new(2024, 3, 12)))["K3"].Numerator);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Who_renewed_early_and_then_ended_the_contract_is_gone_with_both_terms(bool backwards)
    {
        Residents(10);
        var old = Signed("one", new(2023, 3, 11), new(2024, 3, 10));
        var renewed = Contract("two", new(2024, 3, 11), new(2025, 3, 10)) with { TermBefore = old.ContractId };
        says.That(says.Id("enrolment one"), City(2024, 2, 1), new ContractRenewed(renewed, old.ContractId, 0));
        says.That(says.Id("enrolment one"), City(2024, 2, 20), new ContractTerminated(renewed, "ResidentRequest", new(2024, 2, 20)));
        if (backwards)
            says.All.Reverse();
        Assert.Equal(1, (await dashboard.Kpis(says, asOf: new(2024, 2, 19)))["K1"].Numerator);
        Assert.Equal(0, (await dashboard.Kpis(says))["K1"].Numerator);
        Assert.Equal(0, (await dashboard.Kpis(says, asOf: new(2024, 3, 12)))["K1"].Numerator);
    }

    [Fact]
    public async Task What_expired_or_was_terminated_is_in_force_until_the_day_before()
    {
        Residents(10);
        var ended = Signed("ended", new(2023, 9, 1), new(2024, 8, 31));
        says.That(says.Id("enrolment ended"), City(2024, 2, 20), new ContractTerminated(ended, "MovedOut", new(2024, 2, 20)));
        var expired = Signed("expired", new(2023, 1, 16), new(2024, 1, 15));
        says.That(says.Id("enrolment expired"), City(2024, 1, 16, 0), new ContractGraceStarted(expired, new(2024, 2, 14)));
        says.That(says.Id("enrolment expired"), City(2024, 2, 15, 0), new ContractExpired(expired));
        var contracted = async (int day) =>
        {
            var figure = new PublishedFigure("contracted", 1, "stock", new(2024, 2, day), null, null, "residents", null, false, null);
            return (await dashboard.Figures(says, new() { Figures = [figure] }))["contracted"].Measured;
        };
        Assert.Equal(2, await contracted(14));
        Assert.Equal(1, await contracted(15));
        Assert.Equal(1, await contracted(19));
        Assert.Equal(0, await contracted(20));
    }

    [Fact]
    public async Task K2_needs_the_register_of_priority_persons()
    {
        Signed("elderly", new(2023, 9, 1), new(2024, 8, 31), "elderly", "hypertension");
        Signed("general", new(2023, 9, 1), new(2024, 8, 31));
        Assert.Null((await dashboard.Kpis(says))["K2"].Value);
        says.That(says.Id("register"), City(2024, 1, 2), new FigureReported("priorityPersons", null, new(2023, 12, 31), new(2023, 12, 31), 4, "people", "register", new(2024, 1, 2)));
        Assert.Equal(25, (await dashboard.Kpis(says))["K2"].Value);
    }

    [Fact]
    public async Task K3_and_K4_set_contracts_beside_the_panel_and_the_doctors()
    {
        var members = new TeamMemberFacts[] { new(says.Id("a"), "gp", 1), new(says.Id("b"), "gp", 0.5), new(says.Id("c"), "nurse", 1) };
        var team = new TeamFacts(says.Id("team"), says.Id("institution"), "330203", "一", "One", "Forming", members[0].PractitionerId, members, 0);
        says.That(team.TeamId, City(2023, 1, 1), new TeamFormed(team));
        says.That(team.TeamId, City(2023, 1, 2), new TeamActivated(team with { Status = "Active", MaxPanel = 20 }));
        foreach (var n in Enumerable.Range(0, 3))
            Signed($"{n}", new(2023, 9, 1), new(2024, 8, 31));
        var kpis = await dashboard.Kpis(says, scope: $"team:{team.TeamId}");
        Assert.Equal(15, kpis["K3"].Value);
        Assert.Equal(2, kpis["K4"].Value);
    }

    [Fact]
    public async Task K5_leaves_out_who_died_or_moved_away()
    {
        var renewed = Signed("renewed", new(2023, 2, 11), new(2024, 2, 10));
        says.That(says.Id("enrolment renewed"), City(2024, 2, 1), new ContractRenewed(Contract("new", new(2024, 2, 11), new(2025, 2, 10)), renewed.ContractId, 0));
        Signed("let go", new(2023, 2, 11), new(2024, 2, 10));
        var died = Signed("died", new(2023, 2, 11), new(2024, 2, 10));
        says.That(says.Id("enrolment died"), City(2024, 1, 5), new ContractTerminated(died, "Died", new(2024, 1, 5)));
        var k5 = (await dashboard.Kpis(says))["K5"];
        Assert.Equal((50, 1, 2), (k5.Value, k5.Numerator, k5.Denominator));
    }

    [Fact]
    public async Task A_transferred_contract_counts_for_its_new_team_and_one_entered_in_error_for_nobody()
    {
        var moved = Signed("moved", new(2023, 9, 1), new(2024, 8, 31));
        says.That(says.Id("enrolment moved"), City(2024, 2, 20), new ContractTransferred(moved with { TeamId = says.Id("other team") }, moved.TeamId, "residentRequest", false, false, new(2024, 2, 20)));
        var wrong = Signed("wrong", new(2023, 9, 1), new(2024, 8, 31));
        says.That(says.Id("enrolment wrong"), City(2024, 2, 20), new ContractEnteredInError(wrong with { Status = "EnteredInError" }, wrong.ContractId, "otherPerson"));
        Signed("stays", new(2023, 9, 1), new(2024, 8, 31));
        foreach (var turned in new[] { false, true })
        {
            if (turned)
                says.All.Reverse();
            Assert.Equal(1, (await dashboard.Kpis(says, scope: $"team:{says.Id("team")}"))["K3"].Numerator);
            Assert.Equal(1, (await dashboard.Kpis(says, scope: $"team:{says.Id("other team")}"))["K3"].Numerator);
        }
    }

    [Fact]
    public async Task A_death_reported_in_error_ends_nothing_and_a_priority_group_counts_from_its_assignment()
    {
        Residents(10);
        var alive = Signed("alive", new(2023, 9, 1), new(2024, 8, 31));
        says.That(says.Id("enrolment alive"), City(2024, 2, 1), new ContractTerminated(alive with { Status = "Terminated" }, "Died", new(2024, 2, 1)));
        says.That(says.Id("enrolment alive"), City(2024, 2, 5), new ContractReinstated(alive));
        says.That(says.Id("enrolment alive"), City(2024, 2, 6), new PriorityGroupAssigned(alive with { PriorityGroups = ["diabetesT2"] }, "diabetesT2", new(2024, 2, 6)));
        says.That(says.Id("register"), City(2024, 1, 2), new FigureReported("priorityPersons", null, new(2023, 12, 31), new(2023, 12, 31), 4, "people", "register", new(2024, 1, 2)));
        Assert.Equal((1, 25), ((await dashboard.Kpis(says))["K1"].Numerator, (await dashboard.Kpis(says))["K2"].Value));
        says.All.Reverse();
        Assert.Equal((1, 25), ((await dashboard.Kpis(says))["K1"].Numerator, (await dashboard.Kpis(says))["K2"].Value));
    }

    [Fact]
    public async Task K6_asks_who_of_those_with_a_contract_for_ninety_days_was_given_anything_in_a_year()
    {
        var (served, _, _) = (Signed("served", new(2023, 9, 1), new(2024, 8, 31)), Signed("not served", new(2023, 12, 2), new(2024, 12, 1)), Signed("too young", new(2023, 12, 3), new(2024, 12, 2)));
        Given("o1", served, City(2024, 1, 10));
        var long_ago = Signed("long ago", new(2021, 3, 2), new(2024, 3, 1));
        Given("o2", long_ago, City(2023, 2, 28));
        var k6 = (await dashboard.Kpis(says))["K6"];
        Assert.Equal((1, 3), (k6.Numerator, k6.Denominator));
        Assert.Equal("not available: contracts of ninety days and more", (await dashboard.Kpis(says, scope: "district:330205"))["K6"].Reason);
    }

    [Fact]
    public async Task K7_counts_what_was_given_as_often_as_promised_by_the_day_it_was_due()
    {
        var contract = Signed("one", new(2023, 9, 1), new(2024, 8, 31));
        Promised("in time", contract, 2, new(2024, 2, 20), City(2024, 2, 1), City(2024, 2, 20, 23));
        Promised("once of two", contract, 2, new(2024, 2, 20), City(2024, 2, 1));
        Promised("late", contract, 1, new(2024, 2, 20), City(2024, 2, 21));
        Promised("not due yet", contract, 1, new(2024, 3, 2));
        var left = Signed("left", new(2023, 9, 1), new(2024, 8, 31));
        Promised("nobody's any more", left, 1, new(2024, 2, 20));
        says.That(says.Id("enrolment left"), City(2024, 2, 10), new ContractTerminated(left with { Status = "Terminated" }, "MovedOut", new(2024, 2, 10)));
        var k7 = (await dashboard.Kpis(says))["K7"];
        Assert.Equal((1, 3), (k7.Numerator, k7.Denominator));
        Assert.Equal(3, (await dashboard.Kpis(says, scope: $"team:{says.Id("team")}"))["K7"].Denominator);
    }

    [Fact]
    public async Task K8_tells_how_many_wait_for_another_team_and_for_how_long_on_any_day()
    {
        foreach (var (name, from) in new[] { ("waits", 20), ("accepted", 10), ("died", 10) })
        {
            var contract = Signed(name, new(2023, 9, 1), new(2024, 8, 31));
            says.That(says.Id($"enrolment {name}"), City(2024, 2, from, 0), new ContractReassignmentRequired(contract with { Status = "AwaitingReassignment" }, null, new(2024, 3, 11)));
            if (name == "accepted")
                says.That(says.Id($"enrolment {name}"), City(2024, 2, 15), new ContractTransferred(contract with { TeamId = says.Id("other") }, contract.TeamId, "accepted", true, false, new(2024, 2, 15)));
            if (name == "died")
                says.That(says.Id($"enrolment {name}"), City(2024, 2, 18), new ContractTerminated(contract with { Status = "Terminated" }, "Died", new(2024, 2, 18)));
        }
        var k8 = (await dashboard.Kpis(says))["K8"];
        Assert.Equal(1, k8.Value);
        Assert.Equal(10.4, (double)k8.Further!["p95Days"]!, 1);
        Assert.Equal(2, (await dashboard.Kpis(says, asOf: new(2024, 2, 14)))["K8"].Value);
        Assert.Equal(0, (await dashboard.Kpis(says, asOf: new(2024, 2, 9)))["K8"].Value);
    }

    private void Given(string obligation, ContractFacts contract, params DateTimeOffset[] times)
    {
        foreach (var at in times)
            says.That(says.Id(obligation), at, new ServiceDelivered(says.Id(obligation), contract.ResidentId, contract.TeamId, "clinic"));
    }

    private void Promised(string obligation, ContractFacts contract, int times, DateOnly dueBy, params DateTimeOffset[] given)
    {
        says.That(says.Id(obligation), City(2023, 9, 2), new ServiceObligationScheduled(says.Id(obligation), contract.ResidentId, contract.ContractId, contract.TeamId, "basic", "followUp", times, dueBy));
        Given(obligation, contract, given);
    }

    [Fact]
    public async Task K10_and_K11_count_fulfilled_appointments_and_no_shows()
    {
        Signed("one", new(2023, 9, 1), new(2024, 8, 31));
        Signed("half the period", new(2024, 2, 16), new(2025, 2, 15));
        for (var n = 0; n < 4; n++)
        {
            var facts = new AppointmentFacts(says.Id($"a{n}"), says.Id("s"), says.Id("r"), says.Id("c"), says.Id("team"), says.Id("institution"), "330203", "clinic", City(2024, 2, 20), "Booked");
            says.That(facts.AppointmentId, City(2024, 2, 19), new AppointmentBooked(facts));
            says.That(facts.AppointmentId, City(2024, 2, 20), n == 0 ? new AppointmentNoShow(facts) : new AppointmentFulfilled(facts, "advice"));
        }
        var kpis = await dashboard.Kpis(says);
        Assert.Equal(1.5, kpis["K10"].Denominator); // one all of 30 days, one the last 15
        Assert.Equal(200, kpis["K10"].Value);
        Assert.Equal(25, kpis["K11"].Value);
        Assert.Equal("not available: nothing to measure in this period", (await dashboard.Kpis(says, "today"))["K11"].Reason);
    }
}
