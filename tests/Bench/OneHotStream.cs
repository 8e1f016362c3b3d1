using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Bench;

/// <summary>Everybody wants the same stream: nobody may be refused, and all must be quick.</summary>
public sealed class OneHotStream : Comparison
{
    private const int AtOnce = 64;
    private const int LimitClients = 2;
    private static readonly Guid Stream = Ids.Of("Diary:the one");
    private Database ours = null!, limit = null!;

    public override IEnumerable<Row> Rows => [
        new($"one-stream/{AtOnce}", $"decisions on one stream, {AtOnce} clients",
            $"pgbench: update the stream and insert the event in one prepared statement, no decision, no load, "
                + $"-c {LimitClients} (more only queue for the row); a fresh stream each round",
            new(2000, 5000, IsPerSecond: true), Ours, Limit)];

    public override async Task Prepare(Ground ground) => (ours, limit) = (await ground.CreateDatabase(), await ground.CreateDatabase());

    private async Task<Measured> Ours(TimeSpan time)
    {
        await Begin(ours);
        var runner = await ours.StartRunner();
        var (done, refused) = (0, 0);
        var measured = await Clients.Run(AtOnce, time, async _ =>
        {
            try
            {
                await runner.Execute<Diary>(Stream, Diary.By, (diary, _) => Diary.Note(diary), CancellationToken.None);
                Interlocked.Increment(ref done);
            }
            catch (Exception e) when (e is Busy or StaleVersion)
            {
                Interlocked.Increment(ref refused);
            }
        });
        await runner.StopAsync(CancellationToken.None);
        await ours.MustHold(1 + done, "deciding on one stream");
        // The refused are no throughput.
        return measured with { PerSecond = measured.PerSecond * done / Math.Max(1, done + refused), FalseConflicts = refused };
    }

    private async Task<Measured> Limit(TimeSpan time)
    {
        await Begin(limit);
        return await PgBench.Run(limit, PgBench.OneHotStream, LimitClients, time, ("stream", $"{Stream}"));
    }

    private static async Task Begin(Database database)
    {
        await database.Empty();
        await database.Fill([Stream], 1);
    }
}
