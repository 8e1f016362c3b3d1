using System.Net.ServerSentEvents;
using FamilyDoctor.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static FamilyDoctor.EventSourcing.Tests.Workshop;

namespace FamilyDoctor.EventSourcing.Tests;

/// <summary>Whoever follows a list is told when it changes, whichever instance built it.</summary>
[Collection("database")]
public sealed class LiveListsTests(Servers servers) : IAsyncLifetime
{
    private readonly Guid fridge = Guid.CreateVersion7();
    private Workshop workshop = null!;
    private Runner runner = null!;
    private ViewBuilder builder = null!;
    private LiveLists here = null!, there = null!;

    public async Task InitializeAsync()
    {
        workshop = await Open(servers);
        runner = await workshop.StartRunner();
        builder = new(workshop.Database, workshop.Store, [View.Of<ShelfRow>()], NullLogger<ViewBuilder>.Instance);
        await builder.StartAsync(default);
        await Talking.Until(async () => await workshop.Scalar<bool>("select to_regclass('views.shelf_row') is not null"));
        (here, there) = (new(workshop.Database, NullLogger<LiveLists>.Instance), new(workshop.Database, NullLogger<LiveLists>.Instance));
        await here.StartAsync(default);
        await there.StartAsync(default);
        await Talking.Until(async () => await Listeners() == 2);
    }

    public async Task DisposeAsync()
    {
        await here.StopAsync(default);
        await there.StopAsync(default);
        await builder.StopAsync(default);
        await workshop.DisposeAsync();
    }

    [Fact]
    public async Task A_change_is_told_to_who_follows_that_very_list_on_every_instance()
    {
        await Store(10);
        await using var mine = new Line(here, "shelf:low");
        await using var elsewhere = new Line(there, "shelf:low");
        await using var other = new Line(here, "shelf:high");
        foreach (var line in new[] { mine, elsewhere, other })
            Assert.Equal(LiveLists.Ping, (await line.Next()).EventType);
        await Store(1);
        foreach (var line in new[] { mine, elsewhere })
        {
            var changed = await line.Next();
            Assert.Equal((LiveLists.Changed, await workshop.Scalar<long>("select max(seq_id) from mt_events")), (changed.EventType, long.Parse(changed.Data)));
        }
        // It leaves one list and enters another: both have changed.
        await Store(1000);
        foreach (var line in new[] { mine, elsewhere, other })
            Assert.Equal(LiveLists.Changed, (await line.Next()).EventType);
        // Of the first change, which was not in its list, nobody had told the other one.
        Assert.Equal(2, mine.Heard.Count(h => h == LiveLists.Changed));
        Assert.Single(other.Heard, LiveLists.Changed);
    }

    [Fact]
    public async Task What_changes_nothing_in_a_list_is_not_told()
    {
        await Store(10);
        await using var line = new Line(here, "shelf:low");
        await line.Next();
        await runner.Execute<Fridge>(fridge, By, (_, _) => [new VialsDated(workshop.Clock.Now.AddYears(1))], default); // no part of the row
        await Store(5);
        Assert.Equal(LiveLists.Changed, (await line.Next()).EventType);
        Assert.Equal(await workshop.Scalar<long>("select max(seq_id) from mt_events"), long.Parse(line.Last!.Value.Data));
        Assert.Single(line.Heard, LiveLists.Changed);
    }

    [Fact]
    public async Task Whoever_comes_back_is_told_to_look_again_and_so_is_everybody_after_a_broken_connection()
    {
        await Store(10);
        await using var line = new Line(here, "shelf:low");
        var first = await line.Next();
        await Store(1);
        await line.Next();
        await using var again = new Line(here, "shelf:low", last: first.EventId);
        Assert.Equal(LiveLists.Changed, (await again.Next()).EventType);
        await workshop.Run("select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen fd_lists%' and datname = current_database()");
        await using var quiet = new Line(here, "nobody:0");
        await quiet.Until(LiveLists.Changed);
        await Talking.Until(async () => await Listeners() == 2);
        await Store(1);
        await line.Until(LiveLists.Changed);
    }

