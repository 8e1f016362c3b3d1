namespace FamilyDoctor.EventSourcing;

/// <summary>A reaction that works from a list waits until the list knows what it reacts to.</summary>
public static class CaughtUp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task UntilSeen<T>(this Rows<T> rows, Guid eventId, CancellationToken ct) where T : class, IRow<T>
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Patience);
        try
        {
            while (!await Seen(rows, eventId, limit.Token))
                await Task.Delay(25, limit.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new Busy(e); // the message comes again
        }
    }

    private static async Task<bool> Seen<T>(Rows<T> rows, Guid eventId, CancellationToken ct) where T : class, IRow<T> => (await rows.Query(
        """
        select coalesce((select max(last_seq_id) from mt_event_progression where name like $1), 0)
            >= coalesce((select seq_id from mt_events where id = $2), 0)
        """, row => row.GetBoolean(0), ct, $"{EventTypes.AliasOf(typeof(T))}:%", eventId))[0];
}
