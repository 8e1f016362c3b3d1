using Npgsql;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// Reads the log in order. Stops before a gap, notes who holds the table for writing (every writer does before it takes
/// a number), waits until none of exactly those is left, reads again: a number still missing then was rolled back.
/// Where all numbers are settled, the next pages are on their way while one is worked on.
/// </summary>
internal sealed class LogReader(NpgsqlDataSource database, RecordedRows rows, long after) : ILogReader
{
    private const int MostAhead = 2;
    private readonly Queue<(long UpTo, Task<(List<long>, List<Recorded> Events)> Page)> ahead = [];
    private long position = after;
    private long settled = after;
    private (long UpTo, HashSet<string> Writers)? open;
    private bool began;

    public bool IsWaiting { get; private set; }

    public async Task<IReadOnlyList<Recorded>> Next(int limit, CancellationToken ct)
    {
        if (!began)
            (open, began) = ((await Last(ct), await Writers(ct)), true);
        if (open is { } part)
        {
            if (part.Writers.Count > 0)
                part.Writers.IntersectWith(await Writers(ct));
            if (part.Writers.Count == 0)
                (settled, open, IsWaiting) = (Math.Max(settled, part.UpTo), null, false);
            else if (IsWaiting)
                return [];
        }
        return ahead.Count > 0 || settled - position > limit ? await Settled(limit, ct) : await Live(limit, ct);
    }

    private async Task<IReadOnlyList<Recorded>> Settled(int limit, CancellationToken ct)
    {
        try
        {
            while (position < settled)
            {
                while (ahead.Count < MostAhead && (ahead.Count > 0 ? ahead.Last().UpTo : position) is var from && from < settled)
                {
                    var end = Math.Min(from + limit, settled);
                    ahead.Enqueue((end, Page(from, end, limit, ct)));
                }
                var (upTo, page) = ahead.Peek();
                var (_, events) = await page;
                ahead.Dequeue();
                position = upTo;
                if (events.Count > 0)
                    return events;
            }
        }
        catch
        {
            ahead.Clear();
            throw;
        }
        return await Live(limit, ct);
    }

    private async Task<IReadOnlyList<Recorded>> Live(int limit, CancellationToken ct)
    {
        var (numbers, events) = await Page(position, long.MaxValue, limit, ct);
        var whole = 0;
        while (whole < numbers.Count && (numbers[whole] == position + 1 || numbers[whole] <= settled))
            position = numbers[whole++];
        if (whole == 0 && numbers.Count > 0)
        {
            // Whoever holds a missing number held the table before it was taken, so before this page was read.
            (open, IsWaiting) = ((numbers[^1], await Writers(ct)), true);
            return open.Value.Writers.Count == 0 ? await Next(limit, ct) : [];
        }
        if (whole < numbers.Count)
            events.RemoveAll(e => e.Sequence > position);
        return events;
    }

    private async Task<(List<long> Numbers, List<Recorded> Events)> Page(long from, long upTo, int limit, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            $"select {rows.Columns} from mt_events e where e.seq_id > $1 and e.seq_id <= $2 order by e.seq_id limit $3");
        command.Parameters.AddWithValue(from);
        command.Parameters.AddWithValue(upTo);
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

    private async Task<long> Last(CancellationToken ct)
    {
        await using var command = database.CreateCommand("select coalesce(max(seq_id), 0) from mt_events");
        return (long)(await command.ExecuteScalarAsync(ct))!;
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
internal sealed class RecordedRows(EventTypes types, bool withHeaders = true)
{
    public string Columns { get; } =
        $"e.seq_id, e.id, e.stream_id, e.version, e.type, e.data, e.timestamp{(withHeaders ? ", e.correlation_id, e.causation_id, e.headers" : "")}";

    /// <summary>Null for Marten's filler of an append that failed.</summary>
    public Recorded? Read(NpgsqlDataReader row)
    {
        var alias = row.GetString(4);
        if (alias == "tombstone")
            return null;
        var (sequence, id, stream, version, at) = (row.GetInt64(0), row.GetGuid(1), row.GetGuid(2), row.GetInt64(3), new DateTimeOffset(row.GetDateTime(6)));
        var data = row.GetFieldValue<byte[]>(5);
        return withHeaders
            ? new(sequence, id, stream, version, at, row.IsDBNull(7) ? "" : row.GetString(7), row.IsDBNull(8) ? null : row.GetString(8),
                new(types, alias, data, row.IsDBNull(9) ? null : row.GetFieldValue<byte[]>(9)))
            : new(sequence, id, stream, version, at, "", null, new(types, alias, data, Stored.Unread));
    }
}
