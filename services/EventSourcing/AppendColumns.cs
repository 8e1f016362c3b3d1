using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace FamilyDoctor.EventSourcing;

/// <summary>The units of one append, column by column, as PostgreSQL takes them fastest.</summary>
internal sealed class AppendColumns
{
    private readonly List<int> checkedUnit = [], knownUnit = [], newUnit = [], askedUnit = [];
    private readonly List<Guid> checkedId = [], knownId = [], newId = [];
    private readonly List<long> checkedVersion = [], knownVersion = [];
    private readonly List<int> knownAdded = [], newAdded = [];
    private readonly List<string> newType = [], askedKey = [];

    private readonly Guid[] eventId, eventStream;
    private readonly long[] eventVersion;
    private readonly string[] eventType, eventDotNetType, eventCorrelation;
    private readonly string?[] eventCausation;
    private readonly byte[][] eventData, eventHeaders;

    private readonly List<Guid> deadlineStream = [], aliasId = [], aliasStream = [], answerId = [];
    private readonly List<string> deadlineName = [], deadlineKind = [], answerKey = [], answerHash = [];
    private readonly List<DateTime?> deadlineDue = [];
    private readonly List<long> answerVersion = [];

    public AppendColumns(IReadOnlyList<Unit> units, int[] standing, EventTypes types)
    {
        foreach (var u in standing)
        {
            foreach (var stream in units[u].Streams)
                EventCount += stream.Events.Count;
        }
        (eventId, eventStream, eventVersion) = (new Guid[EventCount], new Guid[EventCount], new long[EventCount]);
        (eventType, eventDotNetType, eventCorrelation) = (new string[EventCount], new string[EventCount], new string[EventCount]);
        (eventCausation, eventData, eventHeaders) = (new string?[EventCount], new byte[EventCount][], new byte[EventCount][]);

        var next = 0;
        (Headers? Headers, byte[] Json) last = (null, []);
        foreach (var u in standing)
        {
            var unit = units[u];
            var writes = unit.Streams.Any(stream => stream.Events.Count > 0);
            foreach (var stream in unit.Streams)
            {
                Add(u, stream, writes);
                for (var i = 0; i < stream.Events.Count; i++, next++)
                {
                    var added = stream.Events[i];
                    (eventId[next], eventStream[next], eventVersion[next]) = (added.EventId, stream.StreamId, stream.ExpectedVersion + i + 1);
                    (eventType[next], eventDotNetType[next], eventData[next]) = types.Write(added.Event);
                    (eventCorrelation[next], eventCausation[next]) = (added.CorrelationId, added.CausationId);
                    if (!ReferenceEquals(last.Headers, added.Headers))
                        last = (added.Headers, JsonSerializer.SerializeToUtf8Bytes(added.Headers, HeadersJson.Default.Headers));
                    eventHeaders[next] = last.Json;
                }
            }
            foreach (var key in unit.Keys)
            {
                askedUnit.Add(u);
                askedKey.Add(key);
            }
            foreach (var answer in unit.Answers)
            {
                answerKey.Add(answer.Key);
                answerHash.Add(answer.ContentHash);
                answerId.Add(answer.Id);
                answerVersion.Add(answer.Version);
            }
        }
    }

    public int EventCount { get; }

    private void Add(int unit, StreamChange stream, bool writes)
    {
        // What a written decision rests on must not change before it is written, so it is held too; a refusal only looks.
        if (stream.Events.Count == 0 && (!writes || stream.ExpectedVersion == 0))
        {
            checkedUnit.Add(unit);
            checkedId.Add(stream.StreamId);
            checkedVersion.Add(stream.ExpectedVersion);
            return;
        }
        if (stream.ExpectedVersion == 0)
        {
            newUnit.Add(unit);
            newId.Add(stream.StreamId);
            newType.Add(stream.Kind.Name);
            newAdded.Add(stream.Events.Count);
        }
        else
        {
            knownUnit.Add(unit);
            knownId.Add(stream.StreamId);
            knownVersion.Add(stream.ExpectedVersion);
            knownAdded.Add(stream.Events.Count);
        }
        foreach (var deadline in stream.DeadlinesSet)
            AddDeadline(stream, deadline.Name, deadline.Due.UtcDateTime);
        foreach (var name in stream.DeadlinesGone)
            AddDeadline(stream, name, null);
        foreach (var alias in stream.NewAliases)
        {
            aliasId.Add(alias);
            aliasStream.Add(stream.StreamId);
        }
    }

    private void AddDeadline(StreamChange stream, string name, DateTime? due)
    {
        deadlineStream.Add(stream.StreamId);
        deadlineName.Add(name);
        deadlineKind.Add(stream.Kind.Name);
        deadlineDue.Add(due);
    }

