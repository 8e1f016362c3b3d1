using System.Text.Json;
using FamilyDoctor.CitySimulator.Founding;
using FamilyDoctor.CitySimulator.Living;

namespace FamilyDoctor.CitySimulator.Tests;

/// <summary>On live days contracts are renewed, go to other teams and lose theirs as often as assumed, over the turn of a year.</summary>
public sealed class LiveContractsTests
{
    private const int Days = 400;
    private static readonly (Plan Plan, List<Step> Steps) Ningbo = Live("ningbo", 400), Third = Live("third", 1);

    public static TheoryData<string> Cities => new("ningbo", "third");

    [Theory, MemberData(nameof(Cities))]
    public void Transfers_by_wish_and_by_mandate_as_often_as_assumed(string name)
    {
        var (plan, steps) = Of(name);
        var residents = plan.Population.Residents.Count(r => r.LeftOn is null || r.LeftOn > plan.City.Today);
        var (wished, placed) = (steps.Count(s => s.What == "residents transferred"), steps.Count(s => s.What == "residents placed"));
        Assert.InRange(wished, residents * plan.City.Assumptions.TransferredShare.Value * 0.7, residents * plan.City.Assumptions.TransferredShare.Value * 1.6);
        Assert.InRange(placed, residents * plan.City.Assumptions.PlacedShare.Value * 0.7, residents * plan.City.Assumptions.PlacedShare.Value * 1.6);
        Assert.Equal(wished + placed, steps.Where(s => s.What is "residents transferred" or "residents placed").DistinctBy(s => s.Case).Count());
    }

    [Theory, MemberData(nameof(Cities))]
    public void One_team_ends_and_with_its_announcement_nothing_new_begins_there(string name)
    {
        var (plan, steps) = Of(name);
        var announced = Assert.Single(steps, s => s.What == "teams disbanded");
        var team = plan.Staffing.Teams.Single(t => announced.Path.Contains(t.Id.ToString(), StringComparison.Ordinal));
        Assert.Equal(plan.City.Assumptions.DisbandmentAfter.Value, plan.Days.Working(plan.City.Today, plan.Days.DateOf(announced.At)).Count - 1);
        var after = steps.Where(s => s.At > announced.At).Select(s => JsonSerializer.Serialize(s.Body, Wire.Json)).ToList();
        Assert.DoesNotContain(after, body => body.Contains(team.Id.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain(plan.Population.Residents, r => r.Team == team && r.LeftOn is null);
        Assert.Contains(steps, s => s.What == "successors agreed to");
    }

    [Theory, MemberData(nameof(Cities))]
    public void Who_renews_does_so_before_the_end_in_the_new_year_as_in_the_old(string name)
    {
        var (plan, steps) = Of(name);
        var renewals = steps.Where(s => s.What == "contracts renewed").ToList();
        Assert.All(renewals, s => Assert.True(s.At < s.Until));
        Assert.Equal(renewals.Count, renewals.DistinctBy(s => s.Path).Count());
        Assert.Contains(renewals, s => plan.Days.DateOf(s.At).Year > plan.City.Today.Year);
    }

    private static (Plan Plan, List<Step> Steps) Of(string name) => name == "third" ? Third : Ningbo;

    private static (Plan, List<Step>) Live(string name, int scale)
    {
        var plan = new Plan(Samples.City(name), scale); // of its own: living changes it
        var live = new LivePlan(plan);
        return (plan, [.. Enumerable.Range(0, Days).SelectMany(_ => live.Continue())]);
    }
}
