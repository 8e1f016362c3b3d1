using System.Runtime.ExceptionServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using JasperFx;
using JasperFx.Events;
using Marten;
using Marten.Exceptions;
using Marten.Services;
using Npgsql;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// The event log written by Marten itself; what is ours stands or falls in Marten's own transaction. Reading is plain SQL
/// on the same tables, so the same code serves both: Marten's own reader hides archived streams and stops at an event of
/// a newer release.
/// </summary>
public sealed class MartenEventStore : IEventStore, IDisposable
{
    private readonly NpgsqlDataSource database;
    private readonly PostgresEventStore tables;
    private readonly DocumentStore marten;

    public MartenEventStore(NpgsqlDataSource database, EventTypes types) =>
        (this.database, tables, marten) = (database, new(database, types), Open(database, types));

    /// <summary>
    /// Our tables, then what Marten wants besides: its functions, and from Marten 9 on further columns, which the built-in
    /// store leaves alone. Several instances may do so at once.
    /// </summary>
    public static async Task CreateSchema(NpgsqlDataSource database, CancellationToken ct)
    {
        await PostgresEventStore.CreateSchema(database, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await using (var one = new NpgsqlCommand("select pg_advisory_xact_lock(hashtext('schema'))", connection, transaction))
            await one.ExecuteNonQueryAsync(ct);
        await Open(database, new EventTypes()).Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
    }

    private static DocumentStore Open(NpgsqlDataSource database, EventTypes types) => DocumentStore.For(options =>
    {
        options.Connection(database);
        options.AutoCreateSchemaObjects = AutoCreate.None; // not amid an append, which holds the tables
        options.ConfigurePolly(_ => { }); // tried again within a failed transaction, the first error would be lost
        options.UseSystemTextJsonForSerialization(new JsonSerializerOptions { Converters = { new AsRegistered(types) } });
        options.Events.AppendMode = EventAppendMode.Quick;
        options.Events.MetadataConfig.CorrelationIdEnabled = true;
        options.Events.MetadataConfig.CausationIdEnabled = true;
        options.Events.MetadataConfig.HeadersEnabled = true;
        options.Events.AddEventType(typeof(UnknownEvent)); // Marten minds its event tables only where it knows of an event
        foreach (var type in types.All)
            options.Events.MapEventType(type, EventTypes.AliasOf(type));
    });

    public Task<IReadOnlyDictionary<Guid, IReadOnlyList<Recorded>>> Read(
        IReadOnlyList<(Guid Stream, long AfterVersion)> streams, CancellationToken ct, bool withHeaders = true) =>
        tables.Read(streams, ct, withHeaders);

    public Task<IReadOnlyDictionary<string, Answer>> FindAnswers(IReadOnlyList<string> keys, CancellationToken ct) => tables.FindAnswers(keys, ct);

    public Task<Guid?> FindAlias(Guid alias, CancellationToken ct) => tables.FindAlias(alias, ct);

    public ILogReader ReadLog(long afterSequence, bool withHeaders = true) => tables.ReadLog(afterSequence, withHeaders);

    public Task<IReadOnlyList<DueDeadline>> ClaimDue(DateTimeOffset now, int limit, CancellationToken ct) => tables.ClaimDue(now, limit, ct);

    public Task NextAppend => tables.NextAppend;

    public void Dispose() => marten.Dispose();

    public async Task<IReadOnlyDictionary<int, Lost>> Append(IReadOnlyList<Unit> units, CancellationToken ct)
    {
        try
        {
            return await AppendTogether(units, ct);
        }
        catch (Exception e) when (IsSpoiledByOne(e))
        {
            // One unit met another writer in a way that ends the whole transaction: each on its own then.
            return await AppendEach(units, ct);
        }
        finally
        {
            tables.RaiseAppended();
        }
    }

    private async Task<IReadOnlyDictionary<int, Lost>> AppendEach(IReadOnlyList<Unit> units, CancellationToken ct)
    {
        var lost = new Dictionary<int, Lost>();
        for (var i = 0; i < units.Count; i++)
        {
            try
            {
                if ((await AppendTogether([units[i]], ct)).TryGetValue(0, out var why))
                    lost.Add(i, why);
            }
            catch (Exception e) when (IsSpoiledByOne(e))
            {
                lost.Add(i, Cause(e)?.SqlState == PostgresErrorCodes.LockNotAvailable ? Lost.Held : Lost.Stale);
            }
        }
        return lost;
    }

    private async Task<IReadOnlyDictionary<int, Lost>> AppendTogether(IReadOnlyList<Unit> units, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (now, streams, answered) = await Lock(units, connection, ct);
        var lost = new Dictionary<int, Lost>();
        await using var session = marten.OpenSession(SessionOptions.ForTransaction(transaction));
        for (var i = 0; i < units.Count; i++)
        {
            if (units[i].Keys.Any(answered.Contains))
                lost.Add(i, Lost.Answered);
            else if (WhyLost(units[i], streams) is { } why)
                lost.Add(i, why);
            else
                Write(units[i], session, now);
        }
        try
        {
            await session.SaveChangesAsync(ct);
        }
        catch (MartenCommandException e) when (e.InnerException is NpgsqlException broken)
        {
            ExceptionDispatchInfo.Throw(broken); // what callers of a store expect
        }
        await transaction.CommitAsync(ct);
        return lost;
    }

    /// <summary>
    /// Holds the table for writing before any number is taken, so that readers of the log wait for this transaction, and
    /// those streams of writing units that no other writer holds.
    /// </summary>
    private static async Task<(DateTimeOffset Now, Dictionary<Guid, (long Version, bool Held)> Streams, HashSet<string> Answered)> Lock(
        IReadOnlyList<Unit> units, NpgsqlConnection connection, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new("lock table mt_events in row exclusive mode"),
                new("select now()"),
                new("""
                    with ours as (select id, version from mt_streams where id = any ($1) order by id for update skip locked)
                    select m.id, coalesce(o.version, m.version, 0), m.id = any ($1) and o.id is null
                    from mt_streams m left join ours o on o.id = m.id where m.id = any ($2)
                    """)
                {
                    Parameters =
                    {
                        Parameter.Of(units.Where(Writes).SelectMany(u => u.Streams).Select(s => s.StreamId).ToArray()),
                        Parameter.Of(units.SelectMany(u => u.Streams).Select(s => s.StreamId).ToArray()),
                    },
                },
                new("select key from fd_answers where key = any ($1)") { Parameters = { Parameter.Of(units.SelectMany(u => u.Keys).ToArray()) } },
            },
        };
        await using var row = await batch.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        var now = row.GetFieldValue<DateTimeOffset>(0);
        await row.NextResultAsync(ct);
        var streams = new Dictionary<Guid, (long, bool)>();
        while (await row.ReadAsync(ct))
            streams.Add(row.GetGuid(0), (row.GetInt64(1), row.GetBoolean(2)));
        await row.NextResultAsync(ct);
        var answered = new HashSet<string>();
        while (await row.ReadAsync(ct))
            answered.Add(row.GetString(0));
        return (now, streams, answered);
    }

    private static Lost? WhyLost(Unit unit, Dictionary<Guid, (long Version, bool Held)> streams)
    {
        if (Writes(unit) && unit.Streams.Any(s => streams.GetValueOrDefault(s.StreamId).Held))
            return Lost.Held;
        return unit.Streams.Any(s => streams.GetValueOrDefault(s.StreamId).Version != s.ExpectedVersion) ? Lost.Stale : null;
    }

    private static void Write(Unit unit, IDocumentSession session, DateTimeOffset now)
    {
        foreach (var change in unit.Streams.Where(s => s.Events.Count > 0))
        {
            var events = change.Events.Select(e =>
            {
                var written = session.Events.BuildEvent(e.Event);
                (written.Id, written.Timestamp) = (e.EventId, now);
                (written.CorrelationId, written.CausationId, written.Headers) = (e.CorrelationId, e.CausationId, Table(e.Headers));
                return written;
            });
            if (change.ExpectedVersion == 0)
                session.Events.StartStream(change.Kind.State, change.StreamId, events);
            else
                session.Events.Append(change.StreamId, change.ExpectedVersion + change.Events.Count, events);
            foreach (var gone in change.DeadlinesGone)
                session.QueueSqlCommand("delete from fd_deadlines where stream_id = ? and name = ?", change.StreamId, gone);
            foreach (var set in change.DeadlinesSet)
            {
                session.QueueSqlCommand("""
                    insert into fd_deadlines (stream_id, name, kind, due_at) values (?, ?, ?, ?)
                    on conflict (stream_id, name) do update set due_at = excluded.due_at, claimed_until = null
                    """, change.StreamId, set.Name, change.Kind.Name, set.Due.ToUniversalTime());
            }
            foreach (var alias in change.NewAliases)
                session.QueueSqlCommand("insert into fd_aliases (alias, stream_id) values (?, ?) on conflict do nothing", alias, change.StreamId);
        }
        foreach (var answer in unit.Answers)
        {
            session.QueueSqlCommand("insert into fd_answers (key, content_hash, id, version) values (?, ?, ?, ?)",
                answer.Key, answer.ContentHash, answer.Id, answer.Version);
        }
    }

    private static bool Writes(Unit unit) => unit.Streams.Any(s => s.Events.Count > 0);

    /// <summary>Marten keeps headers by name.</summary>
    private static Dictionary<string, object> Table(Headers headers) =>
        JsonSerializer.SerializeToElement(headers, HeadersJson.Default.Headers).EnumerateObject().ToDictionary(h => h.Name, h => (object)h.Value);

    private static bool IsSpoiledByOne(Exception e) =>
        e is EventStreamUnexpectedMaxEventIdException or Marten.Exceptions.ExistingStreamIdCollisionException
            or Marten.Exceptions.InvalidStreamOperationException // Marten 9 lets nobody append to an archived stream
        || (Cause(e) is { } cause && PostgresEventStore.IsSpoiledByOne(cause));

    private static PostgresException? Cause(Exception? e) => e as PostgresException ?? (e is null ? null : Cause(e.InnerException));

    /// <summary>Events are written as the service's own JSON context says.</summary>
    private sealed class AsRegistered(EventTypes types) : JsonConverter<DomainEvent>
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsAssignableTo(typeof(DomainEvent));

        public override DomainEvent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            types.Read(EventTypes.AliasOf(typeToConvert), Encoding.UTF8.GetBytes(JsonElement.ParseValue(ref reader).GetRawText()));

        public override void Write(Utf8JsonWriter writer, DomainEvent value, JsonSerializerOptions options) =>
            writer.WriteRawValue(types.Write(value).Json, skipInputValidation: true);
    }
}
