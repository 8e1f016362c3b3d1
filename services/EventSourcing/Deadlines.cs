using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// Fires what is due. Deadlines are rows written with the append, so a restart forgets none; several instances share
/// the work, since a claimed row is passed over for half a minute. Decisions are idempotent, so a claim that ran out
/// does no harm. Paced: other commands go on between the pages.
/// </summary>
public sealed class DeadlineClock(IEventStore store, Runner runner, TimeProvider clock, IdSource ids, ILogger<DeadlineClock> log) : BackgroundService
{
    private const int Page = 200;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            var fired = 0;
            try
            {
                fired = await FireDue(stoppingToken);
            }
#pragma warning disable CA1031 // A clock that stops is worse than one that stumbles.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                log.LogWarning(e, "Deadlines could not be read");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(fired == Page ? 50 : 250), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Fires one page of what is due now and returns how many.</summary>
    public async Task<int> FireDue(CancellationToken ct)
    {
        var due = await store.ClaimDue(clock.GetUtcNow(), Page, ct);
        await Task.WhenAll(due.GroupBy(deadline => deadline.StreamId).Select(async stream =>
        {
            foreach (var deadline in stream.OrderBy(d => d.Deadline.Due))
                await Fire(deadline, ct);
        }));
        return due.Count;
    }

    private async Task Fire(DueDeadline deadline, CancellationToken ct)
    {
        try
        {
            await runner.Fire(deadline, new Envelope(Actor.Clock, ids.Next().ToString()), ct);
        }
#pragma warning disable CA1031 // One deadline's failure must not hold up the others; its row stays and comes again.
        catch (Exception e) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
        {
            log.LogError(e, "Deadline {Name} of {Kind} {Stream} failed and will be tried again", deadline.Deadline.Name, deadline.Kind, deadline.StreamId);
        }
    }
}
