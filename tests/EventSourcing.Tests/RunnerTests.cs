using FamilyDoctor.Testing;
using static FamilyDoctor.EventSourcing.Tests.Workshop;

namespace FamilyDoctor.EventSourcing.Tests;

[Collection("database")]
public sealed class RunnerTests(Servers servers)
{
    [Fact]
    public async Task Two_instances_take_the_last_vials_and_none_is_taken_twice()
    {
        await using var workshop = await Open(servers);
        var runners = new[] { await workshop.StartRunner(), await workshop.StartRunner() };
        var fridge = Guid.CreateVersion7();
        await runners[0].Execute<Fridge>(fridge, By, (f, _) => Fridge.Store(f, 100), default);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 600).Select(i => Code(
            runners[i % 2].Execute<Fridge>(fridge, By, (f, _) => Fridge.Take(f, 1), default))));

        Assert.Equal(new() { ["done"] = 100, ["EMPTY"] = 500 }, outcomes.GroupBy(o => o).ToDictionary(g => g.Key, g => g.Count()));
        Assert.Equal(0, (await workshop.Store.Load<Fridge>(fridge, default)).State!.Vials);
    }

    [Fact]
    public async Task A_move_between_two_streams_is_whole_or_not_at_all()
    {
        await using var workshop = await Open(servers);
        var runners = new[] { await workshop.StartRunner(), await workshop.StartRunner() };
        var fridges = Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7()).ToArray();
        foreach (var fridge in fridges)
            await runners[0].Execute<Fridge>(fridge, By, (f, _) => Fridge.Store(f, 40), default);

        var random = new Random(7);
        await Task.WhenAll(Enumerable.Range(0, 1000).Select(i =>
        {
            var (from, to) = (random.Next(5), random.Next(4));
            to += to >= from ? 1 : 0;
            return Code(runners[i % 2].Execute<Fridge, Fridge>(fridges[from], fridges[to], By,
                (a, b, _) => (Fridge.Take(a, 3), Fridge.Store(b, 3)), default));
        }));

        var vials = await Task.WhenAll(fridges.Select(async f => (await workshop.Store.Load<Fridge>(f, default)).State!.Vials));
        Assert.Equal(200, vials.Sum());
        Assert.All(vials, v => Assert.True(v >= 0));
        Assert.Equal(0L, await workshop.Scalar<long>("""
            select count(*) from (select stream_id, version, row_number() over (partition by stream_id order by seq_id) as place from mt_events) e
            where version <> place
            """));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task The_id_of_another_kind_of_stream_is_nobody_s_and_spoils_no_other_decision(bool isHot)
    {
        await using var workshop = await Open(servers);
        var (fridge, label) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var first = await workshop.StartRunner();
        await first.Execute<Fridge>(fridge, By, (f, _) => Fridge.Store(f, 1), default);
        await first.Execute<Label>(label, By, (_, at) => [new VialsDated(at.Now)], default);
        var runner = isHot ? first : await workshop.StartRunner();

        var asked = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => (i % 3) switch
        {
            0 => Code(runner.Execute<Label>(fridge, By, (_, at) => [new VialsDated(at.Now)], default)),
            1 => Code(runner.Execute<Fridge>(fridge, By, (f, _) => Fridge.Store(f, 1), default)),
            _ => Code(runner.Execute<Fridge, Label>(label, fridge, By, (f, l, at) => ([], [new VialsDated(at.Now)]), default)),
        }));

        Assert.Equal(Enumerable.Range(0, 60).Select(i => i % 3 == 1 ? "done" : "unknown"), asked);
        Assert.Equal(21, (await workshop.Store.Load<Fridge>(fridge, default)).State!.Vials);
        Assert.Equal((null, 0), await workshop.Store.Load<Label>(fridge, default));
        Assert.Null(await runner.Look<Label>(fridge, default));
        Assert.Equal(21, (await runner.Look<Fridge>(fridge, default))!.Vials);
    }

    [Fact]
    public async Task What_another_writer_holds_up_is_taken_back_before_all_that_came_later()
    {
        var clock = new SettableClock(DateTimeOffset.Parse("2024-03-01T01:00:00Z"));
        var (hot, done) = (Guid.CreateVersion7(), new System.Collections.Concurrent.ConcurrentQueue<int>());
        var store = new HoldingStore(new InMemoryEventStore(clock), hot, times: 3);
        var runner = RunnerOn(store, clock);
        var asked = Enumerable.Range(0, 6000).Select(async i =>
        {
            await runner.Execute<Fridge>(i == 0 ? hot : Guid.CreateVersion7(), By, (f, _) => Fridge.Store(f, 1), default);
            done.Enqueue(i);
        }).ToList();
        await runner.StartAsync(default);
        await Task.WhenAll(asked).WaitAsync(TimeSpan.FromSeconds(60));
        await runner.StopAsync(default);
        Assert.Equal(0, store.HoldsLeft);
        Assert.InRange(Array.IndexOf([.. done], 0), 0, 5000); // not behind the whole queue
        Assert.InRange(store.Largest, 1, 512);
    }

    [Fact]
    public async Task What_has_to_be_decided_again_comes_in_batches_of_the_usual_size_and_all_of_it()
    {
        var clock = new SettableClock(DateTimeOffset.Parse("2024-03-01T01:00:00Z"));
        var store = new HoldingStore(new InMemoryEventStore(clock), null, times: 2);
        var runner = RunnerOn(store, clock);
        var asked = Enumerable.Range(0, 3000).Select(_ => runner.Execute<Fridge>(Guid.CreateVersion7(), By, (f, _) => Fridge.Store(f, 1), default)).ToList();
        await runner.StartAsync(default);
        Assert.All(await Task.WhenAll(asked).WaitAsync(TimeSpan.FromSeconds(60)), d => Assert.Equal(1, d.Version));
        await runner.StopAsync(default);
        Assert.InRange(store.Largest, 1, 512);
    }

    [Fact]
    public async Task What_is_held_up_when_the_service_stops_is_finished()
    {
        var clock = new SettableClock(DateTimeOffset.Parse("2024-03-01T01:00:00Z"));
        var hot = Guid.CreateVersion7();
        var store = new HoldingStore(new InMemoryEventStore(clock), hot, times: 200);
        var runner = RunnerOn(store, clock);
        var asked = runner.Execute<Fridge>(hot, By, (f, _) => Fridge.Store(f, 1), default);
        await runner.StartAsync(default);
        await Talking.Until(() => Task.FromResult(store.HoldsLeft < 200));
        Assert.True(store.HoldsLeft > 0);
        await runner.StopAsync(default);
        Assert.Equal(1, (await asked.WaitAsync(TimeSpan.FromSeconds(10))).Version);
    }

    /// <summary>Another instance is in the way of one stream, or makes whole batches stale, so often.</summary>
    private sealed class HoldingStore(IEventStore inner, Guid? hot, int times) : IEventStore
    {
        public int HoldsLeft { get; private set; } = times;
        public int Largest { get; private set; }

        public async Task<IReadOnlyDictionary<int, Lost>> Append(IReadOnlyList<Unit> units, CancellationToken ct)
        {
            await Task.Yield();
            Largest = Math.Max(Largest, units.Count);
            var lost = new Dictionary<int, Lost>();
            if (HoldsLeft > 0)
            {
                for (var i = 0; i < units.Count; i++)
                {
                    if (hot is null || units[i].Streams.Any(s => s.StreamId == hot))
                        lost.Add(i, hot is null ? Lost.Stale : Lost.Held);
                }
                HoldsLeft -= lost.Count > 0 ? 1 : 0;
            }
            var kept = Enumerable.Range(0, units.Count).Except(lost.Keys).ToList();
            foreach (var (i, why) in await inner.Append([.. kept.Select(i => units[i])], ct))
                lost.Add(kept[i], why);
            return lost;
        }

        public Task<IReadOnlyDictionary<Guid, IReadOnlyList<Recorded>>> Read(
            IReadOnlyList<(Guid Stream, long AfterVersion)> streams, CancellationToken ct, bool withHeaders = true) => inner.Read(streams, ct, withHeaders);
        public Task<IReadOnlyDictionary<string, Answer>> FindAnswers(IReadOnlyList<string> keys, CancellationToken ct) => inner.FindAnswers(keys, ct);
        public Task<Guid?> FindAlias(Guid alias, CancellationToken ct) => inner.FindAlias(alias, ct);
        public ILogReader ReadLog(long afterSequence, bool withHeaders = true) => inner.ReadLog(afterSequence, withHeaders);
        public Task<IReadOnlyList<DueDeadline>> ClaimDue(DateTimeOffset now, int limit, CancellationToken ct) => inner.ClaimDue(now, limit, ct);
        public Task NextAppend => inner.NextAppend;
    }

    [Fact]
    public async Task A_refused_command_spoils_no_other_of_its_batch()
    {
        await using var workshop = await Open(servers);
        var runner = await workshop.StartRunner();
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Code(i % 2 == 0
            ? runner.Execute<Fridge>(Guid.CreateVersion7(), By, (f, _) => Fridge.Store(f, 1), default)
            : runner.Execute<Fridge>(Guid.CreateVersion7(), By, (f, _) => throw new RuleBroken("NO", "No."), default))));
        Assert.Equal(new() { ["done"] = 100, ["NO"] = 100 }, outcomes.GroupBy(o => o).ToDictionary(g => g.Key, g => g.Count()));
        Assert.Equal(100L, await workshop.Scalar<long>("select count(*) from mt_events"));
    }

    [Fact]
    public async Task A_refusal_rests_on_what_another_instance_has_just_written()
    {
        await using var workshop = await Open(servers);
        var (one, other) = (await workshop.StartRunner(), await workshop.StartRunner());
        var fridge = Guid.CreateVersion7();
        await one.Execute<Fridge>(fridge, By, (f, _) => Fridge.Store(f, 1), default);
        await one.Execute<Fridge>(fridge, By, (f, _) => Fridge.Take(f, 1), default);
        Assert.Equal("EMPTY", await Code(other.Execute<Fridge>(fridge, By, (f, _) => Fridge.Take(f, 1), default)));
        await one.Execute<Fridge>(fridge, By, (f, _) => Fridge.Store(f, 1), default);
        Assert.Equal("done", await Code(other.Execute<Fridge>(fridge, By, (f, _) => Fridge.Take(f, 1), default)));
    }

    [Fact]
    public async Task An_expected_version_that_is_gone_is_refused_with_the_current_one()
    {
        await using var workshop = await Open(servers);
        var runner = await workshop.StartRunner();
        var fridge = Guid.CreateVersion7();
        await runner.Execute<Fridge>(fridge, By, (f, _) => Fridge.Store(f, 1), default);
        var done = await runner.Execute<Fridge>(fridge, By with { ExpectedVersion = 1 }, (f, _) => Fridge.Store(f, 1), default);
        Assert.Equal(2, done.Version);
        var stale = await Assert.ThrowsAsync<StaleVersion>(() =>
            runner.Execute<Fridge>(fridge, By with { ExpectedVersion = 1 }, (f, _) => Fridge.Store(f, 1), default));
        Assert.Equal(2, stale.CurrentVersion);
    }

    [Fact]
    public async Task The_same_key_on_two_instances_at_once_is_done_once()
    {
        await using var workshop = await Open(servers);
        var runners = new[] { await workshop.StartRunner(), await workshop.StartRunner() };
        var fridge = Guid.CreateVersion7();
        var by = By with { Idempotency = new("key", "content") };
        var done = await Task.WhenAll(Enumerable.Range(0, 40).Select(i =>
            runners[i % 2].Execute<Fridge>(fridge, by, (f, _) => Fridge.Store(f, 1), default)));
        Assert.All(done, d => Assert.Equal(1, d.Version));
        Assert.Equal(1L, await workshop.Scalar<long>("select count(*) from mt_events"));
        await Assert.ThrowsAsync<IdempotencyMismatch>(() => runners[0].Execute<Fridge>(
            fridge, By with { Idempotency = new("key", "other content") }, (f, _) => Fridge.Store(f, 1), default));
    }

    [Fact]
    public async Task An_overdue_deadline_is_decided_first_at_its_own_time()
    {
        await using var workshop = await Open(servers);
        var runner = await workshop.StartRunner();
        var fridge = Guid.CreateVersion7();
        var until = workshop.Clock.Now.AddMinutes(15);
        await runner.Execute<Fridge>(fridge, By, (_, _) => [new VialsStored(1), new VialsReserved(1, until)], default);
        Assert.Equal("EMPTY", await Code(runner.Execute<Fridge>(fridge, By, (f, _) => Fridge.Take(f, 1), default)));

        workshop.Clock.Now = until.AddHours(3);
        Assert.Equal("done", await Code(runner.Execute<Fridge>(fridge, By, (f, _) => Fridge.Take(f, 1), default)));

        var history = await workshop.Store.Read(fridge, default);
        Assert.Equal([typeof(VialsStored), typeof(VialsReserved), typeof(VialsReservationLapsed), typeof(VialsTaken)], history.Select(h => h.Event.GetType()));
        Assert.Equal(until, history[2].OccurredAt);
        Assert.Equal(0L, await workshop.Scalar<long>("select count(*) from fd_deadlines"));
    }

    [Fact]
    public async Task A_deadline_that_passed_while_all_were_down_fires_once_on_two_clocks()
    {
        await using var workshop = await Open(servers);
        var runners = new[] { await workshop.StartRunner(), await workshop.StartRunner() };
        var fridges = Enumerable.Range(0, 300).Select(_ => Guid.CreateVersion7()).ToList();
        var until = workshop.Clock.Now.AddMinutes(15);
        await Task.WhenAll(fridges.Select(f => runners[0].Execute<Fridge>(f, By, (_, _) => [new VialsStored(1), new VialsReserved(1, until)], default)));

        workshop.Clock.Now = until.AddDays(2);
        var clocks = runners.Select(r => new DeadlineClock(workshop.Store, r, workshop.Clock, new(workshop.Clock),
            Microsoft.Extensions.Logging.Abstractions.NullLogger<DeadlineClock>.Instance)).ToList();
        await Talking.Until(async () => (await Task.WhenAll(clocks.Select(c => c.FireDue(default)))).Sum() == 0);

        Assert.Equal(300L, await workshop.Scalar<long>("select count(*) from mt_events where type = 'vials_reservation_lapsed'"));
    }

    [Theory]
    [InlineData(0)] // due at the same moment, in the order the state names them
    [InlineData(45)]
    public async Task A_deadline_waits_for_an_earlier_one_of_its_stream_whichever_is_fired_first(int daysBetween)
    {
        await using var workshop = await Open(servers);
        var runner = await workshop.StartRunner();
        var fridge = Guid.CreateVersion7();
        var until = workshop.Clock.Now.AddMinutes(15);
        var bestBefore = until.AddDays(daysBetween);
        await runner.Execute<Fridge>(fridge, By, (_, _) => [new VialsStored(10), new VialsReserved(4, until), new VialsDated(bestBefore)], default);

        workshop.Clock.Now = bestBefore.AddDays(100); // everything was down for a while
        await runner.Fire(new(fridge, "fridge", new("expire", bestBefore)), By, default);

        var history = await workshop.Store.Read(fridge, default);
        Assert.Equal([new VialsReservationLapsed(), new VialsExpired(10)], history.Skip(3).Select(h => h.Event));
        Assert.Equal([until, bestBefore], history.Skip(3).Select(h => h.OccurredAt));
        Assert.Equal(0L, await workshop.Scalar<long>("select count(*) from fd_deadlines"));
    }

    [Fact]
    public async Task While_a_history_is_open_no_deadline_fires()
    {
        await using var workshop = await Open(servers);
        var runner = await workshop.StartRunner();
        await runner.Execute<Fridge>(Guid.CreateVersion7(), By, (_, _) => [new VialsStored(1), new VialsReserved(1, workshop.Clock.Now)], default);
        await workshop.Run("insert into fd_open_history values (true)");
        Assert.Empty(await workshop.Store.ClaimDue(workshop.Clock.Now.AddYears(1), 10, default));
        await workshop.Run("delete from fd_open_history");
        Assert.Single(await workshop.Store.ClaimDue(workshop.Clock.Now.AddYears(1), 10, default));
    }

    [Fact]
    public async Task A_ledger_is_carried_over_the_years_once_by_two_instances()
    {
        await using var workshop = await Open(servers);
        var runners = new[] { await workshop.StartRunner(), await workshop.StartRunner() };
        var subject = Guid.CreateVersion7();
        await runners[0].OnLedger<Fridge>(subject, By, id => runners[0].Execute<Fridge>(id, By, (f, _) => Fridge.Store(f, 500), default), default);

        workshop.Clock.Now = workshop.Clock.Now.AddYears(3);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => runners[i % 2].OnLedger<Fridge>(subject, By,
            id => runners[i % 2].Execute<Fridge>(id, By, (f, _) => Fridge.Take(f, 1), default), default)));

        for (var year = 2024; year <= 2026; year++)
            Assert.True((await workshop.Store.Load<Fridge>(Fridge.StreamOf(subject, year), default)).State!.IsClosed);
        Assert.Equal(300, (await workshop.Store.Load<Fridge>(Fridge.StreamOf(subject, 2027), default)).State!.Vials);
        Assert.Equal(3L, await workshop.Scalar<long>("select count(*) from mt_events where type = 'year_closed'"));
    }

    [Fact]
    public async Task A_writer_that_holds_one_stream_holds_up_that_stream_alone()
    {
        await using var workshop = await Open(servers);
        var runner = await workshop.StartRunner();
        var held = Guid.CreateVersion7();
        await runner.Execute<Fridge>(held, By, (f, _) => Fridge.Store(f, 1), default);
        await using var connection = await workshop.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = new Npgsql.NpgsqlCommand("select 1 from mt_streams where id = $1 for update", connection, transaction))
        {
            hold.Parameters.AddWithValue(held);
            await hold.ExecuteNonQueryAsync();
        }

        var waiting = runner.Execute<Fridge>(held, By, (f, _) => Fridge.Store(f, 1), default);
        for (var i = 0; i < 50; i++)
            await runner.Execute<Fridge>(Guid.CreateVersion7(), By, (f, _) => Fridge.Store(f, 1), default).WaitAsync(TimeSpan.FromSeconds(3));
        Assert.False(waiting.IsCompleted);
        await transaction.RollbackAsync();
        Assert.Equal(2, (await waiting).Version);
    }

    [Fact]
    public async Task An_event_of_a_newer_release_is_not_decided_upon()
    {
        await using var workshop = await Open(servers);
        var runner = await workshop.StartRunner();
        var fridge = Guid.CreateVersion7();
        await runner.Execute<Fridge>(fridge, By, (f, _) => Fridge.Store(f, 1), default);
        await workshop.Run("""
            update mt_streams set version = 2;
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            select nextval('mt_events_sequence'), gen_random_uuid(), id, 2, '{}', 'fridge_frosted', now() from mt_streams
            """);
        var other = await workshop.StartRunner();
        await Assert.ThrowsAsync<Busy>(() => other.Execute<Fridge>(fridge, By, (f, _) => Fridge.Take(f, 1), default));
        await Assert.ThrowsAsync<Busy>(() => other.Look<Fridge>(fridge, default));
    }

    [Fact]
    public async Task A_look_shows_what_this_instance_knows_even_what_is_still_on_its_way()
    {
        await using var workshop = await Open(servers);
        var (runner, other) = (await workshop.StartRunner(), await workshop.StartRunner());
        var fridge = Guid.CreateVersion7();
        Assert.Null(await runner.Look<Fridge>(Ids.Of("nobody's fridge"), default));
        await runner.Execute<Fridge>(fridge, By, (f, _) => Fridge.Store(f, 1), default);
        Assert.Equal(1, (await other.Look<Fridge>(fridge, default))!.Vials);

        await workshop.Run("create function hold() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(1); return new; end $$");
        await workshop.Run("create trigger hold before insert on mt_events for each row execute function hold()");
        await using var connection = await workshop.Database.OpenConnectionAsync();
        await using (var hold = new Npgsql.NpgsqlCommand("select pg_advisory_lock(1)", connection))
            await hold.ExecuteNonQueryAsync();
        var slow = runner.Execute<Fridge>(fridge, By, (f, _) => Fridge.Store(f, 4), default);
        await Talking.Until(async () => (await runner.Look<Fridge>(fridge, default))!.Vials == 5);
        Assert.False(slow.IsCompleted);
        await using (var release = new Npgsql.NpgsqlCommand("select pg_advisory_unlock(1)", connection))
            await release.ExecuteNonQueryAsync();
        await slow;
    }

    [Fact]
    public async Task The_in_memory_store_keeps_the_same_promises()
    {
        var clock = new SettableClock(DateTimeOffset.Parse("2024-03-01T01:00:00Z"));
        var store = new InMemoryEventStore(clock);
        var runners = new[] { RunnerOn(store, clock), RunnerOn(store, clock) };
        foreach (var runner in runners)
            await runner.StartAsync(default);
        var fridge = Guid.CreateVersion7();
        await runners[0].Execute<Fridge>(fridge, By, (f, _) => Fridge.Store(f, 50), default);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Code(
            runners[i % 2].Execute<Fridge>(fridge, By, (f, _) => Fridge.Take(f, 1), default))));
        Assert.Equal(50, outcomes.Count(o => o == "done"));
        foreach (var runner in runners)
            await runner.StopAsync(default);
    }

    private static async Task<string> Code(Task<Done> command)
    {
        try
        {
            await command;
            return "done";
        }
        catch (RuleBroken e)
        {
            return e.Code;
        }
        catch (UnknownId)
        {
            return "unknown";
        }
    }
}
