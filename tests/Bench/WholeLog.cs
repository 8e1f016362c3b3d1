using System.Diagnostics;
using FamilyDoctor.EventSourcing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace FamilyDoctor.Bench;

/// <summary>The whole log is read: to build a view anew beside the live one, and for nothing at all.</summary>
public sealed class WholeLog(bool quick) : Comparison
{
    private const int EventsInAStream = 5;
    private const int Page = 2_000;
    private static readonly View View = View.Of<DiaryOfNurse>();
    private static readonly Headers Headers = new("330200", Diary.Opened.At, Diary.By.Actor, 0);

    private readonly int events = quick ? 250_000 : 1_000_000;
    private Database database = null!;

    private int Streams => events / EventsInAStream;

    public override IEnumerable<Row> Rows => [
        new("view-rebuild", "view rebuild and swap, events",
            $"one ordered read of type, stream and data, deserialised with the same JSON context and folded into a dictionary of the same rows, nothing written; "
                + $"{events:N0} events, {Streams:N0} streams and rows, one index, a live table there until the swap; sums compared",
            new(0.5, 0.9), Rebuild, Fold) { IsOneTask = true },
        new("log-reading", "log reading, events",
            $"one ordered binary COPY TO STDOUT of the same columns, bytes thrown away; ours in pages of {Page:N0}, deserialised; {events:N0} events",
            null, ReadLog, CopyOut) { IsOneTask = true }];

    public override async Task Prepare(Ground ground)
    {
        database = await ground.CreateDatabase();
        await database.Fill([.. Enumerable.Range(0, Streams).Select(n => Ids.Of($"Diary:{n}"))], EventsInAStream);
        await database.Run($"create table views.{View.Name} ()"); // the live one, until the first round swaps in its own
        await database.Settle();
    }

    private async Task<Measured> Rebuild(TimeSpan _)
    {
        await database.Run($"delete from mt_event_progression; insert into mt_event_progression (name, last_seq_id) values ('{View.Name}:All', {events}); checkpoint");
        using var builder = new ViewBuilder(database.Source, database.Store, [View], NullLogger<ViewBuilder>.Instance);
        var began = Stopwatch.GetTimestamp();
        await builder.StartAsync(CancellationToken.None);
        await database.Reach(View.Checkpoint, events);
        var measured = Measured.Task(events, began);
        await builder.StopAsync(CancellationToken.None);
        Check(await database.Scalar<long>($"select count(*) from views.{View.Name}"), await database.Scalar<long>($"select sum(visits) from views.{View.Name}"));
        return measured;
    }

    private async Task<Measured> Fold(TimeSpan _)
    {
        var rows = new Dictionary<Guid, DiaryOfNurse?>();
        await using var connection = await database.Source.OpenConnectionAsync();
        var began = Stopwatch.GetTimestamp();
        await using (var read = new NpgsqlCommand("select stream_id, type, data from mt_events order by seq_id", connection))
        {
            await using var row = await read.ExecuteReaderAsync();
            while (await row.ReadAsync())
            {
                var id = row.GetGuid(0);
                var @event = Diary.Types.Read(row.GetString(1), row.GetFieldValue<byte[]>(2));
                rows[id] = DiaryOfNurse.Evolve(rows.GetValueOrDefault(id), id, new(0, id, id, 0, @event, default, "", null, Headers));
            }
        }
        var measured = Measured.Task(events, began);
        Check(rows.Count, rows.Values.Sum(r => (long)r!.Visits));
        return measured;
    }

    private void Check(long rows, long visits)
    {
        Unmeasurable.Unless(rows, Streams, "rows are in the view");
        Unmeasurable.Unless(visits, events - Streams, "visits are in the view");
    }

    private async Task<Measured> ReadLog(TimeSpan _)
    {
        var read = 0L;
        var began = Stopwatch.GetTimestamp();
        var reader = database.Store.ReadLog(0);
        while (await reader.Next(Page, CancellationToken.None) is { Count: > 0 } page)
            read += page.Count;
        var measured = Measured.Task(events, began);
        Unmeasurable.Unless(read, events, "events were read");
        return measured;
    }

    private async Task<Measured> CopyOut(TimeSpan _)
    {
        var buffer = new byte[1 << 16];
        await using var connection = await database.Source.OpenConnectionAsync();
        var began = Stopwatch.GetTimestamp();
        await using (var copy = await connection.BeginRawBinaryCopyAsync("""
            copy (select seq_id, id, stream_id, version, type, data, timestamp, correlation_id, causation_id, headers from mt_events order by seq_id)
            to stdout (format binary)
            """))
        {
            while (await copy.ReadAsync(buffer, CancellationToken.None) > 0)
            {
                // Whatever it says: only the reading counts.
            }
        }
        return Measured.Task(events, began);
    }
}
