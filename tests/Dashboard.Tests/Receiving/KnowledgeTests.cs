using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Testing;
using Npgsql;

namespace FamilyDoctor.Dashboard.Tests.Receiving;

[Collection(nameof(DashboardFixture))]
public class KnowledgeTests(DashboardFixture dashboard)
{
    private static FigureReported PriorityPersons(string name, double value) => new(
        "priorityPersons", null, new(2023, 12, 31), new(2023, 12, 31), value, "people", "register", new(2024, 1, 2))
    {
        EventId = Ids.Of(name),
        StreamId = Ids.Of("register"),
        StreamVersion = 1,
        CityId = "330200",
        OccurredAt = DateTimeOffset.Parse("2024-01-02T01:00:00Z"),
        CorrelationId = "test",
    };

    [Fact]
    public async Task A_late_fact_changes_the_answer_of_now_but_never_one_as_it_was_known_before()
    {
        var before = await DatabaseTime();
        var known = $"/api/kpis?knownAt={before:yyyy-MM-ddTHH:mm:ss.ffffffZ}";
        var first = await dashboard.Anonymous().GetStringAsync(known);
        Assert.Equal(JsonValueKind.Null, K2(first).GetProperty("value").ValueKind);

        await dashboard.Learn([PriorityPersons("late", 10_000)]);

        Assert.Equal(first, await dashboard.Anonymous().GetStringAsync(known));
        Assert.NotEqual(JsonValueKind.Null, K2(await dashboard.Anonymous().GetStringAsync("/api/kpis")).GetProperty("value").ValueKind);
        var after = $"/api/kpis?knownAt={await DatabaseTime():yyyy-MM-ddTHH:mm:ss.ffffffZ}";
        Assert.NotEqual(JsonValueKind.Null, K2(await dashboard.Anonymous().GetStringAsync(after)).GetProperty("value").ValueKind);
    }

    [Fact]
    public async Task A_message_that_comes_twice_over_the_broker_is_kept_once_and_read_back_as_it_was()
    {
        var message = PriorityPersons("twice", 12_000);
        await dashboard.Publish(message);
        await dashboard.Publish(message);
        var store = dashboard.First.Services.GetService(typeof(IEventStore)) as IEventStore;
        var kept = await Talking.Eventually(async () => (await store!.Read(message.EventId, CancellationToken.None)).ToList(), log => log.Count > 0);
        var recorded = Assert.Single(kept);
        Assert.Equal(message, ((Dashboard.Receiving.MessageReceived)recorded.Event).Message);
        Assert.Equal(message.OccurredAt, recorded.OccurredAt);
        Assert.NotEqual(message.OccurredAt, recorded.RecordedAt);
        await dashboard.Publish(message);
        await dashboard.Publish(PriorityPersons("after twice", 13_000));
        await Talking.Until(async () => (await store!.Read(Ids.Of("after twice"), CancellationToken.None)).Count == 1);
        Assert.Single(await store!.Read(message.EventId, CancellationToken.None));
    }

    private static JsonElement K2(string kpis) =>
        JsonDocument.Parse(kpis).RootElement.EnumerateArray().Single(k => k.GetProperty("code").GetString() == "K2");

    private async Task<DateTime> DatabaseTime()
    {
        await using var connection = new NpgsqlConnection(dashboard.Database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("select clock_timestamp()", connection);
        return ((DateTime)(await command.ExecuteScalarAsync())!).ToUniversalTime();
    }
}
