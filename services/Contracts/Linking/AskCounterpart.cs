using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using Npgsql;

namespace FamilyDoctor.Contracts.Linking;

/// <summary>
/// Asks one counterpart about its open cases, a few at a time, and records what it answers. What is open and when it is
/// asked again stands in the log, so a restart goes on where it was; killed between a call and its record, it asks again
/// under the same id. One instance asks, however many run.
/// </summary>
public sealed class AskCounterpart(
    ICounterpart counterpart, NpgsqlDataSource database, IEventStore store, Runner runner, Rows<LinkedCasesOfCity> cases, PolicyBook policies,
    TimeProvider clock, IdSource ids, ILogger<AskCounterpart> log) : Elected($"linkage {counterpart.Name}", database, log)
{
    private const int Page = 40, AtOnce = 4;
    private readonly string[] kinds = [.. counterpart.Kinds.Select(kind => kind.ToString())];

    protected override async Task Work(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var at = policies.At(clock.GetUtcNow());
            await Parallel.ForEachAsync(await Due(at, ct), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
                async (open, token) => await Settle(open, at, token));
            await Task.Delay(TimeSpan.FromMilliseconds(250), ct);
        }
    }

    private async Task<List<LinkedCasesOfCity>> Due(Moment at, CancellationToken ct)
    {
        try
        {
            return at.Today < at.Policy.LinkageFrom ? []
                : await cases.Where($"status = 'Waiting' and kind = any($1) and next_at <= $2 order by next_at limit {Page}", ct, kinds, at.Now);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return []; // at the very first start the list is not there yet
        }
    }

    private async Task Settle(LinkedCasesOfCity open, Moment at, CancellationToken ct)
    {
        try
        {
            var (linked, _) = await store.Load<LinkedCase>(open.CaseId, ct);
            if (!LinkedCase.IsOpen(linked, open.Version) || (linked?.Version == open.Version && linked.NextAt > at.Now))
                return; // the list is a moment behind
            var (resident, _) = await store.Load<Enrolment>(open.ResidentId, ct);
            var answer = LinkedCase.Over(open, resident, at.Today) is { } reason ? new(CounterpartOutcome.Withdrawn, reason) : await counterpart.Ask(open, ct);
            var by = new Envelope(new Actor("linkage", "service"), ids.Next().ToString());
            await runner.Execute<LinkedCase>(open.CaseId, by, (now, moment) => RecordAnswer.Decide(now, open, answer, moment), ct);
        }
#pragma warning disable CA1031 // One case's failure must not hold up the others; it is still open and comes again.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            log.LogWarning(e, "Case {CaseId} could not be settled and comes again", open.CaseId);
        }
    }
}
