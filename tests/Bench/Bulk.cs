using System.Diagnostics;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Bench;

/// <summary>A history is taken in: many streams of a few events, as imports and replays append them.</summary>
public sealed class Bulk(bool quick) : Comparison
{
    private const int EventsInAStream = 5;
    private const int StreamsInAPage = 4_000;
    private const int PagesInFlight = 2;

    private readonly int streams = (quick ? 100_000 : 1_000_000) / EventsInAStream;
    private Database ours = null!, limit = null!;
    private List<Unit[]> pages = [];
    private Guid[] ids = [];
    private RawEvent[] raw = [];

    public override IEnumerable<Row> Rows => [
        new("bulk-append", "bulk append, events",
            $"binary COPY of the same stream and event rows by one connection, ready-made JSON, no foreign key; {streams * EventsInAStream:N0} events in {streams:N0} streams; "
                + $"ours {StreamsInAPage:N0} streams a page, {PagesInFlight} pages in flight, serialised in the append; ids and events generated beforehand for both; "
                + "empty tables each round",
            new(0.6, 0.9), Append, Copy) { IsOneTask = true }];

    public override async Task Prepare(Ground ground)
    {
        (ours, limit) = (await ground.CreateDatabase(), await ground.CreateDatabase());
        await limit.Run("alter table mt_events drop constraint fkey_mt_events_stream_id");
        var source = new IdSource(TimeProvider.System);
        var (kind, headers) = (StreamKind.Of<Diary>(), new Headers("330200", Diary.Opened.At, Diary.By.Actor, 0));
        var changes = new StreamChange[streams];
        raw = new RawEvent[streams * EventsInAStream];
        for (var i = 0; i < streams; i++)
        {
            var (stream, events) = (source.Next(), new NewEvent[EventsInAStream]);
            for (var n = 0; n < events.Length; n++)
            {
                events[n] = new(source.Next(), n == 0 ? Diary.Opened : Diary.Noted, Diary.By.CorrelationId, null, headers);
                raw[i * EventsInAStream + n] = new(events[n].EventId, stream, n + 1);
            }
            changes[i] = new(stream, kind, 0, events, [], [], []);
        }
        ids = [.. changes.Select(c => c.StreamId)];
        pages = [.. changes.Select(c => new Unit([c], [])).Chunk(StreamsInAPage)];
    }

    private async Task<Measured> Append(TimeSpan _)
    {
        await ours.Empty();
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(pages, new ParallelOptions { MaxDegreeOfParallelism = PagesInFlight }, async (page, ct) =>
            Unmeasurable.Unless((await ours.Store.Append(page, ct)).Count, 0, "streams were refused"));
        var measured = Measured.Task(raw.Length, began);
        await ours.MustHold(raw.Length, "bulk append");
        return measured;
    }

    private async Task<Measured> Copy(TimeSpan _)
    {
        await limit.Empty();
        await using var connection = await limit.Source.OpenConnectionAsync();
        var began = Stopwatch.GetTimestamp();
        RawCopy.Streams(connection, ids.Select(id => (id, EventsInAStream)));
        RawCopy.Events(connection, raw);
        var measured = Measured.Task(raw.Length, began);
        await limit.MustHold(raw.Length, "COPY");
        return measured;
    }
}
