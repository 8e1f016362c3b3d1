using System.Text.Json.Serialization;
using Npgsql;

namespace FamilyDoctor.EventSourcing;

/// <summary>The event log in PostgreSQL, in Marten's tables.</summary>
public sealed class PostgresEventStore : IEventStore
{
    /// <summary>From so many events on, the binary COPY is faster than a statement.</summary>
    private const int ManyEvents = 1_000;

    private readonly NpgsqlDataSource database;
    private readonly EventTypes types;
    private readonly RecordedRows rows, bare;
    private readonly Together<Guid, IReadOnlyList<Recorded>> whole;
    private readonly Together<Guid, Guid?> aliases;
    private readonly Signal appended = new();

    public PostgresEventStore(NpgsqlDataSource database, EventTypes types)
    {
        (this.database, this.types, rows, bare) = (database, types, new(types), new(types, withHeaders: false));
        whole = new(wanted => Read([.. wanted.Select(stream => (stream, 0L))], bare, CancellationToken.None));
        aliases = new(FindAliases);
    }

    /// <summary>Creates what is missing; several instances may do so at once.</summary>
    public static Task CreateSchema(NpgsqlDataSource database, CancellationToken ct) => Schema.CreateFrom(database, "Schema.sql", ct);

    public async Task<IReadOnlyDictionary<Guid, IReadOnlyList<Recorded>>> Read(
        IReadOnlyList<(Guid Stream, long AfterVersion)> streams, CancellationToken ct, bool withHeaders = true)
    {
        if (withHeaders || streams is not [(var stream, 0)])
            return await Read(streams, withHeaders ? rows : bare, ct);
        var history = await whole.Ask(stream, ct);
        return history is null ? new() : new Dictionary<Guid, IReadOnlyList<Recorded>> { [stream] = history };
    }

    private async Task<IReadOnlyDictionary<Guid, IReadOnlyList<Recorded>>> Read(
        IReadOnlyList<(Guid Stream, long AfterVersion)> streams, RecordedRows rows, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select * from fd_read($1, $2, $3)");
        var (wanted, after) = (new Guid[streams.Count], new long[streams.Count]);
        for (var i = 0; i < wanted.Length; i++)
            (wanted[i], after[i]) = streams[i];
        command.Parameters.Add(Parameter.Of(wanted));
        command.Parameters.Add(Parameter.Of(after));
        command.Parameters.AddWithValue(rows == this.rows);
        var result = new Dictionary<Guid, IReadOnlyList<Recorded>>(streams.Count);
        await using var row = await command.ExecuteReaderAsync(ct);
        List<Recorded>? history = null;
        while (await row.ReadAsync(ct))
        {
            if (rows.Read(row) is not { } recorded)
                continue;
            if (history is null || history[0].StreamId != recorded.StreamId)
                result.Add(recorded.StreamId, history = []);
            history.Add(recorded);
        }
        return result;
    }

    public async Task<IReadOnlyDictionary<int, Lost>> Append(IReadOnlyList<Unit> units, CancellationToken ct)
    {
        var lost = new Dictionary<int, Lost>();
        var all = Enumerable.Range(0, units.Count).ToArray();
        try
        {
            await AppendStanding(all);
        }
        catch (PostgresException e) when (IsSpoiledByOne(e))
        {
            // One unit met another writer in a way that ends the whole statement: each on its own then.
            foreach (var unit in all.Where(unit => !lost.ContainsKey(unit)))
            {
                try
                {
                    await AppendStanding([unit]);
                }
                catch (PostgresException one) when (IsSpoiledByOne(one))
                {
                    lost.Add(unit, one.SqlState == PostgresErrorCodes.LockNotAvailable ? Lost.Held : Lost.Stale);
                }
            }
        }
        finally
        {
            appended.Raise();
        }
        return lost;

        // As long as units fall, the others are sent again.
        async Task AppendStanding(int[] standing)
        {
            while (standing.Length > 0)
            {
                var columns = new AppendColumns(units, standing, types);
                var fallen = columns.EventCount < ManyEvents ? await Send(columns, ct) : await Copy(columns, ct);
                if (fallen.Count == 0)
                    return;
                foreach (var (unit, why) in fallen)
                {
                    if (lost.GetValueOrDefault(unit) < why)
                        lost[unit] = why; // that it was answered says most
                }
                standing = [.. standing.Where(unit => !lost.ContainsKey(unit))];
            }
        }
    }

