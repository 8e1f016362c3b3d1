using System.Diagnostics;
using FamilyDoctor.EventSourcing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace FamilyDoctor.Bench;

/// <summary>A database with the event store's tables, opened as a service opens its own.</summary>
public sealed class Database : IAsyncDisposable
{
    private const string Forgetful = " -c synchronous_commit=off";
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

    /// <summary>What its connections are told beyond the server's settings.</summary>
    public string Options { get; private init; } = "";

    /// <param name="forgetful">An acknowledged event may be lost: only for rows that say so.</param>
    public static async Task<Database> Open(NpgsqlConnectionStringBuilder server, bool forgetful = false)
    {
        // The settings of ServiceSetup.
        var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(server.ConnectionString)
        {
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            MaxPoolSize = 24,
            Options = $"-c timezone=UTC -c lock_timeout=1000{(forgetful ? Forgetful : "")}",
        });
        var database = new Database(server, source) { Options = forgetful ? Forgetful : "" };
        foreach (var setting in (string[])["fsync", "full_page_writes", .. forgetful ? (string[])[] : ["synchronous_commit"]])
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

    /// <summary>Empties the tables, waiting for a vacuum if one is under way; a checkpoint makes every round begin alike.</summary>
    public Task Empty() => Run("begin; set local lock_timeout = 0; truncate mt_streams, mt_events, mt_event_progression, fd_deadlines restart identity; commit; checkpoint");

    /// <summary>Streams of so many events each, as if they had long been there.</summary>
    public Task Fill(IReadOnlyList<Guid> streams, int events) => FillEach([.. streams.Select(stream => (stream, events))]);

    /// <summary>The streams grow side by side, as in a city: the log holds all first events, then all second ones, and so on.</summary>
    public async Task FillEach(IReadOnlyList<(Guid Stream, int Events)> streams)
    {
        var ids = new IdSource(TimeProvider.System);
        var longest = streams.Max(s => s.Events);
        await using var connection = await Source.OpenConnectionAsync();
        RawCopy.Streams(connection, streams);
        RawCopy.Events(connection, Enumerable.Range(1, longest).SelectMany(version =>
            streams.Where(s => s.Events >= version).Select(s => new RawEvent(ids.Next(), s.Stream, version))));
        await Run($"select setval('mt_events_sequence', {streams.Sum(s => (long)s.Events)})");
    }

    /// <summary>Both sides of a comparison start from the same state of the planner and the disk.</summary>
    public async Task Settle()
    {
        await using var connection = await Source.OpenConnectionAsync();
        // PostgreSQL may be at it by itself already: then this waits for its turn.
        foreach (var sql in (string[])["set lock_timeout = 0", "vacuum analyze", "reset lock_timeout", "checkpoint"])
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync();
        }
    }

    public Task<long> Events() => Scalar<long>("select count(*) from mt_events");

    /// <summary>What was acknowledged must be there.</summary>
    public async Task MustHold(long events, string after) => Unmeasurable.Unless(await Events(), events, $"events are in the log after {after}");

    /// <summary>Waits until a reader of the log has come so far.</summary>
    public Task Reach(string checkpoint, long sequence) =>
        Until($"select coalesce((select last_seq_id from mt_event_progression where name = '{checkpoint}'), 0)", sequence);

    /// <summary>Waits until a question is answered like this.</summary>
    public async Task Until(string question, long expected)
    {
        var start = Stopwatch.GetTimestamp();
        while (await Scalar<long>(question) is var found && found != expected)
        {
            if (Stopwatch.GetElapsedTime(start) > Patience)
                throw new Unmeasurable($"The bench stops: after {Patience.TotalMinutes:N0} minutes \"{question}\" gives {found:N0} and not {expected:N0}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    /// <summary>All that the last command with an event of this kind has written.</summary>
    public async Task<IReadOnlyList<Written>> LastCommandWith(string type)
    {
        await using var command = Source.CreateCommand("""
            select stream_id, type, data::text, mt_dotnet_type, correlation_id, headers::text from mt_events
            where correlation_id = (select correlation_id from mt_events where type = $1 order by seq_id desc limit 1) order by seq_id
            """);
        command.Parameters.Add(new() { Value = type });
        var written = new List<Written>();
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            written.Add(new($"e{written.Count}", row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5)));
        return written;
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