    [Fact]
    public async Task A_follower_who_does_not_read_keeps_only_the_newest_words()
    {
        await Store(10);
        await using var line = new Line(here, "shelf:low");
        await line.Next();
        await using var enumerator = here.Follow(["shelf:low"], null, default).GetAsyncEnumerator();
        await enumerator.MoveNextAsync();
        for (var i = 0; i < 20; i++)
        {
            await Store(1);
            await line.Until(LiveLists.Changed);
        }
        var heard = new List<long>();
        for (var i = 0; i < 8 && await enumerator.MoveNextAsync(); i++)
            heard.Add(long.Parse(enumerator.Current.Data));
        Assert.Equal(await workshop.Scalar<long>("select max(seq_id) from mt_events"), heard[^1]);
    }

    [Fact]
    public async Task A_list_of_so_many_names_that_one_word_cannot_hold_them_is_told_in_several()
    {
        var fridges = Enumerable.Range(0, 400).Select(_ => Guid.CreateVersion7()).ToArray();
        var lines = fridges.Select(f => new Line(here, $"fridge:{f}")).ToList();
        foreach (var line in lines)
            await line.Next();
        await builder.StopAsync(default); // so that the next one finds all of it at once
        await Task.WhenAll(fridges.Select(f => runner.Execute<Fridge>(f, By, (_, _) => [new VialsStored(1)], default)));
        builder = new(workshop.Database, workshop.Store, [View.Of<ShelfRow>()], NullLogger<ViewBuilder>.Instance);
        await builder.StartAsync(default);
        foreach (var line in lines)
        {
            await line.Until(LiveLists.Changed);
            await line.DisposeAsync();
        }
    }

    /// <summary>Until everybody who follows the fridge has been told.</summary>
    private async Task Store(int count)
    {
        await using var here = new Line(this.here, $"fridge:{fridge}");
        await using var there = new Line(this.there, $"fridge:{fridge}");
        await Task.WhenAll(here.Next(), there.Next());
        await runner.Execute<Fridge>(fridge, By, (f, _) => Fridge.Store(f, count), default);
        await Task.WhenAll(here.Until(LiveLists.Changed), there.Until(LiveLists.Changed));
    }

    private Task<long> Listeners() => workshop.Scalar<long>(
        "select count(*) from pg_stat_activity where query ilike 'listen fd_lists%' and datname = current_database()");

    /// <summary>A follower who reads whatever he is told.</summary>
    private sealed class Line : IAsyncDisposable
    {
        private readonly CancellationTokenSource left = new(TimeSpan.FromSeconds(60));
        private readonly IAsyncEnumerator<SseItem<string>> items;

        public Line(LiveLists lists, string name, string? last = null) => items = lists.Follow([name], last, left.Token).GetAsyncEnumerator();

        public List<string> Heard { get; } = [];
        public SseItem<string>? Last { get; private set; }

        /// <summary>The next word but for those that only say that the line is open.</summary>
        public async Task<SseItem<string>> Next()
        {
            do
            {
                Assert.True(await items.MoveNextAsync());
                Heard.Add(items.Current.EventType);
            }
            while (Heard.Count > 1 && items.Current.EventType == LiveLists.Ping);
            Last = items.Current;
            return items.Current;
        }

        public async Task Until(string topic)
        {
            while ((await Next()).EventType != topic)
            {
            }
        }

        public async ValueTask DisposeAsync()
        {
            await left.CancelAsync();
            try
            {
                await items.DisposeAsync();
            }
            catch (NotSupportedException)
            {
                // It is being read at this moment.
            }
            left.Dispose();
        }
    }
}

/// <summary>A fridge in the list of those that are low, or of those that are full.</summary>
public sealed record ShelfRow(Guid Id, int Vials) : IRow<ShelfRow>
{
    public static IEnumerable<string> Lists(ShelfRow row) => [row.Vials < 100 ? "shelf:low" : "shelf:high", $"fridge:{row.Id}"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => [recorded.StreamId];

    public static ShelfRow Evolve(ShelfRow? row, Guid id, Recorded recorded) => new(id, (row?.Vials ?? 0) + (recorded.Event is VialsStored e ? e.Count : 0));
}
