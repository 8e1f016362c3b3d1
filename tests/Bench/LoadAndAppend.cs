using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Bench;

/// <summary>A command on a stream that is there already: load, decide, append one event.</summary>
public sealed class LoadAndAppend : Comparison
{
    private const int EventsAtFirst = 5;
    private readonly Guid[] streams;
    private readonly double[] zipf;
    private Database ours = null!, limit = null!;
    private int round;

    public LoadAndAppend(bool quick)
    {
        streams = [.. Enumerable.Range(0, quick ? 20_000 : 100_000).Select(n => Ids.Of($"Diary:{n}"))];
        // The n-th most wanted stream is wanted 1/n as often as the first.
        zipf = new double[streams.Length];
        var sum = 0.0;
        for (var n = 0; n < zipf.Length; n++)
            zipf[n] = sum += 1.0 / (n + 1);
    }

    public override IEnumerable<Row> Rows => [
        Of(8, false, new(0.9, 1.5)), Of(8, true, new(0.9, 1.5)), Of(32, false, null), Of(32, true, null)];

    public override async Task Prepare(Ground ground)
    {
        ours = await ground.CreateDatabase();
        await ours.Fill(streams, EventsAtFirst);
        await ours.Settle();
        limit = await ground.CreateDatabase(like: ours);
        await limit.Settle();
    }

    private Row Of(int clients, bool byZipf, Target? target) => new(
        $"load-and-append/{clients}/{(byZipf ? "zipf" : "even")}", $"load + append, {(byZipf ? "Zipf" : "even")}, {clients} clients",
        $"hand-written SQL: prepared, read and fold the stream, then update and insert in one statement; {clients} connections; "
            + $"{streams.Length:N0} streams of {EventsAtFirst} events and more; our cache is empty at the start of each round",
        target, time => Ours(clients, byZipf, time), time => Raw(clients, byZipf, time));

    private async Task<Measured> Ours(int clients, bool byZipf, TimeSpan time)
    {
        var (before, done) = (await ours.Events(), 0);
        var runner = await ours.StartRunner();
        var choice = Choice(clients, byZipf);
        var measured = await Clients.Run(clients, time, async client =>
        {
            await runner.Execute<Diary>(choice(client), Diary.By, (diary, _) => Diary.Note(diary), CancellationToken.None);
            Interlocked.Increment(ref done);
        });
        await runner.StopAsync(CancellationToken.None);
        await ours.MustHold(before + done, "appending");
        return measured;
    }

    private async Task<Measured> Raw(int clients, bool byZipf, TimeSpan time)
    {
        await using var raw = await RawSql.Open(limit, clients);
        var choice = Choice(clients, byZipf);
        return await Clients.Run(clients, time, client => raw.LoadAndAppend(client, choice(client)));
    }

    private Func<int, Guid> Choice(int clients, bool byZipf)
    {
        var chance = Enumerable.Range(0, clients).Select(client => new Random(1000 * ++round + client)).ToArray();
        return client =>
        {
            if (!byZipf)
                return streams[chance[client].Next(streams.Length)];
            var place = Array.BinarySearch(zipf, chance[client].NextDouble() * zipf[^1]);
            return streams[Math.Min(place < 0 ? ~place : place, streams.Length - 1)];
        };
    }
}
