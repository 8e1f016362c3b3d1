namespace FamilyDoctor.EventSourcing;

/// <summary>
/// A stretch of the log and which ids lie in it. Marten's table has no index by event id, and one more index would cost
/// every append; but ids grow with time, so an id lies in a stretch or two.
/// </summary>
public sealed record StretchOfLog(Guid StretchId, long First, long Last, Guid Lowest, Guid Highest) : IRow<StretchOfLog>
{
    private const int Length = 512;

    public static IEnumerable<string> Indexes => ["last"];

    public static IEnumerable<Guid> Keys(Recorded recorded)
    {
        var n = recorded.Sequence / Length;
        return [new Guid((int)(n >> 32), (short)(n >> 16), (short)n, 0, 0, 0, 0, 0, 0, 0, 0)];
    }

    public static StretchOfLog Evolve(StretchOfLog? row, Guid id, Recorded recorded) => row is null
        ? new(id, recorded.Sequence, recorded.Sequence, recorded.EventId, recorded.EventId)
        : row with
        {
            Last = recorded.Sequence,
            Lowest = recorded.EventId.CompareTo(row.Lowest) < 0 ? recorded.EventId : row.Lowest,
            Highest = recorded.EventId.CompareTo(row.Highest) > 0 ? recorded.EventId : row.Highest,
        };
}

internal static class FindingEvents
{
    /// <summary>Where an event stands: in a stretch that may hold its id, or in what no stretch knows yet.</summary>
    public static async Task<(Guid Stream, long Version)?> WhereIs(this Rows<StretchOfLog> stretches, Guid eventId, CancellationToken ct)
    {
        var found = await stretches.Query("""
            select e.stream_id, e.version from {view} s join mt_events e on e.seq_id between s.first and s.last
            where s.lowest <= $1 and s.highest >= $1 and e.id = $1
            union all
            select stream_id, version from mt_events where seq_id > (select coalesce(max(last), 0) from {view}) and id = $1
            limit 1
            """, row => (row.GetGuid(0), row.GetInt64(1)), ct, eventId);
        return found.Count == 0 ? null : found[0];
    }
}