    public void AddClaim(NpgsqlParameterCollection p)
    {
        p.Add(Parameter.Of(checkedUnit.ToArray()));
        p.Add(Parameter.Of(checkedId.ToArray()));
        p.Add(Parameter.Of(checkedVersion.ToArray()));
        p.Add(Parameter.Of(knownUnit.ToArray()));
        p.Add(Parameter.Of(knownId.ToArray()));
        p.Add(Parameter.Of(knownVersion.ToArray()));
        p.Add(Parameter.Of(knownAdded.ToArray()));
        p.Add(Parameter.Of(newUnit.ToArray()));
        p.Add(Parameter.Of(newId.ToArray()));
        p.Add(Parameter.Of(newType.ToArray()));
        p.Add(Parameter.Of(newAdded.ToArray()));
        p.Add(Parameter.Of(askedUnit.ToArray()));
        p.Add(Parameter.Of(askedKey.ToArray()));
    }

    public void AddEvents(NpgsqlParameterCollection p)
    {
        p.Add(Parameter.Of(eventId));
        p.Add(Parameter.Of(eventStream));
        p.Add(Parameter.Of(eventVersion));
        p.Add(Parameter.Of(eventType));
        p.Add(Parameter.Of(eventDotNetType));
        p.Add(Parameter.OfJson(eventData));
        p.Add(Parameter.Of(eventCorrelation));
        p.Add(Parameter.Of(eventCausation));
        p.Add(Parameter.OfJson(eventHeaders));
    }

    public void AddNotes(NpgsqlParameterCollection p)
    {
        p.Add(Parameter.Of(deadlineStream.ToArray()));
        p.Add(Parameter.Of(deadlineName.ToArray()));
        p.Add(Parameter.Of(deadlineKind.ToArray()));
        p.Add(Parameter.Of(deadlineDue.ToArray()));
        p.Add(Parameter.Of(aliasId.ToArray()));
        p.Add(Parameter.Of(aliasStream.ToArray()));
        p.Add(Parameter.Of(answerKey.ToArray()));
        p.Add(Parameter.Of(answerHash.ToArray()));
        p.Add(Parameter.Of(answerId.ToArray()));
        p.Add(Parameter.Of(answerVersion.ToArray()));
    }

    public async Task Copy(NpgsqlConnection connection, long[] sequence, DateTime now, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync("""
            copy mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type,
                            correlation_id, causation_id, headers, is_archived) from stdin (format binary)
            """, ct);
        for (var i = 0; i < EventCount; i++)
        {
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(sequence[i], NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(eventId[i], NpgsqlDbType.Uuid, ct);
            await copy.WriteAsync(eventStream[i], NpgsqlDbType.Uuid, ct);
            await copy.WriteAsync(eventVersion[i], NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(eventData[i], NpgsqlDbType.Jsonb, ct);
            await copy.WriteAsync(eventType[i], NpgsqlDbType.Varchar, ct);
            await copy.WriteAsync(now, NpgsqlDbType.TimestampTz, ct);
            await copy.WriteAsync("*DEFAULT*", NpgsqlDbType.Varchar, ct);
            await copy.WriteAsync(eventDotNetType[i], NpgsqlDbType.Varchar, ct);
            await copy.WriteAsync(eventCorrelation[i], NpgsqlDbType.Varchar, ct);
            if (eventCausation[i] is { } cause)
                await copy.WriteAsync(cause, NpgsqlDbType.Varchar, ct);
            else
                await copy.WriteNullAsync(ct);
            await copy.WriteAsync(eventHeaders[i], NpgsqlDbType.Jsonb, ct);
            await copy.WriteAsync(false, NpgsqlDbType.Boolean, ct);
        }
        await copy.CompleteAsync(ct);
    }
}

/// <summary>Arrays as parameters.</summary>
internal static class Parameter
{
    public static NpgsqlParameter Of(int[] values) => Array(values, NpgsqlDbType.Integer);
    public static NpgsqlParameter Of(long[] values) => Array(values, NpgsqlDbType.Bigint);
    public static NpgsqlParameter Of(Guid[] values) => Array(values, NpgsqlDbType.Uuid);
    public static NpgsqlParameter Of(string?[] values) => Array(values, NpgsqlDbType.Text);
    public static NpgsqlParameter Of(DateTime?[] values) => Array(values, NpgsqlDbType.TimestampTz);
    public static NpgsqlParameter OfJson(byte[][] values) => Array(values, NpgsqlDbType.Jsonb);

    private static NpgsqlParameter<T[]> Array<T>(T[] values, NpgsqlDbType type) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
}
