using FamilyDoctor.IntegrationEvents;

namespace FamilyDoctor.EventSourcing;

/// <summary>A reaction that works from a list waits until the list knows what it reacts to.</summary>
public static class CaughtUp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Until the view knows the event that a message of this service tells; found by its place in its stream, as ids have no index.</summary>
    public static async Task UntilSeen<T>(this Rows<T> rows, IntegrationEvent message, CancellationToken ct) where T : class, IRow<T> => await rows.Until(
        (await rows.Query("select seq_id from mt_events where stream_id = $1 and version = $2", row => row.GetInt64(0), ct,
            message.StreamId, message.StreamVersion)).FirstOrDefault(), ct);

    /// <summary>Until the view knows all that has happened up to now.</summary>
    public static async Task UntilNow<T>(this Rows<T> rows, CancellationToken ct) where T : class, IRow<T> => await rows.Until(
        (await rows.Query("select coalesce(max(seq_id), 0) from mt_events", row => row.GetInt64(0), ct))[0], ct);

    private static async Task Until<T>(this Rows<T> rows, long sequence, CancellationToken ct) where T : class, IRow<T>
    {
        if (rows.Reached >= sequence)
            return; // one look serves all who wait
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            for (var pause = 25; (rows.Reached = await Look(rows, limit.Token)) < sequence; pause = Math.Min(200, pause * 2))
                await Task.Delay(pause, limit.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new Busy(e); // the message comes again
        }
    }

    private static async Task<long> Look<T>(Rows<T> rows, CancellationToken ct) where T : class, IRow<T> => (await rows.Query(
        "select coalesce(max(last_seq_id), 0) from mt_event_progression where name like $1", row => row.GetInt64(0), ct,
        $"{EventTypes.AliasOf(typeof(T))}:%"))[0];
}
