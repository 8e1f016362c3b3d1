using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// Fires what is due. Deadlines are rows written with the append, so a restart forgets none; several instances share
/// the work, since a claimed row is passed over for half a minute. Decisions are idempotent, so a claim that ran out
/// does no harm. Paced: as long as others decide something, they have the service to themselves most of the time.
/// </summary>
public sealed class DeadlineClock(IEventStore store, Runner runner, TimeProvider clock, IdSource ids, ILogger<DeadlineClock> log) : BackgroundService
{
    internal const int Page = 200;

    /// <summary>More at a time would crowd out those who wait for their answer.</summary>
    private const int AtOnce = 32;

    /// <summary>So many times as long as a page took, nothing fires after it.</summary>
    internal const int Rest = 8;

    internal static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPage = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            var (fired, began) = (0, clock.GetTimestamp());
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
            if (fired < Page)
                await Wait(Look, stoppingToken);
            else
                await LetOthersGoOn(clock.GetElapsedTime(began), stoppingToken);
        }
    }

    /// <summary>Fires one page of what is due now and returns how many.</summary>
    public async Task<int> FireDue(CancellationToken ct)
    {
        var due = await store.ClaimDue(clock.GetUtcNow(), Page, ct);
        var streams = due.GroupBy(deadline => deadline.StreamId);
        await Parallel.ForEachAsync(streams, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (stream, stop) =>
        {
            foreach (var deadline in stream.OrderBy(d => d.Deadline.Due))
                await Fire(deadline, stop);
        });
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

    /// <summary>A moment shows whether anybody else decides something; if so, the rest is as long as the page was.</summary>
    private async Task LetOthersGoOn(TimeSpan page, CancellationToken ct)
    {
        page = page < LongestPage ? page : LongestPage;
        var appended = store.NextAppend;
        await Wait(page / Rest, ct);
        if (appended.IsCompleted)
            await Wait(page * Rest, ct);
    }

    private async Task Wait(TimeSpan time, CancellationToken ct) =>
        await Task.Delay(time, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
