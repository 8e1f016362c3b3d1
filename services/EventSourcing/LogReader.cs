using System.Text.Json;
using Npgsql;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// Reads the log in order. Stops before a gap, notes who holds the table for writing (every writer does before it takes
/// a number), waits until none of exactly those is left, reads again: a number still missing then was rolled back.
/// </summary>
internal sealed class LogReader(NpgsqlDataSource database, RecordedRows rows, long after) : ILogReader
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
        if (whole < numbers.Count)
            events.RemoveAll(e => e.Sequence > position);
        return events;
    }

    private async Task<(List<long> Numbers, List<Recorded> Events)> Page(int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"select {RecordedRows.Columns} from mt_events e where e.seq_id > $1 order by e.seq_id limit $2");
        command.Parameters.AddWithValue(position);
        command.Parameters.AddWithValue(limit);
        var (numbers, events) = (new List<long>(limit), new List<Recorded>(limit));
        await using var row = await command.ExecuteReaderAsync(ct);
        while (await row.ReadAsync(ct))
        {
            numbers.Add(row.GetInt64(0));
            if (rows.Read(row) is { } recorded)
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

/// <summary>Turns rows of mt_events, whoever wrote them, into events.</summary>
internal sealed class RecordedRows(EventTypes types)
{
    public const string Columns =
        "e.seq_id, e.id, e.stream_id, e.version, e.type, e.data, e.timestamp, e.correlation_id, e.causation_id, e.headers";

    /// <summary>Null for Marten's filler of an append that failed.</summary>
    public Recorded? Read(NpgsqlDataReader row)
    {
        var alias = row.GetString(4);
        if (alias == "tombstone")
            return null;
        var recordedAt = new DateTimeOffset(row.GetDateTime(6));
        var headers = row.IsDBNull(9) ? null : JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(9), HeadersJson.Default.Headers);
        return new(row.GetInt64(0), row.GetGuid(1), row.GetGuid(2), row.GetInt64(3), types.Read(alias, row.GetFieldValue<byte[]>(5)),
            recordedAt, row.IsDBNull(7) ? "" : row.GetString(7), row.IsDBNull(8) ? null : row.GetString(8),
            headers ?? new("", recordedAt, new("unknown", "unknown"), 0));
    }
}
