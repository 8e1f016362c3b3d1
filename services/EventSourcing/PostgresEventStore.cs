using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace FamilyDoctor.EventSourcing;

/// <summary>The event log in PostgreSQL, in Marten's tables.</summary>
public sealed class PostgresEventStore(NpgsqlDataSource database, EventTypes types) : IEventStore
{
    private const string EventColumns =
        "e.seq_id, e.id, e.stream_id, e.version, e.type, e.data::text, e.timestamp, e.correlation_id, e.causation_id, e.headers::text";

    private readonly SemaphoreSlim appended = new(0, 1);

    /// <summary>Creates what is missing; several instances may do so at once.</summary>
    public static async Task CreateSchema(NpgsqlDataSource database, CancellationToken ct)
    {
        using var reader = new StreamReader(typeof(PostgresEventStore).Assembly.GetManifestResourceStream("Schema.sql")!);
        var schema = await reader.ReadToEndAsync(ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var one = new NpgsqlCommand("select pg_advisory_xact_lock(hashtext('schema'))", connection, transaction))
            await one.ExecuteNonQueryAsync(ct);
        await using (var all = new NpgsqlCommand(schema, connection, transaction))
            await all.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    public async Task<IReadOnlyDictionary<Guid, IReadOnlyList<Recorded>>> Read(
        IReadOnlyList<(Guid Stream, long AfterVersion)> streams, CancellationToken ct)
    {
        await using var command = database.CreateCommand($"""
            select {EventColumns} from unnest($1, $2) as w(id, after)
            join mt_events e on e.stream_id = w.id and e.version > w.after
            order by e.stream_id, e.version
            """);
        command.Parameters.Add(Uuids(streams.Select(s => s.Stream)));
        command.Parameters.Add(Bigints(streams.Select(s => s.AfterVersion)));
        var result = new Dictionary<Guid, IReadOnlyList<Recorded>>();
        await using var row = await command.ExecuteReaderAsync(ct);
        List<Recorded>? history = null;
        while (await row.ReadAsync(ct))
        {
            if (Recorded(row) is not { } recorded)
                continue;
            if (history is null || history[0].StreamId != recorded.StreamId)
                result.Add(recorded.StreamId, history = []);
            history.Add(recorded);
        }
        return result;
    }

    public async Task<IReadOnlyDictionary<int, Lost>> Append(IReadOnlyList<Unit> units, CancellationToken ct)
    {
        try
        {
            return await AppendOnce(units, ct);
        }
        catch (PostgresException e) when (IsSpoiledByOne(e))
        {
            // One unit met another writer in a way that ends the whole statement: each on its own then.
            var lost = new Dictionary<int, Lost>();
            for (var i = 0; i < units.Count; i++)
            {
                try
                {
                    if ((await AppendOnce([units[i]], ct)).TryGetValue(0, out var why))
                        lost.Add(i, why);
                }
                catch (PostgresException one) when (IsSpoiledByOne(one))
                {
                    lost.Add(i, one.SqlState == PostgresErrorCodes.LockNotAvailable ? Lost.Held : Lost.Stale);
                }
            }
            return lost;
        }
        finally
        {
            Signal();
        }
    }

    internal static bool IsSpoiledByOne(PostgresException e) => e.SqlState is PostgresErrorCodes.SerializationFailure
        or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable;

    private async Task<IReadOnlyDictionary<int, Lost>> AppendOnce(IReadOnlyList<Unit> units, CancellationToken ct)
    {
        var streams = units.SelectMany((u, i) => u.Streams.Select(s => (Unit: i, s))).ToList();
        var events = streams.SelectMany(s => s.s.Events.Select((e, n) =>
            (s.Unit, s.s.StreamId, Version: s.s.ExpectedVersion + n + 1, New: e, Text: types.Write(e.Event)))).ToList();
        var deadlines = streams.SelectMany(s =>
            s.s.DeadlinesSet.Select(d => (s.Unit, s.s.StreamId, d.Name, s.s.Kind, Due: (DateTimeOffset?)d.Due))
                .Concat(s.s.DeadlinesGone.Select(name => (s.Unit, s.s.StreamId, Name: name, s.s.Kind, Due: (DateTimeOffset?)null)))).ToList();
        var aliases = streams.SelectMany(s => s.s.NewAliases.Select(a => (s.Unit, Alias: a, s.s.StreamId))).ToList();
        var answers = units.SelectMany((u, i) => u.Answers.Select(a => (Unit: i, a))).ToList();

        await using var command = database.CreateCommand(
            "select unit, why from fd_append($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28)");
        var p = command.Parameters;
        p.Add(Ints(streams.Select(s => s.Unit)));
        p.Add(Uuids(streams.Select(s => s.s.StreamId)));
        p.Add(Texts(streams.Select(s => s.s.Kind.Name)));
        p.Add(Bigints(streams.Select(s => s.s.ExpectedVersion)));
        p.Add(Ints(streams.Select(s => s.s.Events.Count)));
        p.Add(Ints(events.Select(e => e.Unit)));
        p.Add(Uuids(events.Select(e => e.New.EventId)));
        p.Add(Uuids(events.Select(e => e.StreamId)));
        p.Add(Bigints(events.Select(e => e.Version)));
        p.Add(Texts(events.Select(e => e.Text.Alias)));
        p.Add(Texts(events.Select(e => e.Text.DotNetType)));
        p.Add(Texts(events.Select(e => e.Text.Json)));
        p.Add(Texts(events.Select(e => e.New.CorrelationId)));
        p.Add(Texts(events.Select(e => e.New.CausationId)));
        p.Add(Texts(events.Select(e => JsonSerializer.Serialize(e.New.Headers, HeadersJson.Default.Headers))));
        p.Add(Ints(deadlines.Select(d => d.Unit)));
        p.Add(Uuids(deadlines.Select(d => d.StreamId)));
        p.Add(Texts(deadlines.Select(d => d.Name)));
        p.Add(Texts(deadlines.Select(d => d.Kind.Name)));
        p.Add(new() { Value = deadlines.Select(d => d.Due?.UtcDateTime).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        p.Add(Ints(aliases.Select(a => a.Unit)));
        p.Add(Uuids(aliases.Select(a => a.Alias)));
        p.Add(Uuids(aliases.Select(a => a.StreamId)));
        p.Add(Ints(answers.Select(a => a.Unit)));
        p.Add(Texts(answers.Select(a => a.a.Key)));
        p.Add(Texts(answers.Select(a => a.a.ContentHash)));
        p.Add(Uuids(answers.Select(a => a.a.Id)));
        p.Add(Bigints(answers.Select(a => a.a.Version)));

        var lost = new Dictionary<int, Lost>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            lost[row.GetInt32(0)] = row.GetInt32(1) == 2 ? Lost.Held : Lost.Stale;
        return lost;
    }

    public async Task<IReadOnlyDictionary<string, Answer>> FindAnswers(IReadOnlyList<string> keys, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select key, content_hash, id, version from fd_answers where key = any($1)");
        command.Parameters.Add(Texts(keys));
        var found = new Dictionary<string, Answer>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            found.Add(row.GetString(0), new(row.GetString(0), row.GetString(1), row.GetGuid(2), row.GetInt64(3)));
        return found;
    }

    public async Task<Guid?> FindAlias(Guid alias, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select stream_id from fd_aliases where alias = $1");
        command.Parameters.AddWithValue(alias);
        return (Guid?)await command.ExecuteScalarAsync(ct);
    }

    public async Task<IReadOnlyList<DueDeadline>> ClaimDue(DateTimeOffset now, int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            update fd_deadlines d set claimed_until = now() + interval '30 seconds'
            from (select stream_id, name from fd_deadlines
                  where due_at <= $1 and (claimed_until is null or claimed_until < now())
                    and not exists (select 1 from fd_open_history)
                  order by due_at limit $2 for update skip locked) due
            where d.stream_id = due.stream_id and d.name = due.name
            returning d.stream_id, d.kind, d.name, d.due_at
            """);
        command.Parameters.AddWithValue(now.UtcDateTime);
        command.Parameters.AddWithValue(limit);
        var due = new List<DueDeadline>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            due.Add(new(row.GetGuid(0), row.GetString(1), new(row.GetString(2), row.GetFieldValue<DateTimeOffset>(3))));
        return due;
    }

    public ILogReader ReadLog(long afterSequence) => new LogReader(this, database, afterSequence);

    public async Task WaitForAppend(TimeSpan atMost, CancellationToken ct) => await appended.WaitAsync(atMost, ct);

    internal void Signal()
    {
        if (appended.CurrentCount == 0)
        {
            try
            {
                appended.Release();
            }
            catch (SemaphoreFullException)
            {
                // Another append signalled at the same moment; one signal is enough.
            }
        }
    }

    private Recorded? Recorded(NpgsqlDataReader row)
    {
        var alias = row.GetString(4);
        if (alias == "tombstone")
            return null; // Marten's filler for an append that failed
        var headers = row.IsDBNull(9) ? null : JsonSerializer.Deserialize(row.GetString(9), HeadersJson.Default.Headers);
        var recordedAt = row.GetFieldValue<DateTimeOffset>(6);
        return new(row.GetInt64(0), row.GetGuid(1), row.GetGuid(2), row.GetInt64(3), types.Read(alias, row.GetString(5)), recordedAt,
            row.IsDBNull(7) ? "" : row.GetString(7), row.IsDBNull(8) ? null : row.GetString(8),
            headers ?? new("", recordedAt, new("unknown", "unknown"), 0));
    }

    internal static NpgsqlParameter Ints(IEnumerable<int> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer };
    internal static NpgsqlParameter Bigints(IEnumerable<long> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint };
    internal static NpgsqlParameter Uuids(IEnumerable<Guid> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid };
    internal static NpgsqlParameter Texts(IEnumerable<string?> values) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    /// <summary>
    /// Stops before a gap, notes who holds the table for writing (every writer does before it takes a number), waits
    /// until none of exactly those is left, reads again: a number still missing then was rolled back.
    /// </summary>
    private sealed class LogReader(PostgresEventStore store, NpgsqlDataSource database, long after) : ILogReader
    {
        private long position = after;
        private long settled = after;
        private (long UpTo, HashSet<string> Writers)? waiting;

        public bool IsWaiting => waiting is not null;

        public async Task<IReadOnlyList<Recorded>> Next(int limit, CancellationToken ct)
        {
            if (waiting is { } gap)
            {
                gap.Writers.IntersectWith(await Writers(ct));
                if (gap.Writers.Count > 0)
                    return [];
                (settled, waiting) = (gap.UpTo, null);
            }

            var (numbers, events) = await Page(limit, ct);
            var whole = 0;
            var expected = position + 1;
            while (whole < numbers.Count && (numbers[whole] == expected || numbers[whole] <= settled))
                expected = numbers[whole++] + 1;
            if (whole < numbers.Count && whole == 0)
            {
                // Whoever holds a missing number held the table before it was taken, so before this page was read.
                waiting = (numbers[^1], await Writers(ct));
                return waiting.Value.Writers.Count == 0 ? await Next(limit, ct) : [];
            }
            if (whole == 0)
                return [];
            position = numbers[whole - 1];
            return events.Where(e => e.Sequence <= position).ToList();
        }

        private async Task<(List<long> Numbers, List<Recorded> Events)> Page(int limit, CancellationToken ct)
        {
            await using var command = database.CreateCommand(
                $"select {EventColumns} from mt_events e where e.seq_id > $1 order by e.seq_id limit $2");
            command.Parameters.AddWithValue(position);
            command.Parameters.AddWithValue(limit);
            var (numbers, events) = (new List<long>(), new List<Recorded>());
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
            {
                numbers.Add(row.GetInt64(0));
                if (store.Recorded(row) is { } recorded)
                    events.Add(recorded);
            }
            return (numbers, events);
        }

        private async Task<HashSet<string>> Writers(CancellationToken ct)
        {
            await using var command = database.CreateCommand("""
                select virtualtransaction from pg_locks
                where locktype = 'relation' and relation = 'mt_events'::regclass and mode = 'RowExclusiveLock' and granted
                  and database = (select oid from pg_database where datname = current_database())
                """);
            var writers = new HashSet<string>();
            await using var row = await command.ExecuteReaderAsync(ct);
            while (await row.ReadAsync(ct))
                writers.Add(row.GetString(0));
            return writers;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Headers))]
internal sealed partial class HeadersJson : JsonSerializerContext;
