using FamilyDoctor.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static FamilyDoctor.EventSourcing.Tests.Workshop;

namespace FamilyDoctor.EventSourcing.Tests;

[Collection("database")]
public sealed class ViewTests(Servers servers)
{
    [Fact]
    public async Task Rows_follow_the_log_and_one_builder_works_at_a_time()
    {
        await using var workshop = await Open(servers);
        var runner = await workshop.StartRunner();
        var builders = await Start(workshop, 2, View.Of<FridgeRow>());
        var fridge = Guid.CreateVersion7();
        var rows = new Rows<FridgeRow>(workshop.Database);
        for (var i = 0; i < 100; i++)
            await runner.Execute<Fridge>(fridge, By, (f, _) => Fridge.Store(f, 2), default);

        await Eventually(rows, fridge, row => row is { Vials: 200, Events: 100 });
        await Stop(builders[..1]); // whoever worked: the other goes on
        await runner.Execute<Fridge>(fridge, By, (f, _) => Fridge.Take(f, 50), default);
        var last = await Eventually(rows, fridge, row => row.Vials == 150);
        Assert.Equal((101, workshop.Clock.Now), (last.Events, last.LastAt));
        await Stop(builders[1..]);
    }

    [Fact]
    public async Task A_new_version_is_built_beside_the_live_one_while_writes_go_on_and_swapped_in_whole()
    {
        await using var workshop = await Open(servers);
        var runner = await workshop.StartRunner();
        var fridges = Enumerable.Range(0, 20).Select(_ => Guid.CreateVersion7()).ToArray();
        var builders = await Start(workshop, 1, View.Of<FridgeRow>());
        await Write(runner, fridges, 30);
        await Until(workshop, "select sum(events) = 600 from views.fridge_row");
        await Stop(builders);

        var writing = Write(runner, fridges, 60);
        builders = await Start(workshop, 1, View.Of<Next.FridgeRow>());
        await writing;
        await Until(workshop, "select exists (select 1 from mt_event_progression where name = 'fridge_row:V2:All')");
        await Until(workshop, "select sum(doubled) = 2 * (select sum((data->>'Count')::int) from mt_events) from views.fridge_row");
        Assert.False(await workshop.Scalar<bool>("select to_regclass('building.fridge_row') is not null"));
        await Stop(builders);
    }

    [Fact]
    public async Task A_view_built_anew_that_wants_headers_is_given_them()
    {
        await using var workshop = await Open(servers);
        var runner = await workshop.StartRunner();
        var builders = await Start(workshop, 1, View.Of<FridgeRow>());
        await Write(runner, [Guid.CreateVersion7(), Guid.CreateVersion7()], 5);
        await Stop(builders);

        builders = await Start(workshop, 1, View.Of<Dated.FridgeRow>());
        await Until(workshop, "select exists (select 1 from mt_event_progression where name = 'fridge_row:V2:All')");
        await Until(workshop, "select sum(events) = 10 from views.fridge_row");
        Assert.All(await new Rows<Dated.FridgeRow>(workshop.Database).Where("true", default), row => Assert.Equal(workshop.Clock.Now, row.LastAt));
        await Stop(builders);
    }

    [Fact]
    public async Task A_dropped_view_is_built_again_from_the_log()
    {
        await using var workshop = await Open(servers);
        var runner = await workshop.StartRunner();
        await Write(runner, [Guid.CreateVersion7(), Guid.CreateVersion7()], 5);
        var builders = await Start(workshop, 1, View.Of<FridgeRow>());
        await Until(workshop, "select to_regclass('views.fridge_row') is not null");
        await Until(workshop, "select sum(events) = 10 from views.fridge_row");
        await Stop(builders);
        await workshop.Run("drop table views.fridge_row; delete from mt_event_progression");
        builders = await Start(workshop, 1, View.Of<FridgeRow>());
        await Until(workshop, "select to_regclass('views.fridge_row') is not null");
        await Until(workshop, "select sum(events) = 10 from views.fridge_row");
        await Stop(builders);
    }

    private static async Task Write(Runner runner, Guid[] fridges, int times)
    {
        for (var i = 0; i < times; i++)
            await Task.WhenAll(fridges.Select(f => runner.Execute<Fridge>(f, By, (state, _) => Fridge.Store(state, 1), default)));
    }

    private static async Task<List<ViewBuilder>> Start(Workshop workshop, int count, View view)
    {
        var builders = Enumerable.Range(0, count)
            .Select(_ => new ViewBuilder(workshop.Database, workshop.Store, [view], NullLogger<ViewBuilder>.Instance)).ToList();
        foreach (var builder in builders)
            await builder.StartAsync(default);
        await Until(workshop, "select to_regclass('views.fridge_row') is not null");
        return builders;
    }

    private static async Task Stop(IEnumerable<ViewBuilder> builders)
    {
        foreach (var builder in builders)
            await builder.StopAsync(default);
    }

    private static Task<FridgeRow> Eventually(Rows<FridgeRow> rows, Guid id, Func<FridgeRow, bool> until) =>
        Talking.Eventually(() => rows.Find(id, default), until);

    private static Task Until(Workshop workshop, string sql) =>
        Talking.Until(async () => await workshop.Scalar<object>(sql) is true);

    /// <summary>The next release's idea of the same view.</summary>
    private static class Next
    {
        internal sealed record FridgeRow(Guid Id, int Doubled) : IRow<FridgeRow>
        {
            public static int Version => 2;

            public static IEnumerable<Guid> Keys(Recorded recorded) => [recorded.StreamId];

            public static FridgeRow? Evolve(FridgeRow? row, Guid id, Recorded recorded) =>
                new(id, (row?.Doubled ?? 0) + (recorded.Event is VialsStored e ? 2 * e.Count : 0));
        }
    }

    /// <summary>Another release's idea, which asks for headers only from the third event on.</summary>
    private static class Dated
    {
        internal sealed record FridgeRow(Guid Id, int Events, DateTimeOffset? LastAt) : IRow<FridgeRow>
        {
            public static int Version => 2;

            public static IEnumerable<Guid> Keys(Recorded recorded) => [recorded.StreamId];

            public static FridgeRow? Evolve(FridgeRow? row, Guid id, Recorded recorded) =>
                new(id, (row?.Events ?? 0) + 1, recorded.Version < 3 ? null : recorded.OccurredAt);
        }
    }
}
