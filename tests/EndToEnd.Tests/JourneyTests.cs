using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.EndToEnd.Tests;

/// <summary>All services as processes, real databases, a real broker.</summary>
[Collection("city")]
public sealed class JourneyTests(RunningCity running)
{
    private City City => running.City;

    [Fact]
    public async Task From_the_application_to_the_visit_at_home_and_everybody_who_must_know_knows()
    {
        var before = await Counted();
        var journey = new Journey(City, _ => Task.CompletedTask);
        await journey.Travel();
        await DashboardCounts(before);

        await EndContract(journey);
        await BedIs(journey, "ClosingDue"); // the care bridge, across services
    }

    [Fact]
    public async Task The_same_with_a_service_killed_after_every_step()
    {
        var before = await Counted();
        var journey = new Journey(City, City.KillAndRestart);
        await journey.Travel();
        await DashboardCounts(before);
    }

    [Fact]
    public async Task Every_message_again_and_backwards_changes_nothing()
    {
        var journey = new Journey(City, _ => Task.CompletedTask);
        await journey.Travel();
        await EndContract(journey);
        await BedIs(journey, "ClosingDue");
        var (kpis, events) = (await Settled(), await Events());

        await using (var rim = await Rim.Open(await City.Broker()))
        {
            foreach (var service in new[] { "beds", "referrals", "contracts", "teams" })
            {
                using var feed = await City.Client(service, Role.Service);
                var page = await feed.GetFromJsonAsync<FeedPage>("/integration-events?limit=2000");
                await rim.Send(service, page!.Items.Reverse());
                await rim.Send(service, page.Items.Reverse());
            }
        }

        await City.IsDrained();
        Assert.Equal(kpis, await Settled());
        Assert.Equal(events, await Events());
    }

    [Fact]
    public async Task A_dropped_dashboard_comes_back_with_the_same_numbers()
    {
        await new Journey(City, _ => Task.CompletedTask).Travel();
        var kpis = await Settled();
        await City.Kill("dashboard");
        await using (var database = await City.Database("dashboarddb"))
        {
            await using var drop = database.CreateCommand("""
                drop schema public cascade; create schema public; drop schema if exists copies cascade; drop schema if exists views cascade;
                """);
            await drop.ExecuteNonQueryAsync();
        }
        await City.StartAgain("dashboard");
        await Talking.Until(async () =>
        {
            using var dashboard = await City.Client("dashboard");
            using var answer = await dashboard.GetAsync("/api/kpis"); // 503 while its views are not there yet
            return answer.IsSuccessStatusCode && (await City.Kpis()).OrderBy(k => k.Key).SequenceEqual(kpis);
        }, seconds: 60);
    }

    [Fact]
    public async Task Dropped_copies_are_refilled_from_the_feeds()
    {
        var journey = new Journey(City, async step =>
        {
            if (step != "contracts")
                return;
            foreach (var service in new[] { "referrals", "beds" })
            {
                await City.Kill(service);
                await using (var database = await City.Database($"{service}db"))
                {
                    await using var drop = database.CreateCommand("drop schema copies cascade");
                    await drop.ExecuteNonQueryAsync();
                }
                await City.StartAgain(service);
            }
        });
        await journey.Travel(); // referring and opening a bed need the dropped copies
    }

    [Fact]
    public async Task A_stopped_service_s_numbers_stand_still_while_the_others_move()
    {
        var before = await Settled();
        await City.Kill("beds");
        using var beds = await City.Client("beds", Role.Clinic);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => beds.GetAsync("/health"));
        await City.StartAgain("beds");
        Assert.Equal(before, await Settled());
    }

    /// <summary>A down-referral accepted, a visit made: both ends of the journey have reached the Dashboard.</summary>
    private async Task DashboardCounts((double Taken, long Visits) before) => await Talking.Eventually<string>(async () =>
    {
        var (taken, visits) = await Counted();
        return $"{taken - before.Taken} {visits - before.Visits}";
    }, counted => counted == "1 1", seconds: 30);

    private async Task<(double Taken, long Visits)> Counted() => (
        (await City.Kpis())["K21"] ?? 0,
        await City.Scalar<long>("dashboarddb", "select count(*) from views.known_visit where completed_at is not null"));

    private async Task EndContract(Journey journey)
    {
        using var contracts = await City.Client("contracts", Role.Clinic);
        await contracts.Do($"/contracts/{journey.Contract}/termination", new { reason = "MovedOut" });
    }

    private async Task BedIs(Journey journey, string status)
    {
        using var beds = await City.Client("beds", Role.Clinic);
        await Talking.Eventually<JsonElement?>(async () => await beds.GetFromJsonAsync<JsonElement>($"/beds/{journey.Bed}"),
            bed => bed!.Value.GetProperty("status").GetString() == status);
    }

    /// <summary>The numbers when the Dashboard has read all there is.</summary>
    private async Task<SortedDictionary<string, double?>> Settled()
    {
        await City.IsDrained();
        return new(await City.Kpis());
    }

    private async Task<string> Events() => string.Join(' ', await Task.WhenAll(
        new[] { "teams", "contracts", "referrals", "beds", "dashboard" }.Select(s => City.Scalar<long>($"{s}db", "select count(*) from mt_events"))));
}
