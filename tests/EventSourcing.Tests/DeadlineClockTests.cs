using System.Globalization;
using FamilyDoctor.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace FamilyDoctor.EventSourcing.Tests;

/// <summary>Many deadlines at once are worked off page by page, and others' commands go on between the pages. Time is moved by hand.</summary>
public sealed class DeadlineClockTests
{
    private static readonly TimeSpan OfOneDeadline = TimeSpan.FromMilliseconds(1), OfAPage = OfOneDeadline * DeadlineClock.Page;
    private readonly ClockByHand clock = new();
    private readonly InMemoryEventStore store;
    private int fired;

    public DeadlineClockTests() => store = new(clock);

    [Fact]
    public async Task When_others_decide_too_they_have_the_service_to_themselves_for_several_times_as_long_as_a_page_took()
    {
        await using var running = await Start(pages: 3);
        await Waits(OfAPage / DeadlineClock.Rest, fired: DeadlineClock.Page);
        await running.OthersDecide();
        clock.Pass(OfAPage / DeadlineClock.Rest);
        await Waits(OfAPage * DeadlineClock.Rest, fired: DeadlineClock.Page);
        await running.OthersDecide();
        clock.Pass(OfAPage * DeadlineClock.Rest);
        await Waits(OfAPage / DeadlineClock.Rest, fired: 2 * DeadlineClock.Page);
    }

    [Fact]
    public async Task When_nobody_else_decides_anything_the_next_page_comes_soon()
    {
        await using var running = await Start(pages: 3);
        await Waits(OfAPage / DeadlineClock.Rest, fired: DeadlineClock.Page);
        clock.Pass(OfAPage / DeadlineClock.Rest);
        await Waits(OfAPage / DeadlineClock.Rest, fired: 2 * DeadlineClock.Page);
    }

    [Fact]
    public async Task Every_deadline_fires_once_and_when_none_is_left_the_clock_looks_again_later()
    {
        await using var running = await Start(pages: 2);
        await Waits(OfAPage / DeadlineClock.Rest, fired: DeadlineClock.Page);
        clock.Pass(OfAPage / DeadlineClock.Rest);
        await Waits(OfAPage / DeadlineClock.Rest, fired: 2 * DeadlineClock.Page);
        clock.Pass(OfAPage / DeadlineClock.Rest);
        await Waits(DeadlineClock.Look, fired: 2 * DeadlineClock.Page);
        foreach (var fridge in running.Fridges)
            Assert.Single(await store.Read(fridge, default), e => e.Event is VialsReservationLapsed);
    }

    private async Task<Running> Start(int pages)
    {
        var runner = new Runner(store, new(TimeZoneInfo.Utc), clock, new(clock), new("330200"), NullLogger<Runner>.Instance);
        runner.OnDeadline<Fridge>("lapse", async (due, by, ct) =>
        {
            clock.Takes(OfOneDeadline);
            await runner.Execute<Fridge>(due.StreamId, by, (f, _) => f!.Until is null ? [] : [new VialsReservationLapsed()], ct);
            Interlocked.Increment(ref fired);
        });
        await runner.StartAsync(default);
        var fridges = Enumerable.Range(0, pages * DeadlineClock.Page).Select(_ => Guid.CreateVersion7()).ToList();
        await Task.WhenAll(fridges.Select(f => runner.Execute<Fridge>(f, Workshop.By,
            (_, at) => [new VialsStored(1), new VialsReserved(1, at.Now.AddMinutes(15))], default)));
        clock.Takes(TimeSpan.FromDays(1));
        var deadlines = new DeadlineClock(store, runner, clock, new(clock), NullLogger<DeadlineClock>.Instance);
        await deadlines.StartAsync(default);
        return new(runner, deadlines, fridges);
    }

    /// <summary>So many have fired, and the next look is so far away.</summary>
    private Task Waits(TimeSpan rest, int fired) =>
        Talking.Eventually<string>(() => Task.FromResult<string?>($"{this.fired} fired, waits {clock.Waits}"), seen => seen == $"{fired} fired, waits {rest}");

    private sealed record Running(Runner Runner, DeadlineClock Deadlines, List<Guid> Fridges) : IAsyncDisposable
    {
        public Task OthersDecide() => Runner.Execute<Fridge>(Guid.CreateVersion7(), Workshop.By, (f, _) => Fridge.Store(f, 1), default);

        public async ValueTask DisposeAsync()
        {
            await Deadlines.StopAsync(default);
            await Runner.StopAsync(default);
        }
    }

    /// <summary>Nothing passes by itself: neither the time nor what somebody waits for.</summary>
    private sealed class ClockByHand : TimeProvider
    {
        private readonly Lock moving = new();
        private readonly List<Timer> timers = [];
        private DateTimeOffset now = DateTimeOffset.Parse("2024-03-01T01:00:00Z", CultureInfo.InvariantCulture);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        /// <summary>How long somebody waits still; null when nobody does.</summary>
        public TimeSpan? Waits
        {
            get
            {
                lock (moving)
                    return timers.Count == 0 ? null : timers.Min(t => t.Due) - now;
            }
        }

        public override DateTimeOffset GetUtcNow()
        {
            lock (moving)
                return now;
        }

        public override long GetTimestamp() => GetUtcNow().UtcTicks;

        /// <summary>Somebody works so long.</summary>
        public void Takes(TimeSpan time)
        {
            lock (moving)
                now += time;
        }

        /// <summary>So much time passes, and whoever waited for it goes on.</summary>
        public void Pass(TimeSpan time)
        {
            List<Timer> due;
            lock (moving)
            {
                now += time;
                due = [.. timers.Where(t => t.Due <= now)];
                timers.RemoveAll(due.Contains);
            }
            due.ForEach(t => t.Ring());
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = new Timer(this, callback, state);
            timer.Change(dueTime, period);
            return timer;
        }

        private sealed class Timer(ClockByHand clock, TimerCallback callback, object? state) : ITimer
        {
            public DateTimeOffset Due { get; private set; }

            public void Ring() => callback(state);

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                lock (clock.moving)
                {
                    clock.timers.Remove(this);
                    Due = dueTime < TimeSpan.Zero ? DateTimeOffset.MaxValue : clock.now + dueTime;
                    if (dueTime >= TimeSpan.Zero)
                        clock.timers.Add(this);
                }
                return true;
            }

            public void Dispose()
            {
                lock (clock.moving)
                    clock.timers.Remove(this);
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
