using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Bench;

/// <summary>A command that opens a stream with two events, from so many clients at once.</summary>
/// <param name="forgetful">One row shows what waiting for the disk costs: there an acknowledged event may be lost, on both sides.</param>
public sealed class NewStream(bool forgetful = false) : Comparison
{
    private const int BatchClients = 8;
    private const int StreamsInABatch = 100;
    private readonly IdSource ids = new(TimeProvider.System);
    private Database ours = null!, limit = null!;
    private Runner runner = null!;

    public override IEnumerable<Row> Rows => forgetful ? [OneByOne(32, null)] : [
        OneByOne(1, new(0.5, 0.8)), OneByOne(8, null), OneByOne(32, new(1.0, 2.0)),
        new("new-stream/128", "new stream, 2 events, 128 clients",
            $"hand-written SQL: {StreamsInABatch} streams in a transaction, two statements with unnest in one round trip, ready-made JSON, {BatchClients} connections; "
                + "fresh tables each round; ms are a batch's",
            new(0.4, 0.8), time => Ours(128, time), Unnest)];

    public override async Task Prepare(Ground ground)
    {
        (ours, limit) = (await ground.CreateDatabase(forgetful: forgetful), await ground.CreateDatabase(forgetful: forgetful));
        runner = await ours.StartRunner();
    }

    private Row OneByOne(int clients, Target? target) => new(
        forgetful ? $"not-durable/new-stream/{clients}" : $"new-stream/{clients}",
        forgetful ? $"NOT DURABLE new stream, {clients} clients" : $"new stream, 2 events, {clients} client{(clients > 1 ? "s" : "")}",
        $"pgbench: begin, two inserts and commit as one prepared pipeline, a transaction a command, -c {clients} -j {Math.Min(clients, 2)}; "
            + $"fresh tables each round{(forgetful ? "; synchronous_commit=off on both sides, in this row alone" : "")}",
        target, time => Ours(clients, time), async time =>
        {
            await limit.Empty();
            return await PgBench.Run(limit, PgBench.NewStream, clients, time);
        });

    private async Task<Measured> Ours(int clients, TimeSpan time)
    {
        await ours.Empty();
        var done = 0;
        var measured = await Clients.Run(clients, time, async _ =>
        {
            await runner.Execute<Diary>(ids.Next(), Diary.By, (diary, _) => Diary.Open(diary), CancellationToken.None);
            Interlocked.Increment(ref done);
        });
        await ours.MustHold(2L * done, "opening streams");
        return measured;
    }

    private async Task<Measured> Unnest(TimeSpan time)
    {
        await limit.Empty();
        await using var raw = await RawSql.Open(limit, BatchClients);
        return await Clients.Run(BatchClients, time, client => raw.OpenMany(client, StreamsInABatch), StreamsInABatch);
    }
}
