using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Bench;

/// <summary>A command on a stream that has grown long: the whole of it is read (cold), or known already (hot).</summary>
public sealed class LongStreams : Comparison
{
    // So many streams of each length that the rounds hardly lengthen them; the last one is the hot one.
    private static readonly (int Events, int Streams)[] Lengths = [(100, 400), (2_000, 20), (10_000, 6)];
    private Database ours = null!, limit = null!;
    private Runner hot = null!;
    private RawSql raw = null!;
    private int next;

    public override IEnumerable<Row> Rows => Lengths.SelectMany(l => (Row[])[
        new($"long-stream/{l.Events}/cold", $"load + append, {l.Events:N0} events, cold",
            "hand-written SQL: prepared, read and fold the stream, then update and insert in one statement; 1 client; ours: a new runner each time",
            null, time => Cold(l, time), time => RawCold(l, time)),
        new($"long-stream/{l.Events}/hot", $"load + append, {l.Events:N0} events, hot",
            "hand-written SQL: prepared, the update and insert alone; 1 client; ours: the state is kept", null,
            time => Hot(l.Events, time), time => RawHot(l.Events, time))]);

    public override async Task Prepare(Ground ground)
    {
        ours = await ground.CreateDatabase();
        var all = Lengths.SelectMany(l => Enumerable.Range(0, l.Streams).Select(n => (Stream: StreamOf(l.Events, n), l.Events))).ToList();
        await ours.FillEach(all);
        await ours.Settle();
        limit = await ground.CreateDatabase(like: ours);
        await limit.Settle();
        hot = await ours.StartRunner();
        raw = await RawSql.Open(limit, 1);
    }

    private static Guid StreamOf(int events, int n) => Ids.Of($"Diary:{events}:{n}");

    private Guid NextCold((int Events, int Streams) length) => StreamOf(length.Events, next++ % (length.Streams - 1));

    private static Guid HotOf(int events) => StreamOf(events, Lengths.Single(l => l.Events == events).Streams - 1);

    private Task<Measured> Cold((int Events, int Streams) length, TimeSpan time) => Counted(time, async () =>
    {
        var runner = await ours.StartRunner();
        await Note(runner, NextCold(length));
        await runner.StopAsync(CancellationToken.None);
    });

    private async Task<Measured> Hot(int events, TimeSpan time)
    {
        await Note(hot, HotOf(events)); // now it is known
        return await Counted(time, () => Note(hot, HotOf(events)));
    }

    private async Task<Measured> Counted(TimeSpan time, Func<Task> ask)
    {
        var (before, done) = (await ours.Events(), 0);
        var measured = await Clients.Run(1, time, async _ =>
        {
            await ask();
            done++;
        });
        await ours.MustHold(before + done, "appending to long streams");
        return measured;
    }

    private static Task Note(Runner runner, Guid stream) =>
        runner.Execute<Diary>(stream, Diary.By, (diary, _) => Diary.Note(diary), CancellationToken.None);

    private Task<Measured> RawCold((int Events, int Streams) length, TimeSpan time) =>
        Clients.Run(1, time, client => raw.LoadAndAppend(client, NextCold(length)));

    private async Task<Measured> RawHot(int events, TimeSpan time)
    {
        var (diary, version) = await raw.Load(0, HotOf(events));
        return await Clients.Run(1, time, async client =>
        {
            if (!await raw.Append(client, HotOf(events), version++, diary))
                throw new Unmeasurable("The bench stops: somebody else wrote to the limit's stream.");
        });
    }

    public override async ValueTask DisposeAsync()
    {
        await (raw?.DisposeAsync() ?? ValueTask.CompletedTask);
        await base.DisposeAsync();
    }
}
