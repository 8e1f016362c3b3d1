using System.Diagnostics;
using FamilyDoctor.EventSourcing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace FamilyDoctor.Bench;

/// <summary>A database with the event store's tables, opened as a service opens its own.</summary>
public sealed class Database : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly List<Runner> runners = [];

    private Database(NpgsqlConnectionStringBuilder server, NpgsqlDataSource source)
    {
        (Server, Source) = (server, source);
        Store = new(source, Diary.Types);
    }

    public NpgsqlConnectionStringBuilder Server { get; }
    public string Name => Server.Database!;
    public NpgsqlDataSource Source { get; }
    public PostgresEventStore Store { get; }

    public static async Task<Database> Open(NpgsqlConnectionStringBuilder server)
    {
        // The settings of ServiceSetup.
        var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            MaxPoolSize = 24,
            Options = "-c timezone=UTC -c lock_timeout=1000",
        });
        var database = new Database(server, source);
        foreach (var setting in (string[])["fsync", "full_page_writes", "synchronous_commit"])
        {
            if (await database.Scalar<string>($"select current_setting('{setting}')") == "off")
                throw Unmeasurable.NotDurable(setting);
        }
        await PostgresEventStore.CreateSchema(source, CancellationToken.None);
        return database;
    }

    /// <summary>A runner with an empty cache, as in a service that has just started.</summary>
    public async Task<Runner> StartRunner()
    {
        var runner = new Runner(Store, new(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")), TimeProvider.System, new(TimeProvider.System),
            new("330200"), NullLogger<Runner>.Instance);
        await runner.StartAsync(CancellationToken.None);
        runners.Add(runner);
        return runner;
    }

    /// <summary>Empties the tables; a checkpoint makes every round begin alike.</summary>
    public Task Empty() => Run("truncate mt_streams, mt_events, mt_event_progression restart identity; checkpoint");

    /// <summary>Streams of so many events each, as if they had long been there.</summary>
    public async Task Fill(IReadOnlyList<Guid> streams, int events)
    {
        var ids = new IdSource(TimeProvider.System);
        await using var connection = await Source.OpenConnectionAsync();
        RawCopy.Streams(connection, streams, events);
        RawCopy.Events(connection, Enumerable.Range(1, events).SelectMany(version => streams.Select(stream =>
            new RawEvent(ids.Next(), stream, version))));
        await Run($"select setval('mt_events_sequence', {(long)streams.Count * events})");
    }

    /// <summary>Both sides of a comparison start from the same state of the planner and the disk.</summary>
    public async Task Settle()
    {
        await Run("vacuum analyze");
        await Run("checkpoint");
    }

    public Task<long> Events() => Scalar<long>("select count(*) from mt_events");

    /// <summary>What was acknowledged must be there.</summary>
    public async Task MustHold(long events, string after) => Unmeasurable.Unless(await Events(), events, $"events are in the log after {after}");

    /// <summary>Waits until a reader of the log has come so far.</summary>
    public async Task Reach(string checkpoint, long sequence)
    {
        var start = Stopwatch.GetTimestamp();
        while (await Progress.Find(Source, checkpoint, CancellationToken.None) != sequence)
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new Unmeasurable($"The bench stops: {checkpoint} did not reach event {sequence:N0} within {Patience.TotalMinutes:N0} minutes.");
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }

    public async Task<T> Scalar<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 0;
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task Run(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Closes idle connections, so that the database can be copied.</summary>
    public void Leave() => Source.Clear();

    public async ValueTask DisposeAsync()
    {
        foreach (var runner in runners)
            await runner.StopAsync(CancellationToken.None);
        await Source.DisposeAsync();
    }
}
