using FamilyDoctor.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static FamilyDoctor.EventSourcing.Tests.Workshop;

namespace FamilyDoctor.EventSourcing.Tests;

[Collection("database")]
public sealed class StormTests(Servers servers)
{
    [Fact]
    public async Task Sixty_four_writers_on_eight_streams_leave_no_gap_and_one_winner_for_every_version()
    {
        await using var workshop = await Open(servers);
        var streams = Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7()).ToArray();
        var (reached, left) = (new long[streams.Length], 10_000);
        var won = new List<(Guid Stream, long Version, Guid EventId)>();
        await Task.WhenAll(Enumerable.Range(0, 64).Select(writer => Task.Run(async () =>
        {
            for (var i = writer; Interlocked.Decrement(ref left) >= 0; i++)
            {
                var n = i % streams.Length;
                var version = Interlocked.Read(ref reached[n]);
                var unit = UnitOf(streams[n], version, 1);
                if ((await workshop.Store.Append([unit], default)).Count > 0)
                    continue;
                Interlocked.CompareExchange(ref reached[n], version + 1, version);
                lock (won)
                    won.Add((streams[n], version + 1, unit.Streams[0].Events[0].EventId));
            }
        })));

        Assert.True(won.Count > 100, $"Only {won.Count} were appended.");
        Assert.Equal(won.Count, won.DistinctBy(w => (w.Stream, w.Version)).Count());
        var histories = await workshop.Store.Read([.. streams.Select(s => (s, 0L))], default);
        foreach (var (stream, history) in histories)
            Assert.Equal(Enumerable.Range(1, history.Count).Select(v => (long)v), history.Select(e => e.Version));
        Assert.Equal(won.Select(w => (w.Stream, w.Version, w.EventId)).ToHashSet(),
            histories.Values.SelectMany(h => h).Select(e => (e.StreamId, e.Version, e.EventId)).ToHashSet());
    }

    [Fact]
    public async Task A_stream_that_another_writer_lets_go_of_at_the_last_moment_is_still_not_ours()
    {
        await using var workshop = await Open(servers);
        var streams = Enumerable.Range(0, 100).Select(_ => Guid.CreateVersion7()).ToArray();
        var (version, held, done) = (0L, 0, false);
        Assert.Empty(await workshop.Store.Append([Next()], default));
        version++;
        var other = Task.Run(async () =>
        {
            await using var connection = await workshop.Database.OpenConnectionAsync();
            await using var look = new Npgsql.NpgsqlCommand("select 1 from mt_streams where id = $1 for update", connection) { Parameters = { new() { Value = streams[^1] } } };
            while (!Volatile.Read(ref done))
                await look.ExecuteNonQueryAsync();
        });
        for (var turn = 0; (version < 200 || held < 50) && turn < 3_000; turn++)
        {
            if ((await workshop.Store.Append([Next()], default)).Count == 0)
                version++;
            else
                held++;
        }
        Volatile.Write(ref done, true);
        await other;
        await using var versions = workshop.Database.CreateCommand("""
            select s.version, (select max(e.version) from mt_events e where e.stream_id = s.id) from mt_streams s where s.id = any($1)
            """);
        versions.Parameters.AddWithValue(streams);
        await using var row = await versions.ExecuteReaderAsync();
        while (await row.ReadAsync())
            Assert.Equal((version, version), (row.GetInt64(0), row.GetInt64(1)));

        Unit Next() => new([.. streams.Select(s => UnitOf(s, version, 1).Streams[0])], []);
    }

    [Fact]
    public async Task What_was_acknowledged_survives_a_killed_PostgreSQL()
    {
        var own = new Servers();
        await own.Postgres.StartAsync();
        try
        {
            await using var workshop = await Open(own);
            var runner = await workshop.StartRunner();
            var hot = Guid.CreateVersion7();
            var acknowledged = new List<(Guid Stream, long Version)>();
            var (broken, stop) = (0, false);
            var storm = Enumerable.Range(0, 24).Select(client => Task.Run(async () =>
            {
                while (!Volatile.Read(ref stop))
                {
                    try
                    {
                        var stream = client % 3 == 0 ? hot : Guid.CreateVersion7();
                        var done = await runner.Execute<Fridge>(stream, By, (f, _) => Fridge.Store(f, 1), default);
                        lock (acknowledged)
                            acknowledged.Add((done.Id, done.Version));
                    }
                    catch (Busy)
                    {
                        Interlocked.Increment(ref broken);
                        await Task.Yield();
                    }
                }
            })).ToList();

            await Talking.Until(() => Task.FromResult(Acknowledged() > 500));
            await own.Postgres.KillAsync();
            await Talking.Until(() => Task.FromResult(Volatile.Read(ref broken) > 0));
            await own.Postgres.StartAsync();
            var before = Acknowledged();
            await Talking.Until(() => Task.FromResult(Acknowledged() > before + 500));
            Volatile.Write(ref stop, true);
            await Task.WhenAll(storm);

            var log = new HashSet<(Guid, long)>();
            var reader = workshop.Store.ReadLog(0);
            while (await reader.Next(5000, default) is { Count: > 0 } page)
                log.UnionWith(page.Select(e => (e.StreamId, e.Version)));
            Assert.Empty(acknowledged.Except(log));
            Assert.Equal(acknowledged.Count, acknowledged.Distinct().Count());
            Assert.Equal(0L, await workshop.Scalar<long>("""
                select count(*) from mt_streams s where s.version <> (select count(*) from mt_events e where e.stream_id = s.id)
                """));

            int Acknowledged()
            {
                lock (acknowledged)
                    return acknowledged.Count;
            }
        }
        finally
        {
            await own.Postgres.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_rebuild_while_writes_go_on_equals_a_fold_of_the_whole_log()
    {
        await using var workshop = await Open(servers);
        var runner = await workshop.StartRunner();
        var fridges = Enumerable.Range(0, 200).Select(_ => Guid.CreateVersion7()).ToArray();
        await Write(5);
        using var builder = new ViewBuilder(workshop.Database, workshop.Store, [View.Of<FridgeRow>()], NullLogger<ViewBuilder>.Instance);
        await builder.StartAsync(default);
        await Talking.Until(() => workshop.Scalar<bool>("select to_regclass('views.fridge_row') is not null"));
        await builder.StopAsync(default);

        await workshop.Run("delete from mt_event_progression"); // as after a change of the fold
        var writing = Write(20);
        using var rebuilder = new ViewBuilder(workshop.Database, workshop.Store, [View.Of<FridgeRow>()], NullLogger<ViewBuilder>.Instance);
        await rebuilder.StartAsync(default);
        await writing;
        await Talking.Until(() => workshop.Scalar<bool>("select coalesce((select last_seq_id from mt_event_progression where name = 'fridge_row:All'), 0) = max(seq_id) from mt_events"));
        await rebuilder.StopAsync(default);

        var expected = new Dictionary<Guid, FridgeRow?>();
        var reader = workshop.Store.ReadLog(0);
        while (await reader.Next(1000, default) is { Count: > 0 } page)
        {
            foreach (var recorded in page)
                expected[recorded.StreamId] = FridgeRow.Evolve(expected.GetValueOrDefault(recorded.StreamId), recorded.StreamId, recorded);
        }
        var rows = await new Rows<FridgeRow>(workshop.Database).Where("true", default);
        Assert.Equal(200 * 25, rows.Sum(r => r.Events));
        Assert.Equal(expected.Values.OrderBy(r => r!.Id), rows.OrderBy(r => r.Id));

        async Task Write(int times)
        {
            for (var i = 0; i < times; i++)
                await Task.WhenAll(fridges.Select(f => runner.Execute<Fridge>(f, By, (state, _) => Fridge.Store(state, 1), default)));
        }
    }

    [Fact]
    public async Task Many_events_go_in_whole_or_not_at_all_and_spoil_no_other_unit()
    {
        await using var workshop = await Open(servers);
        var (taken, free) = (Guid.CreateVersion7(), Enumerable.Range(0, 50).Select(_ => Guid.CreateVersion7()).ToArray());
        Assert.Empty(await workshop.Store.Append([UnitOf(taken, 0, 1)], default));

        var lost = await workshop.Store.Append([.. free.Select(f => UnitOf(f, 0, 100)), UnitOf(taken, 0, 100)], default);
        Assert.Equal((50, Lost.Stale), (Assert.Single(lost).Key, lost[50]));
        Assert.Equal(5_001L, await workshop.Scalar<long>("select count(*) from mt_events"));
        Assert.Empty(await workshop.Store.Append([.. free.Select(f => UnitOf(f, 100, 100))], default));
        Assert.Equal(10_001L, await workshop.Scalar<long>("select count(*) from mt_events"));
        Assert.All(await workshop.Store.Read([.. free.Select(f => (f, 0L))], default), history =>
        {
            Assert.Equal(Enumerable.Range(1, 200).Select(v => (long)v), history.Value.Select(e => e.Version));
            Assert.All(history.Value, e => Assert.Equal(("correlation", workshop.Clock.Now, "tester"), (e.CorrelationId, e.OccurredAt, e.Headers.Actor.Id)));
        });
        // Read in the log in the order of their versions, however they went in.
        var reader = workshop.Store.ReadLog(0);
        var seen = new Dictionary<Guid, long>();
        while (await reader.Next(3000, default) is { Count: > 0 } page)
        {
            foreach (var recorded in page)
                Assert.Equal(seen[recorded.StreamId] = seen.GetValueOrDefault(recorded.StreamId) + 1, recorded.Version);
        }
        Assert.Equal(10_001, seen.Values.Sum());

        Unit UnitOf(Guid stream, long version, int events) => StormTests.UnitOf(stream, version, events, workshop.Clock.Now);
    }

    [Fact]
    public async Task A_relay_that_loses_its_connection_is_relieved_within_seconds()
    {
        await using var workshop = await Open(servers);
        var runner = await workshop.StartRunner();
        using var first = new Counted(workshop);
        using var second = new Counted(workshop);
        await first.StartAsync(default);
        await Talking.Until(() => Task.FromResult(first.Works == 1));
        await second.StartAsync(default);
        await workshop.Run("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())");
        await Talking.Eventually<bool?>(() => Task.FromResult<bool?>(first.Works + second.Works >= 2 ? true : null), seconds: 5);
        await first.StopAsync(default);
        await second.StopAsync(default);
    }

    /// <summary>Counts how often it was elected.</summary>
    private sealed class Counted(Workshop workshop) : Elected("counted", workshop.Database, NullLogger.Instance)
    {
        public volatile int Works;

        protected override async Task Work(CancellationToken ct)
        {
            Interlocked.Increment(ref Works);
            await Task.Delay(Timeout.Infinite, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    internal static Unit UnitOf(Guid stream, long version, int events, DateTimeOffset? at = null) => new(
        [new(stream, StreamKind.Of<Fridge>(), version,
            [.. Enumerable.Range(0, events).Select(_ => new NewEvent(Guid.CreateVersion7(), new VialsStored(1), "correlation", null,
                new("330200", at ?? DateTimeOffset.Parse("2024-03-01T01:00:00Z"), By.Actor, 0)))], [], [], [])],
        []);
}
