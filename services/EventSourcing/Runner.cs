using System.Collections.Concurrent;
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
    private readonly DecisionLoop loop = new(store, policies, clock, ids, city, log);
    private readonly Dictionary<(string Kind, string Name), Func<DueDeadline, Envelope, CancellationToken, Task>> deadlines = [];
    private readonly Dictionary<string, StreamKind> kinds = [];
    private readonly ConcurrentDictionary<Guid, int> openYears = new();
    private readonly ConcurrentDictionary<(Guid Subject, int Year), Lazy<Task<int>>> lookingForYear = new();

    /// <summary>What is decided when a deadline of this state passes. Given once, at start-up.</summary>
    public void OnDeadline<T>(string name, Func<DueDeadline, Envelope, CancellationToken, Task> decide) where T : class, IState<T>
    {
        deadlines.Add((StreamKind.Of<T>().Name, name), decide);
        kinds[StreamKind.Of<T>().Name] = StreamKind.Of<T>();
    }

    /// <summary>The state of which deadlines are decided here, by its stored name.</summary>
    internal StreamKind? KindWithDeadlines(string name) => kinds.GetValueOrDefault(name);

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

    /// <summary>
    /// A state as it was just now, to find out what to decide on, not to decide by: it may not be durable yet, and what
    /// another instance wrote may be missing. Costs no round trip where the stream is known.
    /// </summary>
    public async Task<A?> Look<A>(Guid a, CancellationToken ct) where A : class, IState<A> => (A?)await loop.Look(a, StreamKind.Of<A>(), ct);

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
        var found = await store.Read([.. years.Select(y => (L.StreamOf(subject, y), 0L))], CancellationToken.None, withHeaders: false);
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

    /// <summary>Fires one deadline as an ordinary command, at its own due time; what comes of it is caused by the deadline.</summary>
    public async Task Fire(DueDeadline due, Envelope cause, CancellationToken ct)
    {
        var envelope = new Envelope(Actor.Clock, cause.CorrelationId, Because.Deadline(due), due.Deadline.Due);
        if (!deadlines.TryGetValue((due.Kind, due.Deadline.Name), out var decide))
            throw new InvalidOperationException($"Nothing decides deadline {due.Deadline.Name} of {due.Kind}.");
        using (Firing.Begin(due))
            await decide(due, envelope, ct);
    }

    private async Task<Done> Submit(
        (Guid, StreamKind)[] streams, Envelope envelope, IReadOnlyList<Step> steps, CancellationToken ct)
    {
        for (var overdue = 0; ; overdue++)
        {
            try
            {
                return await loop.Submit(new(streams, envelope, steps, Firing.Now, clock.GetTimestamp()), ct);
            }
            catch (DeadlineFirst first) when (overdue < 100)
            {
                await Fire(first.Due, envelope, ct);
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        loop.Close();
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await loop.Run();
    }
}

/// <summary>This ledger's year is closed; the command runs again on the open one.</summary>
public sealed class LedgerTurned() : Exception("This ledger is closed.");
