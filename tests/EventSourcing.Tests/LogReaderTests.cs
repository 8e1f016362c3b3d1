using System.Diagnostics;
using FamilyDoctor.Testing;
using Npgsql;
using static FamilyDoctor.EventSourcing.Tests.Workshop;

namespace FamilyDoctor.EventSourcing.Tests;

[Collection("database")]
public sealed class LogReaderTests(Servers servers)
{
    private const string RawAppend = """
        with opened as (insert into mt_streams (id, version) values (gen_random_uuid(), 1) returning id)
        insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp)
        select nextval('mt_events_sequence'), gen_random_uuid(), id, 1, '{"Count": 7}', 'vials_stored', now() from opened
        """;

    [Fact]
    public async Task A_commit_that_is_late_is_read_when_it_comes_and_delays_nobody_else()
    {
        await using var workshop = await Open(servers);
        await using var elsewhere = await Open(servers);
        var (runner, neighbour) = (await workshop.StartRunner(), await elsewhere.StartRunner());
        await Store(runner);
        await using var late = await workshop.Database.OpenConnectionAsync();
        await using var open = await late.BeginTransactionAsync();
        await Run(late, RawAppend); // takes number 2 and keeps it open
        await Store(runner);
        await Store(neighbour);

        var reader = workshop.Store.ReadLog(0);
        Assert.Equal([1L], await Numbers(reader));
        Assert.Empty(await reader.Next(100, default));
        Assert.True(reader.IsWaiting);
        Assert.Equal([1L], await Numbers(elsewhere.Store.ReadLog(0))); // another database's log goes on
        await Store(runner).WaitAsync(TimeSpan.FromSeconds(2)); // and so do commands
        Assert.Empty(await reader.Next(100, default));

        await open.CommitAsync();
        Assert.Equal([2L, 3L, 4L], await Numbers(reader));
        Assert.False(reader.IsWaiting);
    }

    [Fact]
    public async Task A_number_that_was_rolled_back_costs_no_waiting()
    {
        await using var workshop = await Open(servers);
        var runner = await workshop.StartRunner();
        await using (var connection = await workshop.Database.OpenConnectionAsync())
        {
            for (var i = 0; i < 3; i++)
            {
                await using var transaction = await connection.BeginTransactionAsync();
                await Run(connection, RawAppend);
                await transaction.RollbackAsync();
            }
        }
        await Store(runner);
        var watch = Stopwatch.StartNew();
        Assert.Equal([4L], await Numbers(workshop.Store.ReadLog(0)));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public async Task An_open_transaction_that_wrote_elsewhere_is_not_waited_for()
    {
        await using var workshop = await Open(servers);
        var runner = await workshop.StartRunner();
        await workshop.Run("create table unrelated (n int)");
        await using var bystander = await workshop.Database.OpenConnectionAsync();
        await using var open = await bystander.BeginTransactionAsync();
        await Run(bystander, "insert into unrelated values (1)");
        await using (var connection = await workshop.Database.OpenConnectionAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync();
            await Run(connection, RawAppend);
            await transaction.RollbackAsync();
        }
        await Store(runner);
        Assert.Equal([2L], await Numbers(workshop.Store.ReadLog(0)));
    }

    [Fact]
    public async Task Marten_s_tombstones_are_passed_over()
    {
        await using var workshop = await Open(servers);
        await workshop.Run(RawAppend.Replace("vials_stored", "tombstone", StringComparison.Ordinal));
        var runner = await workshop.StartRunner();
        await Store(runner);
        Assert.Equal([2L], await Numbers(workshop.Store.ReadLog(0)));
    }

    [Fact]
    public async Task A_long_log_is_read_ahead_and_neither_a_late_commit_nor_a_broken_connection_skips_an_event()
    {
        await using var workshop = await Open(servers);
        await using var late = await workshop.Database.OpenConnectionAsync();
        await using var open = await late.BeginTransactionAsync();
        await Run(late, RawAppend);
        await workshop.Run($"do $$ begin for i in 1..1000 loop {RawAppend}; if i % 7 = 0 then perform nextval('mt_events_sequence'); end if; end loop; end $$");
        var reader = workshop.Store.ReadLog(0);
        Assert.Empty(await reader.Next(20, default));
        Assert.True(reader.IsWaiting);
        await open.CommitAsync();

        var (read, broken) = (new List<long>(), 0);
        for (var turn = 1; read.Count < 1001 && turn < 1000; turn++)
        {
            if (turn % 10 == 0)
                await workshop.Scalar<long>("select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
            try
            {
                read.AddRange((await reader.Next(20, default)).Select(e => e.Sequence));
            }
            catch (NpgsqlException)
            {
                broken++;
            }
        }
        Assert.True(broken > 0, "No connection broke.");
        Assert.Equal(1001, read.Count);
        Assert.Equal(read.Order().Distinct(), read);
        Assert.Equal(1L, read[0]);
    }

    [Fact]
    public async Task Under_a_storm_of_late_and_failed_writers_every_event_is_read_once_in_order()
    {
        await using var workshop = await Open(servers);
        var runner = await workshop.StartRunner();
        using var over = new CancellationTokenSource();
        var read = new List<long>();
        var reading = Task.Run(async () =>
        {
            var reader = workshop.Store.ReadLog(0);
            while (true)
            {
                var last = over.IsCancellationRequested;
                var page = await reader.Next(50, default);
                read.AddRange(page.Select(e => e.Sequence));
                if (page.Count == 0 && !reader.IsWaiting && last)
                    return;
            }
        });
        var writers = Enumerable.Range(0, 6).Select(w => Task.Run(async () =>
        {
            var random = new Random(w);
            await using var connection = await workshop.Database.OpenConnectionAsync();
            for (var i = 0; i < 60; i++)
            {
                await using var transaction = await connection.BeginTransactionAsync();
                for (var n = random.Next(1, 4); n > 0; n--)
                    await Run(connection, RawAppend);
                await Run(connection, $"select pg_sleep({random.Next(0, 8)} / 1000.0)");
                if (random.Next(3) == 0)
                    await transaction.RollbackAsync();
                else
                    await transaction.CommitAsync();
            }
        })).Append(Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
                await Store(runner);
        }));
        await Task.WhenAll(writers);
        await over.CancelAsync();
        await reading;

        Assert.Equal(read.Order().Distinct(), read);
        Assert.Equal(await workshop.Scalar<long>("select count(*) from mt_events"), read.Count);
    }

    private static Task<Done> Store(Runner runner) =>
        runner.Execute<Fridge>(Guid.CreateVersion7(), By, (f, _) => Fridge.Store(f, 1), default);

    private static async Task<IEnumerable<long>> Numbers(ILogReader reader) =>
        (await Talking.Eventually<IReadOnlyList<Recorded>>(async () => await reader.Next(100, default), page => page.Count > 0)).Select(e => e.Sequence);

    private static async Task Run(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
