using System.Collections.Concurrent;
using FamilyDoctor.CitySimulator.Founding;

namespace FamilyDoctor.CitySimulator.Living;

/// <summary>Lives the city's days: each step at its time on the city's clock, a few at a time, never twice with another outcome.</summary>
public sealed class LiveDays(Plan plan, Services services, TimeProvider clock, ILogger<LiveDays> log)
{
    private const int AtOnce = 4, MostWaiting = 400;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Late = TimeSpan.FromHours(2), ForOthers = TimeSpan.FromMinutes(20);

    private readonly PriorityQueue<Step, (DateTimeOffset, long)> ahead = new();
    private readonly Dictionary<string, SemaphoreSlim> doors = new()
    {
        ["teams"] = new(AtOnce),
        ["contracts"] = new(AtOnce),
        ["referrals"] = new(AtOnce),
        ["beds"] = new(AtOnce),
    };
    private readonly Dictionary<string, Task> cases = [];
    private readonly ConcurrentDictionary<string, bool> ended = new();
    private readonly ConcurrentDictionary<string, int> done = new(), refused = new();
    private long number;

    public async Task Run(CancellationToken ct)
    {
        var days = new LivePlan(plan);
        var started = clock.GetUtcNow();
        Enqueue(days.UnderWay(), started);
        var told = clock.GetTimestamp();
        while (!ct.IsCancellationRequested)
        {
            var now = clock.GetUtcNow();
            while (days.Next <= plan.Days.DateOf(now).AddDays(1))
                Enqueue(days.Continue(), started);
            while (ahead.TryPeek(out var step, out _) && step.At <= now && cases.Count < MostWaiting)
                Begin(ahead.Dequeue(), ct);
            foreach (var (name, _) in cases.Where(c => c.Value.IsCompleted).ToList())
                cases.Remove(name);
            if (clock.GetElapsedTime(told) > TimeSpan.FromMinutes(1))
            {
                told = clock.GetTimestamp();
                Tell(now);
            }
            await Task.Delay(Tick, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await Task.WhenAll(cases.Values);
    }

    /// <summary>What should have been done while nobody was there is made up for in the clinics' next hours, if it still makes sense.</summary>
    private void Enqueue(IEnumerable<Step> steps, DateTimeOffset started)
    {
        var opens = plan.Days.NextOpening(started);
        foreach (var step in steps)
        {
            if (step.At >= started - Late)
                ahead.Enqueue(step, (step.At, number++));
            else if ((step.IsForOthers ? opens : opens + ForOthers) is var at && at <= step.Until)
                ahead.Enqueue(step with { At = at }, (at, number++));
        }
    }

    private void Begin(Step step, CancellationToken ct)
    {
        var before = cases.GetValueOrDefault(step.Case) ?? Task.CompletedTask;
        cases[step.Case] = Take(step, before, ct);
    }

    private async Task Take(Step step, Task before, CancellationToken ct)
    {
        await before;
        if (ended.ContainsKey(step.Case))
            return;
        var door = doors[step.Service];
        try
        {
            // Finding it may take a while, so nobody else waits for that.
            var path = step.FindPath is { } find ? await find(services, ct) : step.Path;
            if (path is null)
            {
                End(step, "NOTHING_TO_DO");
                return;
            }
            await door.WaitAsync(ct);
            try
            {
                if (await services.Command(step.Service, step.Method, path, step.BodyAt?.Invoke(clock.GetUtcNow()) ?? step.Body, plan.Choice.Id("step", $"{step.Case} {path}"), ct) is { } code)
                    End(step, code);
                else
                    done.AddOrUpdate(step.What, 1, (_, n) => n + 1);
            }
            finally
            {
                door.Release();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The simulation stops; after a restart this step is taken again.
        }
#pragma warning disable CA1031 // One step that fails must not end the city's life.
        catch (Exception e)
#pragma warning restore CA1031
        {
            End(step, "FAILED");
            log.LogError(e, "{What} ({Path}) failed", step.What, step.Path);
        }
    }

    private void End(Step step, string code)
    {
        ended[step.Case] = true;
        refused.AddOrUpdate($"{step.What} {code}", 1, (_, n) => n + 1);
    }

    private void Tell(DateTimeOffset now) => log.LogInformation("City time {Now:yyyy-MM-dd HH:mm}: {Done}; refused: {Refused}; ahead: {Ahead}",
        TimeZoneInfo.ConvertTime(now, plan.City.Zone), Counts(done), Counts(refused), ahead.Count);

    private static string Counts(IReadOnlyDictionary<string, int> counts) =>
        counts.Count == 0 ? "none" : string.Join(", ", counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Value} {c.Key}"));
}
