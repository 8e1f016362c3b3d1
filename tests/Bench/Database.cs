using FamilyDoctor.EventSourcing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using NpgsqlTypes;

namespace FamilyDoctor.Bench;

/// <summary>A database with the event store's tables, opened as a service opens its own.</summary>
public sealed class Database : IAsyncDisposable
{
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
                throw new NotDurable(setting);
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
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        await using var connection = await Source.OpenConnectionAsync();
        await using (var rows = await connection.BeginBinaryImportAsync(
            "copy mt_streams (id, type, version, timestamp, created, tenant_id, is_archived) from stdin (format binary)"))
        {
            foreach (var stream in streams)
            {
                await rows.StartRowAsync();
                await rows.WriteAsync(stream, NpgsqlDbType.Uuid);
                await rows.WriteAsync("diary", NpgsqlDbType.Varchar);
                await rows.WriteAsync((long)events, NpgsqlDbType.Bigint);
                await rows.WriteAsync(now, NpgsqlDbType.TimestampTz);
                await rows.WriteAsync(now, NpgsqlDbType.TimestampTz);
                await rows.WriteAsync("*DEFAULT*", NpgsqlDbType.Varchar);
                await rows.WriteAsync(false, NpgsqlDbType.Boolean);
            }
            await rows.CompleteAsync();
        }
        var ids = new IdSource(TimeProvider.System);
        var sequence = 0L;
        await using (var rows = await connection.BeginBinaryImportAsync($"copy mt_events ({RawSql.EventColumns}) from stdin (format binary)"))
        {
            for (var version = 1; version <= events; version++)
            {
                var text = version == 1 ? Diary.OpenedText : Diary.NotedText;
                foreach (var stream in streams)
                {
                    await rows.StartRowAsync();
                    await rows.WriteAsync(++sequence, NpgsqlDbType.Bigint);
                    await rows.WriteAsync(ids.Next(), NpgsqlDbType.Uuid);
                    await rows.WriteAsync(stream, NpgsqlDbType.Uuid);
                    await rows.WriteAsync((long)version, NpgsqlDbType.Bigint);
                    await rows.WriteAsync(text.Json, NpgsqlDbType.Jsonb);
                    await rows.WriteAsync(text.Alias, NpgsqlDbType.Varchar);
                    await rows.WriteAsync(now, NpgsqlDbType.TimestampTz);
                    await rows.WriteAsync("*DEFAULT*", NpgsqlDbType.Varchar);
                    await rows.WriteAsync(text.DotNetType, NpgsqlDbType.Varchar);
                    await rows.WriteAsync(Diary.By.CorrelationId, NpgsqlDbType.Varchar);
                    await rows.WriteNullAsync();
                    await rows.WriteAsync(Diary.HeadersText, NpgsqlDbType.Jsonb);
                    await rows.WriteAsync(false, NpgsqlDbType.Boolean);
                }
            }
            await rows.CompleteAsync();
        }
        await Run($"select setval('mt_events_sequence', {sequence})");
    }

    /// <summary>Both sides of a comparison start from the same state of the planner and the disk.</summary>
    public async Task Settle()
    {
        await Run("vacuum analyze");
        await Run("checkpoint");
    }

    public Task<long> Events() => Scalar<long>("select count(*) from mt_events");

    /// <summary>What was acknowledged must be there.</summary>
    public async Task MustHold(long events, string after)
    {
        if (await Events() is var found && found != events)
            throw new InvalidOperationException($"After {after} {found:N0} events are in the log and {events:N0} were acknowledged.");
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