    internal static bool IsSpoiledByOne(PostgresException e) => e.SqlState is PostgresErrorCodes.SerializationFailure
        or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable;

    private async Task<List<(int Unit, Lost Why)>> Send(AppendColumns columns, CancellationToken ct)
    {
        await using var command = database.CreateCommand("""
            select unit, why from fd_append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
                $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32)
            """);
        columns.AddClaim(command.Parameters);
        columns.AddEvents(command.Parameters);
        columns.AddNotes(command.Parameters);
        return await Fallen(command, ct);
    }

    private static async Task<List<(int Unit, Lost Why)>> Fallen(NpgsqlCommand command, CancellationToken ct)
    {
        var fallen = new List<(int, Lost)>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            fallen.Add((row.GetInt32(0), (Lost)row.GetInt32(1)));
        return fallen;
    }

    /// <summary>The same in a transaction of several steps, with the events by binary COPY.</summary>
    private async Task<List<(int Unit, Lost Why)>> Copy(AppendColumns columns, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var alike = new NpgsqlCommand("set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off", connection, transaction))
            await alike.ExecuteNonQueryAsync(ct);
        await using (var claim = new NpgsqlCommand("select unit, why from fd_claim($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)", connection, transaction))
        {
            columns.AddClaim(claim.Parameters);
            if (await Fallen(claim, ct) is { Count: > 0 } fallen)
                return fallen;
        }
        // The lock comes before the first number, as the readers of the log rely on.
        await using (var numbers = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new("lock table mt_events in row exclusive mode"),
                new("select nextval('mt_events_sequence') from generate_series(1, $1)") { Parameters = { new() { Value = columns.EventCount } } },
                new("select now()"),
            },
        })
        {
            await using var row = await numbers.ExecuteReaderAsync(ct);
            var sequence = new long[columns.EventCount];
            for (var i = 0; await row.ReadAsync(ct); i++)
                sequence[i] = row.GetInt64(0);
            await row.NextResultAsync(ct);
            await row.ReadAsync(ct);
            var now = row.GetDateTime(0);
            await row.CloseAsync();
            await columns.Copy(connection, sequence, now, ct);
        }
        await using (var note = new NpgsqlCommand("select fd_note($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", connection, transaction))
        {
            columns.AddNotes(note.Parameters);
            await note.ExecuteNonQueryAsync(ct);
        }
        await transaction.CommitAsync(ct);
        return [];
    }

    public async Task<IReadOnlyDictionary<string, Answer>> FindAnswers(IReadOnlyList<string> keys, CancellationToken ct)
    {
        await using var command = database.CreateCommand("select key, content_hash, id, version from fd_answers where key = any($1)");
        command.Parameters.Add(Parameter.Of(keys.ToArray()));
        var found = new Dictionary<string, Answer>();
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
            found.Add(row.GetString(0), new(row.GetString(0), row.GetString(1), row.GetGuid(2), row.GetInt64(3)));
        return found;
    }

    public Task<Guid?> FindAlias(Guid alias, CancellationToken ct) => aliases.Ask(alias, ct);

    private async Task<IReadOnlyDictionary<Guid, Guid?>> FindAliases(IReadOnlyCollection<Guid> wanted)
    {
        await using var command = database.CreateCommand("select alias, stream_id from fd_aliases where alias = any($1)");
        command.Parameters.Add(Parameter.Of(wanted.ToArray()));
        var found = new Dictionary<Guid, Guid?>();
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            found.Add(row.GetGuid(0), row.GetGuid(1));
        return found;
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

    public ILogReader ReadLog(long afterSequence, bool withHeaders = true) => new LogReader(database, withHeaders ? rows : bare, afterSequence);

    public Task NextAppend => appended.Next;

    internal void RaiseAppended() => appended.Raise();
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Headers))]
internal sealed partial class HeadersJson : JsonSerializerContext;
