using System.Collections.Concurrent;
using System.Threading.Channels;
using FamilyDoctor.Policies;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FamilyDoctor.EventSourcing;

/// <summary>The city this process works for.</summary>
public sealed record City(string Id);

/// <summary>
/// Takes decisions one after the other on cached states and makes many of them durable in one commit.
/// Nobody loses a race he could have won: only when another instance appended meanwhile is a decision taken again,
/// for five seconds at most. A refusal, too, is confirmed against the database before it leaves.
/// </summary>
public sealed class Runner(
    IEventStore store, PolicyBook policies, TimeProvider clock, IdSource ids, City city, ILogger<Runner> log) : BackgroundService
{
    private const int LargestBatch = 512;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Channel<Pending> queue = Channel.CreateBounded<Pending>(8192);
    private readonly StateCache cache = new(capacity: 100_000);
    private readonly Dictionary<(string Kind, string Name), Func<DueDeadline, Envelope, CancellationToken, Task>> deadlines = [];
    private readonly ConcurrentDictionary<Guid, int> openYears = new();
    private readonly ConcurrentDictionary<(Guid Subject, int Year), Lazy<Task<int>>> lookingForYear = new();

    /// <summary>What is decided when a deadline of this state passes. Given once, at start-up.</summary>
    public void OnDeadline<T>(string name, Func<DueDeadline, Envelope, CancellationToken, Task> decide) where T : class, IState<T> =>
        deadlines.Add((StreamKind.Of<T>().Name, name), decide);

    /// <summary>Decides on one stream.</summary>
    public Task<Done> Execute<A>(Guid a, Envelope envelope, Func<A?, Moment, IEnumerable<DomainEvent>> decide, CancellationToken ct)
        where A : class, IState<A> =>
        Submit([(a, StreamKind.Of<A>())], envelope, [new(null, One(decide))], ct);

    /// <summary>Decides on two streams at once; what both decide is appended atomically.</summary>
    public Task<Done> Execute<A, B>(Guid a, Guid b, Envelope envelope,
        Func<A?, B?, Moment, (IEnumerable<DomainEvent> A, IEnumerable<DomainEvent> B)> decide, CancellationToken ct)
        where A : class, IState<A> where B : class, IState<B> =>
        Submit([(a, StreamKind.Of<A>()), (b, StreamKind.Of<B>())], envelope, [new(null, Two(decide))], ct);

    /// <summary>Decides on three streams at once.</summary>
    public Task<Done> Execute<A, B, C>(Guid a, Guid b, Guid c, Envelope envelope,
        Func<A?, B?, C?, Moment, (IEnumerable<DomainEvent> A, IEnumerable<DomainEvent> B, IEnumerable<DomainEvent> C)> decide, CancellationToken ct)
        where A : class, IState<A> where B : class, IState<B> where C : class, IState<C> =>
        Submit([(a, StreamKind.Of<A>()), (b, StreamKind.Of<B>()), (c, StreamKind.Of<C>())], envelope, [new(null, Three(decide))], ct);

    /// <summary>An imported history: several decisions on one stream, each at its own time, appended at once.</summary>
    public Task<Done> History<A>(Guid a, Envelope envelope,
        IEnumerable<(DateTimeOffset At, Func<A?, Moment, IEnumerable<DomainEvent>> Decide)> steps, CancellationToken ct)
        where A : class, IState<A> =>
        Submit([(a, StreamKind.Of<A>())], envelope, [.. steps.Select(s => new Step(s.At, One(s.Decide)))], ct);

    /// <summary>An imported history over two streams.</summary>
    public Task<Done> History<A, B>(Guid a, Guid b, Envelope envelope,
        IEnumerable<(DateTimeOffset At, Func<A?, B?, Moment, (IEnumerable<DomainEvent> A, IEnumerable<DomainEvent> B)> Decide)> steps, CancellationToken ct)
        where A : class, IState<A> where B : class, IState<B> =>
        Submit([(a, StreamKind.Of<A>()), (b, StreamKind.Of<B>())], envelope, [.. steps.Select(s => new Step(s.At, Two(s.Decide)))], ct);

    /// <summary>An imported history over three streams.</summary>
    public Task<Done> History<A, B, C>(Guid a, Guid b, Guid c, Envelope envelope,
        IEnumerable<(DateTimeOffset At, Func<A?, B?, C?, Moment, (IEnumerable<DomainEvent> A, IEnumerable<DomainEvent> B, IEnumerable<DomainEvent> C)> Decide)> steps,
        CancellationToken ct)
        where A : class, IState<A> where B : class, IState<B> where C : class, IState<C> =>
        Submit([(a, StreamKind.Of<A>()), (b, StreamKind.Of<B>()), (c, StreamKind.Of<C>())], envelope,
            [.. steps.Select(s => new Step(s.At, Three(s.Decide)))], ct);

    private delegate IEnumerable<DomainEvent>[] Decision(object?[] states, Moment at);

    /// <summary>One decision of a command and the business time it belongs to; null is now.</summary>
    private sealed record Step(DateTimeOffset? At, Decision Decide);

    private static Decision One<A>(Func<A?, Moment, IEnumerable<DomainEvent>> decide) where A : class =>
        (s, at) => [decide((A?)s[0], at)];

    private static Decision Two<A, B>(Func<A?, B?, Moment, (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)> decide)
        where A : class where B : class => (s, at) =>
        {
            var (a, b) = decide((A?)s[0], (B?)s[1], at);
            return [a, b];
        };

    private static Decision Three<A, B, C>(Func<A?, B?, C?, Moment, (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)> decide)
        where A : class where B : class where C : class => (s, at) =>
        {
            var (a, b, c) = decide((A?)s[0], (B?)s[1], (C?)s[2], at);
            return [a, b, c];
        };

    /// <summary>
    /// Runs a command on the ledger of a subject that is open now: the current year's, opened from the last one's
    /// balance if nobody has done so yet.
    /// </summary>
    public async Task<Done> OnLedger<L>(Guid subject, Envelope envelope, Func<Guid, Task<Done>> command, CancellationToken ct)
        where L : class, ILedger<L>
    {
        var now = envelope.OccurredAt ?? clock.GetUtcNow();
        while (true)
        {
            var ledger = L.StreamOf(subject, await OpenYear<L>(subject, policies.At(now).Today.Year, envelope, ct));
            try
            {
                return await command(ledger);
            }
            catch (LedgerTurned)
            {
                openYears.TryRemove(subject, out _);
            }
        }
    }

    private async Task<int> OpenYear<L>(Guid subject, int year, Envelope envelope, CancellationToken ct) where L : class, ILedger<L>
    {
        if (openYears.TryGetValue(subject, out var open) && open >= year)
            return open;
        // Many commands of one subject ask at once; one looks for all.
        var looking = lookingForYear.GetOrAdd((subject, year), _ => new(() => FindOrOpen<L>(subject, year, envelope)));
        try
        {
            return await looking.Value.WaitAsync(ct);
        }
        finally
        {
            lookingForYear.TryRemove(new((subject, year), looking));
        }
    }

    private async Task<int> FindOrOpen<L>(Guid subject, int year, Envelope envelope) where L : class, ILedger<L>
    {
        // The newest ledger there is: a later one than asked for wins, an earlier one is carried over year by year.
        var years = Enumerable.Range(year - 20, 32).ToList();
        var found = await store.Read([.. years.Select(y => (L.StreamOf(subject, y), 0L))], CancellationToken.None);
        var open = years.LastOrDefault(y => found.ContainsKey(L.StreamOf(subject, y)), year);
        if (!found.ContainsKey(L.StreamOf(subject, open)))
            return year;
        for (; open < year; open++)
        {
            await Execute<L, L>(L.StreamOf(subject, open), L.StreamOf(subject, open + 1), envelope with { ExpectedVersion = null, Idempotency = null },
                (closing, next, _) =>
                {
                    if (next is not null)
                        return ([], []);
                    var (closed, opened) = L.Turn(closing!, open + 1);
                    return ([closed], [opened]);
                }, CancellationToken.None);
        }
        openYears[subject] = open;
        return open;
    }

    /// <summary>Fires one deadline as an ordinary command, at its own due time.</summary>
    public async Task Fire(DueDeadline due, Envelope cause, CancellationToken ct)
    {
        var envelope = new Envelope(Actor.Clock, cause.CorrelationId, cause.CausationId, due.Deadline.Due);
        if (!deadlines.TryGetValue((due.Kind, due.Deadline.Name), out var decide))
            throw new InvalidOperationException($"Nothing decides deadline {due.Deadline.Name} of {due.Kind}.");
        using (Firing.Begin())
            await decide(due, envelope, ct);
    }

    private async Task<Done> Submit(
        (Guid, StreamKind)[] streams, Envelope envelope, IReadOnlyList<Step> steps, CancellationToken ct)
    {
        for (var overdue = 0; ; overdue++)
        {
            var pending = new Pending(streams, envelope, steps, Firing.IsOn, clock.GetTimestamp());
            try
            {
                await queue.Writer.WriteAsync(pending, ct);
            }
            catch (ChannelClosedException stopping)
            {
                throw new Busy(stopping);
            }
            try
            {
                return await pending.Outcome.Task.WaitAsync(ct);
            }
            catch (DeadlineFirst first) when (overdue < 100)
            {
                await Fire(first.Due, envelope, ct);
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
        while (queue.Reader.TryRead(out var left))
            left.Outcome.TrySetException(new Busy());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var again = new List<Pending>();
        while (true)
        {
            var batch = again;
            again = [];
            if (batch.Count == 0 && !await queue.Reader.WaitToReadAsync(stoppingToken))
                return;
            while (batch.Count < LargestBatch && queue.Reader.TryRead(out var next))
                batch.Add(next);
            try
            {
                again = await Handle(batch, stoppingToken);
            }
            catch (Exception e)
            {
                if (!stoppingToken.IsCancellationRequested)
                    log.LogError(e, "A batch of {Count} commands failed", batch.Count);
                foreach (var stream in batch.SelectMany(p => p.Streams))
                    cache.Forget(stream.Id);
                foreach (var pending in batch)
                    pending.Outcome.TrySetException(new Busy(e));
            }
        }
    }

    private async Task<List<Pending>> Handle(List<Pending> batch, CancellationToken ct)
    {
        var answers = await Answered(batch, ct);
        await Refresh(batch, ct);

        var working = new Dictionary<Guid, Working>();
        var given = new Dictionary<string, (Answer Answer, Working By)>();
        var decided = new List<Pending>(batch.Count);
        foreach (var pending in batch)
        {
            if (pending.Envelope.Idempotency is { } key && answers.TryGetValue(key.Key, out var answer))
            {
                if (answer.ContentHash == key.ContentHash)
                    pending.Outcome.TrySetResult(new(answer.Id, answer.Version) { Repeated = true });
                else
                    pending.Outcome.TrySetException(new IdempotencyMismatch());
                continue;
            }
            Decide(pending, working, given);
            decided.Add(pending);
        }

        // Streams that one command touches stand or fall together; so do the commands between them.
        var units = decided.GroupBy(p => working[p.Streams[0].Id].Root()).Select(g => g.ToList()).ToList();
        var lost = await store.Append([.. units.Select(commands => UnitOf(commands, working))], ct);
        var again = new List<Pending>();
        for (var i = 0; i < units.Count; i++)
        {
            if (!lost.TryGetValue(i, out var why))
            {
                foreach (var pending in units[i])
                {
                    foreach (var (id, _) in pending.Streams)
                        cache.Put(id, working[id].State, working[id].Version);
                    pending.Complete();
                }
                continue;
            }
            foreach (var pending in units[i])
            {
                foreach (var (id, _) in pending.Streams)
                    cache.MarkStale(id);
                if (clock.GetElapsedTime(pending.Since) < Patience)
                    again.Add(pending.Anew());
                else
                    pending.Outcome.TrySetException(new Busy());
            }
            if (why == Lost.Held)
                await Task.Delay(TimeSpan.FromMilliseconds(1), ct); // the other writer needs a moment to commit
        }
        return again;
    }

    private async Task<Dictionary<string, Answer>> Answered(List<Pending> batch, CancellationToken ct)
    {
        var keys = batch.Where(p => p.Envelope.Idempotency is not null).Select(p => p.Envelope.Idempotency!.Key).Distinct().ToList();
        return keys.Count == 0 ? [] : new(await store.FindAnswers(keys, ct));
    }

    private async Task Refresh(List<Pending> batch, CancellationToken ct)
    {
        var kinds = new Dictionary<Guid, StreamKind>();
        foreach (var (id, kind) in batch.SelectMany(p => p.Streams))
        {
            if (!cache.IsFresh(id))
                kinds.TryAdd(id, kind);
        }
        if (kinds.Count == 0)
            return;
        var histories = await store.Read([.. kinds.Keys.Select(id => (id, cache.Find(id).Version))], ct);
        foreach (var (id, kind) in kinds)
        {
            var (state, version) = cache.Find(id);
            foreach (var recorded in histories.GetValueOrDefault(id) ?? [])
                (state, version) = (kind.Evolve(state, recorded.Event), recorded.Version);
            cache.Put(id, state, version);
        }
    }

    private void Decide(Pending pending, Dictionary<Guid, Working> working, Dictionary<string, (Answer Answer, Working By)> given)
    {
        var streams = new Working[pending.Streams.Length];
        for (var i = 0; i < streams.Length; i++)
        {
            var (id, kind) = pending.Streams[i];
            if (!working.TryGetValue(id, out var stream))
            {
                var (state, version) = cache.Find(id);
                working.Add(id, stream = new(id, kind, state, version));
            }
            streams[i] = stream;
            stream.Root().JoinTo(streams[0].Root());
        }
        if (pending.Envelope.Idempotency is { } key && given.TryGetValue(key.Key, out var before))
        {
            // Asked twice in one batch: answered alike, but not before the first is durable.
            streams[0].Root().JoinTo(before.By.Root());
            if (before.Answer.ContentHash == key.ContentHash)
                pending.Done = new(before.Answer.Id, before.Answer.Version) { Repeated = true };
            else
                pending.Refusal = new IdempotencyMismatch();
            return;
        }
        try
        {
            var envelope = pending.Envelope;
            if (envelope.ExpectedVersion is { } expected && expected != streams[0].Version)
                throw new StaleVersion(streams[0].Version);

            var outcomes = Array.ConvertAll(streams, s => (s.State, Events: new List<NewEvent>()));
            foreach (var step in pending.Steps)
            {
                var at = policies.At(step.At ?? envelope.OccurredAt ?? clock.GetUtcNow());
                // A later step at a deadline's own time is that deadline's decision, told by the history itself.
                var overdue = step == pending.Steps[0] ? at.Now : at.Now.AddTicks(-1);
                if (!pending.FiresDeadline && FirstDue(streams, outcomes, overdue) is { } due)
                    throw step == pending.Steps[0] ? new DeadlineFirst(due) : new RuleBroken("DEADLINE_PASSED", "A deadline lies between two steps of this history.");
                var lists = step.Decide(Array.ConvertAll(outcomes, o => o.State), at);
                var headers = new Headers(city.Id, at.Now, envelope.Actor, at.PolicyVersion, envelope.Channel);
                for (var i = 0; i < streams.Length; i++)
                {
                    foreach (var @event in lists[i])
                    {
                        outcomes[i].State = streams[i].Kind.Evolve(outcomes[i].State, @event);
                        outcomes[i].Events.Add(new(ids.Next(), @event, envelope.CorrelationId, envelope.CausationId, headers));
                    }
                }
            }
            for (var i = 0; i < streams.Length; i++)
                streams[i].Add(outcomes[i].State, outcomes[i].Events);
            pending.Done = new(streams[0].Id, streams[0].Version);
            if (envelope.Idempotency is { } asked)
            {
                pending.Answer = new(asked.Key, asked.ContentHash, streams[0].Id, streams[0].Version);
                given.Add(asked.Key, (pending.Answer, streams[0]));
            }
        }
#pragma warning disable CA1031 // Whatever a decision throws is its own caller's answer, never the batch's.
        catch (Exception refusal)
#pragma warning restore CA1031
        {
            pending.Refusal = refusal;
        }
    }

    private static DueDeadline? FirstDue(Working[] streams, (object? State, List<NewEvent>)[] outcomes, DateTimeOffset now)
    {
        DueDeadline? first = null;
        for (var i = 0; i < streams.Length; i++)
        {
            foreach (var deadline in streams[i].Kind.Deadlines(outcomes[i].State))
            {
                if (deadline.Due <= now && (first is null || deadline.Due < first.Deadline.Due))
                    first = new(streams[i].Id, streams[i].Kind.Name, deadline);
            }
        }
        return first;
    }

    private static Unit UnitOf(List<Pending> commands, Dictionary<Guid, Working> working) => new(
        [.. commands.SelectMany(p => p.Streams).Select(s => s.Id).Distinct().Select(id => working[id].Change())],
        [.. commands.Where(p => p.Answer is not null).Select(p => p.Answer!)]);

    /// <summary>A command on its way.</summary>
    private sealed class Pending(
        (Guid Id, StreamKind Kind)[] streams, Envelope envelope, IReadOnlyList<Step> steps, bool firesDeadline, long since)
    {
        public (Guid Id, StreamKind Kind)[] Streams => streams;
        public Envelope Envelope => envelope;
        public IReadOnlyList<Step> Steps => steps;
        public bool FiresDeadline => firesDeadline;
        public long Since => since;
        public TaskCompletionSource<Done> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public Done? Done { get; set; }
        public Answer? Answer { get; set; }
        public Exception? Refusal { get; set; }

        public Pending Anew()
        {
            (Done, Answer, Refusal) = (null, null, null);
            return this;
        }

        public void Complete()
        {
            if (Refusal is { } refusal)
                Outcome.TrySetException(refusal);
            else
                Outcome.TrySetResult(Done!);
        }
    }

    /// <summary>A stream while a batch is decided: what it was, what it has become.</summary>
    private sealed class Working(Guid id, StreamKind kind, object? state, long version)
    {
        private readonly object? before = state;
        private readonly long expected = version;
        private readonly List<NewEvent> events = [];
        private Working? joined;

        public Guid Id => id;
        public StreamKind Kind => kind;
        public object? State { get; private set; } = state;
        public long Version => expected + events.Count;

        public Working Root() => joined is null ? this : joined = joined.Root();

        public void JoinTo(Working other)
        {
            if (other != this)
                joined = other;
        }

        public void Add(object? next, List<NewEvent> more)
        {
            State = next;
            events.AddRange(more);
        }

        public StreamChange Change()
        {
            if (events.Count == 0)
                return new(id, kind, expected, events, [], [], []);
            var (was, now) = (kind.Deadlines(before).ToList(), kind.Deadlines(State).ToList());
            return new(id, kind, expected, events,
                [.. now.Except(was)],
                [.. was.Select(d => d.Name).Except(now.Select(d => d.Name))],
                [.. kind.Aliases(State).Except(kind.Aliases(before))]);
        }
    }

    /// <summary>The states of hot streams. Only the runner's loop touches it, so it needs no lock.</summary>
    private sealed class StateCache(int capacity)
    {
        private Dictionary<Guid, (object? State, long Version, bool Stale)> young = [], old = [];

        public bool IsFresh(Guid id) => TryGet(id, out var entry) && !entry.Stale;

        public (object? State, long Version) Find(Guid id) => TryGet(id, out var entry) ? (entry.State, entry.Version) : (null, 0);

        public void Put(Guid id, object? state, long version)
        {
            if (young.Count >= capacity)
                (old, young) = (young, []); // what was not touched since the last turn is dropped
            young[id] = (state, version, false);
        }

        public void MarkStale(Guid id)
        {
            if (TryGet(id, out var entry))
                young[id] = entry with { Stale = true };
        }

        public void Forget(Guid id)
        {
            young.Remove(id);
            old.Remove(id);
        }

        private bool TryGet(Guid id, out (object? State, long Version, bool Stale) entry) =>
            young.TryGetValue(id, out entry) || old.TryGetValue(id, out entry);
    }

    /// <summary>Marks the flow of a deadline's own command, which must not wait for that deadline.</summary>
    private static class Firing
    {
        private static readonly AsyncLocal<bool> On = new();

        public static bool IsOn => On.Value;

        public static IDisposable Begin()
        {
            var before = On.Value;
            On.Value = true;
            return new End(before);
        }

        private sealed class End(bool before) : IDisposable
        {
            public void Dispose() => On.Value = before;
        }
    }

    private sealed class DeadlineFirst(DueDeadline due) : Exception
    {
        public DueDeadline Due => due;
    }
}

/// <summary>This ledger's year is closed; the command runs again on the open one.</summary>
public sealed class LedgerTurned() : Exception("This ledger is closed.");
