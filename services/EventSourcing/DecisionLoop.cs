using System.Threading.Channels;
using FamilyDoctor.Policies;
using Microsoft.Extensions.Logging;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// Decides whatever has arrived, one command after the other, on states that it keeps, and sends what was decided in one
/// commit. While one batch is on its way to the database the next is decided already, on what the first will have made
/// true; if the first loses a stream to another instance, the next is simply decided again.
/// </summary>
internal sealed class DecisionLoop(IEventStore store, PolicyBook policies, TimeProvider clock, IdSource ids, City city, ILogger log)
{
    private const int LargestBatch = 512;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(2);

    private readonly Channel<Command> queue = Channel.CreateBounded<Command>(new BoundedChannelOptions(8192) { SingleReader = true });
    private readonly StateCache cache = new(capacity: 100_000);
    private readonly Queue<Command> again = new();
    private readonly Queue<(Command Command, Task Pause)> held = new();
    private Batch next = new();
    private Flight? flight;
    private Task<bool>? arrival;

    /// <summary>Waits while too much is under way already.</summary>
    public async Task<Done> Submit(Command command, CancellationToken ct)
    {
        try
        {
            await queue.Writer.WriteAsync(command, ct);
        }
        catch (ChannelClosedException stopping)
        {
            throw new Busy(stopping);
        }
        return await command.Outcome.WaitAsync(ct);
    }

    /// <summary>A state as this loop knows it: what is on its way counts as written, what another instance wrote may be missing.</summary>
    public async Task<object?> Look(Guid id, StreamKind kind, CancellationToken ct) =>
        (await Submit(Command.Look(id, kind, clock.GetTimestamp()), ct)).Seen;

    /// <summary>Takes nothing new in; what is under way is finished.</summary>
    public void Close() => queue.Writer.TryComplete();

    public async Task Run()
    {
        while (true)
        {
            if (flight is { Landing.IsCompleted: true })
                await Land();
            await DecideArrived();
            if (flight is null && next.Commands.Count > 0)
                TakeOff();
            else if (flight is null)
            {
                if (held.Count > 0)
                    await Task.WhenAny(held.Peek().Pause, Arrival());
                else if (!await Arrival())
                    return;
            }
            else if (next.Commands.Count >= LargestBatch || queue.Reader.Completion.IsCompleted)
                await Task.WhenAny(flight.Landing);
            else
            {
                await (held.Count > 0 ? Task.WhenAny(flight.Landing, Arrival(), held.Peek().Pause) : Task.WhenAny(flight.Landing, Arrival()));
                await Task.Yield(); // who is about to ask asks first, so that one look finds them all
            }
        }
    }

    private Task<bool> Arrival() =>
        arrival is { IsCompleted: false } ? arrival : arrival = queue.Reader.WaitToReadAsync().AsTask();

    private async Task DecideArrived()
    {
        // Who came first goes first: those that another writer held up, those to decide again, then the others.
        var (arrived, room) = (new List<Command>(), LargestBatch - next.Commands.Count);
        while (arrived.Count < room && held.TryPeek(out var first) && first.Pause.IsCompleted)
            arrived.Add(held.Dequeue().Command);
        while (arrived.Count < room && again.TryDequeue(out var lost))
            arrived.Add(lost);
        while (arrived.Count < room && queue.Reader.TryRead(out var command))
            arrived.Add(command);
        if (arrived.Count == 0)
            return;
        try
        {
            await Load(arrived);
            foreach (var command in arrived)
                Decide(command);
        }
        catch (Exception e)
        {
            log.LogError(e, "{Count} commands could not be decided", arrived.Count);
            Fail(arrived.Concat(next.Commands), e);
            next = new();
        }
    }

    /// <summary>Reads what is missing of the streams that these commands touch, all in one round trip.</summary>
    private async Task Load(List<Command> commands)
    {
        Dictionary<Guid, StreamKind[]>? missing = null;
        foreach (var command in commands)
        {
            foreach (var (id, kind) in command.Streams)
            {
                if (cache.IsFresh(id))
                    continue;
                if (!cache.Knows(id) && IsYoung(id))
                    cache.Put(id, null, 0); // an id made this very moment has no stream yet; if it has, the append will tell
                else if (!(missing ??= []).TryGetValue(id, out var kinds))
                    missing.Add(id, [kind]);
                else if (!kinds.Contains(kind))
                    missing[id] = [.. kinds, kind];
            }
        }
        if (missing is null)
            return;
        var histories = await store.Read([.. missing.Keys.Select(id => (id, cache.Find(id).Version))], CancellationToken.None, withHeaders: false);
        foreach (var (id, kinds) in missing)
            Fold(id, kinds, histories.GetValueOrDefault(id) ?? []);
    }

    /// <summary>A stream is of one kind: to whoever asks for another, its id is nobody's.</summary>
    private void Fold(Guid id, IEnumerable<StreamKind> kinds, IReadOnlyList<Recorded> history)
    {
        var (known, from) = cache.Find(id);
        foreach (var kind in kinds.Where(k => k.Folds(known)))
        {
            var (state, version) = (known, from);
            try
            {
                foreach (var recorded in history)
                    (state, version) = (kind.Evolve(state, recorded.Event), recorded.Version);
                cache.Put(id, state, version);
                return;
            }
            catch (InvalidOperationException) when (version == 0)
            {
                // It does not even begin like one of these.
            }
            catch (Exception e) when (e is NewerRelease or InvalidOperationException)
            {
                cache.PutUnreadable(id, e);
                return;
            }
        }
        if (known is null)
            cache.PutUnreadable(id, new UnknownId());
    }

    private bool IsYoung(Guid id)
    {
        if (id.Version != 7)
            return false;
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var made = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
        return Math.Abs(clock.GetUtcNow().ToUnixTimeMilliseconds() - made) < Young.TotalMilliseconds;
    }

    private void Decide(Command command)
    {
        if (command.OnlyLooks)
        {
            Look(command);
            return;
        }
        var streams = new Working[command.Streams.Length];
        for (var i = 0; i < streams.Length; i++)
        {
            var (id, kind) = command.Streams[i];
            if (!next.Streams.TryGetValue(id, out var stream))
            {
                if (IsUnreadable(id, command))
                    return;
                var (state, version) = cache.Find(id);
                stream = new(id, kind, state, version);
                if (stream.IsOf(kind))
                    next.Streams.Add(id, stream);
            }
            if (!stream.IsOf(kind))
            {
                command.Fail(new UnknownId());
                return;
            }
            streams[i] = stream;
            stream.Root().JoinTo(streams[0].Root());
        }
        next.Commands.Add(command);
        if (command.Envelope.Idempotency is { } key && next.Answers.TryGetValue(key.Key, out var before))
        {
            // Asked twice in one batch: answered alike, but not before the first is durable.
            streams[0].Root().JoinTo(before.By.Root());
            command.Answers(before.Answer, key);
            return;
        }
        try
        {
            Decide(command, streams);
        }
#pragma warning disable CA1031 // Whatever a decision throws is its own caller's answer, never the batch's.
        catch (Exception refusal)
#pragma warning restore CA1031
        {
            command.Refusal = refusal;
        }
    }

    private void Look(Command command)
    {
        var (id, kind) = command.Streams[0];
        if (!next.Streams.TryGetValue(id, out var stream) && IsUnreadable(id, command))
            return;
        var (state, version) = stream is null ? cache.Find(id) : (stream.State, stream.Version);
        (state, version) = kind.Folds(state) ? (state, version) : (null, 0);
        command.See(state, version);
    }

    private bool IsUnreadable(Guid id, Command command)
    {
        if (cache.WhyUnreadable(id) is not { } reason)
            return false;
        cache.Forget(id);
        if (reason is UnknownId)
        {
            if (command.OnlyLooks)
                command.See(null, 0);
            else
                command.Fail(reason);
            return true;
        }
        log.LogError(reason, "Stream {Stream} cannot be decided upon", id);
        command.Fail(new Busy(reason));
        return true;
    }

    private void Decide(Command command, Working[] streams)
    {
        var envelope = command.Envelope;
        foreach (var reached in envelope.Reached ?? [])
        {
            if (streams.FirstOrDefault(s => s.Id == reached.Stream) is { } row && !reached.StillReaches(row.State))
                throw new UnknownId(); // it went to somebody else meanwhile
        }
        if (envelope.ExpectedVersion is { } expected && expected != streams[0].Version)
            throw new StaleVersion(streams[0].Version);

        var outcomes = new (object? State, List<NewEvent> Events)[streams.Length];
        for (var i = 0; i < streams.Length; i++)
            outcomes[i] = (streams[i].State, []);
        var states = new object?[streams.Length];
        foreach (var step in command.Steps)
        {
            var at = policies.At(step.At ?? envelope.OccurredAt ?? clock.GetUtcNow());
            // A later step at a deadline's own time is that deadline's decision, told by the history itself.
            var isFirst = step == command.Steps[0];
            if (FirstDue(streams, outcomes, isFirst ? at.Now : at.Now.AddTicks(-1)) is { } due && command.Firing?.Is(due) is not true)
                throw isFirst ? new DeadlineFirst(due) : new RuleBroken("DEADLINE_PASSED", "A deadline lies between two steps of this history.");
            for (var i = 0; i < streams.Length; i++)
                states[i] = outcomes[i].State;
            var lists = step.Decide(states, at);
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
        command.Done = new(streams[0].Id, streams[0].Version);
        if (envelope.Idempotency is { } asked)
        {
            command.Answer = new(asked.Key, asked.ContentHash, streams[0].Id, streams[0].Version);
            next.Answers.Add(asked.Key, (command.Answer, streams[0]));
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

    /// <summary>Sends what was decided; from here on the next batch builds on it as if it were written.</summary>
    private void TakeOff()
    {
        var batch = next;
        next = new();
        // Streams that one command touches stand or fall together; so do the commands between them.
        var units = new List<List<Command>>();
        foreach (var command in batch.Commands)
        {
            var root = batch.Streams[command.Streams[0].Id].Root();
            if (root.Unit < 0)
            {
                root.Unit = units.Count;
                units.Add([]);
            }
            units[root.Unit].Add(command);
        }
        foreach (var stream in batch.Streams.Values)
            cache.Put(stream.Id, stream.State, stream.Version);
        flight = new(Send(batch, units), batch, units);
    }

    private async Task<IReadOnlyDictionary<int, Lost>> Send(Batch batch, List<List<Command>> units)
    {
        var changes = new List<StreamChange>[units.Count];
        foreach (var stream in batch.Streams.Values)
        {
            // A command that was not decided after all leaves its streams behind.
            if (stream.Root().Unit is >= 0 and var unit)
                (changes[unit] ??= []).Add(stream.Change());
        }
        var sent = new Unit[units.Count];
        for (var i = 0; i < sent.Length; i++)
            sent[i] = new(changes[i], Answers(units[i])) { Keys = Keys(units[i]) };
        return await store.Append(sent, CancellationToken.None);

        static IReadOnlyList<Answer> Answers(List<Command> commands)
        {
            List<Answer>? answers = null;
            foreach (var command in commands)
            {
                if (command.Answer is { } answer)
                    (answers ??= []).Add(answer);
            }
            return (IReadOnlyList<Answer>?)answers ?? [];
        }

        static IReadOnlyList<string> Keys(List<Command> commands)
        {
            HashSet<string>? keys = null;
            foreach (var command in commands)
            {
                if (command.Envelope.Idempotency is { } key)
                    (keys ??= []).Add(key.Key);
            }
            return keys is null ? [] : [.. keys];
        }
    }

    private async Task Land()
    {
        var landed = flight!;
        flight = null;
        IReadOnlyDictionary<int, Lost> lost;
        IReadOnlyDictionary<string, Answer> answers;
        try
        {
            lost = await landed.Landing;
            answers = lost.Values.Contains(Lost.Answered)
                ? await store.FindAnswers([.. lost.Where(l => l.Value is Lost.Answered)
                    .SelectMany(l => landed.Units[l.Key]).Select(c => c.Envelope.Idempotency?.Key).OfType<string>().Distinct()], CancellationToken.None)
                : new Dictionary<string, Answer>();
        }
        catch (Exception e)
        {
            log.LogError(e, "A batch of {Count} commands failed", landed.Batch.Commands.Count);
            Fail(landed.Batch.Commands.Concat(next.Commands), e);
            next = new();
            return;
        }
        for (var i = 0; i < landed.Units.Count; i++)
        {
            if (!lost.TryGetValue(i, out var why))
            {
                foreach (var command in landed.Units[i])
                    command.Complete();
                continue;
            }
            foreach (var command in landed.Units[i])
            {
                foreach (var (id, _) in command.Streams)
                    cache.PutStale(id, landed.Batch.Streams[id].Before, landed.Batch.Streams[id].ExpectedVersion);
                if (command.Envelope.Idempotency is { } key && answers.TryGetValue(key.Key, out var answer))
                {
                    command.Answers(answer, key);
                    command.Complete();
                }
                else if (clock.GetElapsedTime(command.Since) >= Patience)
                    command.Fail(new Busy());
                else if (why is Lost.Held)
                    held.Enqueue((command.Anew(), Task.Delay(Moment()))); // the other writer needs a moment to commit
                else
                    again.Enqueue(command.Anew());
            }
        }
        if (lost.Count > 0)
        {
            next.Commands.ForEach(c => again.Enqueue(c.Anew()));
            next = new();
        }
    }

    /// <summary>One to three milliseconds, so that two instances do not meet again and again.</summary>
    private TimeSpan Moment() => TimeSpan.FromMilliseconds(1 + (uint)ids.Next().GetHashCode() % 2000 / 1000.0);

    private void Fail(IEnumerable<Command> commands, Exception cause)
    {
        foreach (var command in commands)
        {
            foreach (var (id, _) in command.Streams)
                cache.Forget(id);
            command.Fail(new Busy(cause));
        }
    }

    /// <summary>What has been decided since the last batch took off.</summary>
    private sealed class Batch
    {
        public List<Command> Commands { get; } = [];
        public Dictionary<Guid, Working> Streams { get; } = [];
        public Dictionary<string, (Answer Answer, Working By)> Answers { get; } = [];
    }

    private sealed record Flight(Task<IReadOnlyDictionary<int, Lost>> Landing, Batch Batch, List<List<Command>> Units);

    /// <summary>A stream while a batch is decided: what it was, what it has become.</summary>
    private sealed class Working(Guid id, StreamKind kind, object? state, long version)
    {
        private List<NewEvent> events = [];
        private Working? joined;

        public Guid Id => id;
        public StreamKind Kind { get; private set; } = kind;
        public object? Before { get; } = state;
        public long ExpectedVersion => version;
        public object? State { get; private set; } = state;
        public long Version => version + events.Count;

        /// <summary>Whether it is of this kind, or of none yet.</summary>
        public bool IsOf(StreamKind wanted)
        {
            if (State is null)
                Kind = wanted;
            return wanted.Folds(State);
        }

        /// <summary>Which unit of the batch this stream and all that are joined to it belong to; kept at the root.</summary>
        public int Unit { get; set; } = -1;

        public Working Root() => joined is null ? this : joined = joined.Root();

        public void JoinTo(Working other)
        {
            if (other != this)
                joined = other;
        }

        public void Add(object? next, List<NewEvent> more)
        {
            State = next;
            if (events.Count == 0)
                events = more;
            else
                events.AddRange(more);
        }

        public StreamChange Change()
        {
            if (events.Count == 0)
                return new(id, Kind, version, [], [], [], []);
            var (was, now) = (Kind.Deadlines(Before).ToList(), Kind.Deadlines(State).ToList());
            var (knew, knows) = (Kind.Aliases(Before).ToList(), Kind.Aliases(State).ToList());
            return new(id, Kind, version, events,
                now.Count == 0 ? [] : [.. now.Except(was)],
                was.Count == 0 ? [] : [.. was.Select(d => d.Name).Except(now.Select(d => d.Name))],
                knows.Count == 0 ? [] : [.. knows.Except(knew)]);
        }
    }
}

/// <summary>A command on its way.</summary>
internal sealed class Command(
    (Guid Id, StreamKind Kind)[] streams, Envelope envelope, IReadOnlyList<Step> steps, Firing? firing, long since)
{
    private readonly TaskCompletionSource<Done> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public (Guid Id, StreamKind Kind)[] Streams => streams;
    public Envelope Envelope => envelope;
    public IReadOnlyList<Step> Steps => steps;
    public Firing? Firing => firing;
    public long Since => since;
    public Task<Done> Outcome => outcome.Task;
    public Done? Done { get; set; }
    public Answer? Answer { get; set; }
    public Exception? Refusal { get; set; }

    /// <summary>Nothing to decide: only asks for a stream's state.</summary>
    public static Command Look(Guid id, StreamKind kind, long since) => new([(id, kind)], new(Actor.Clock, ""), [], null, since);

    public bool OnlyLooks => steps.Count == 0;

    public void See(object? state, long version) => outcome.TrySetResult(new(streams[0].Id, version) { Seen = state });

    /// <summary>Forgets what was decided, to be decided again.</summary>
    public Command Anew()
    {
        (Done, Answer, Refusal) = (null, null, null);
        return this;
    }

    /// <summary>The key was used before: the same content gets the same answer.</summary>
    public void Answers(Answer before, IdempotencyKey key)
    {
        if (before.ContentHash == key.ContentHash)
            (Done, Refusal) = (new(before.Id, before.Version) { Repeated = true }, null); // the first time counts, not today's refusal
        else
            Refusal = new IdempotencyMismatch();
    }

    public void Complete()
    {
        if (Refusal is { } refusal)
            outcome.TrySetException(refusal);
        else
            outcome.TrySetResult(Done!);
    }

    public void Fail(Exception cause) => outcome.TrySetException(cause);
}

internal delegate IEnumerable<DomainEvent>[] Decision(object?[] states, Moment at);

/// <summary>One decision of a command and the business time it belongs to; null is now.</summary>
internal sealed record Step(DateTimeOffset? At, Decision Decide);

/// <summary>This deadline of a stream has passed and must be decided before the command.</summary>
internal sealed class DeadlineFirst(DueDeadline due) : Exception
{
    public DueDeadline Due => due;
}

/// <summary>
/// The deadline whose own decision this flow is, within the one that waits for it: a deadline waits for those before it
/// on its streams, like any command, but never for itself.
/// </summary>
internal sealed record Firing(DueDeadline Due, Firing? Within)
{
    private static readonly AsyncLocal<Firing?> Flow = new();

    public static Firing? Now => Flow.Value;

    public bool Is(DueDeadline due) =>
        (Due.StreamId == due.StreamId && Due.Deadline.Name == due.Deadline.Name) || Within?.Is(due) is true;

    public static IDisposable Begin(DueDeadline due)
    {
        var before = Flow.Value;
        Flow.Value = new(due, before);
        return new End(before);
    }

    private sealed class End(Firing? before) : IDisposable
    {
        public void Dispose() => Flow.Value = before;
    }
}

/// <summary>The states of hot streams. Only the decision loop touches it, so it needs no lock.</summary>
internal sealed class StateCache(int capacity)
{
    private readonly record struct Entry(object? State, long Version, bool Stale);

    private sealed record Unreadable(Exception Reason);

    private Dictionary<Guid, Entry> young = [], old = [];

    public bool IsFresh(Guid id) => TryGet(id, out var entry) && !entry.Stale;

    public bool Knows(Guid id) => TryGet(id, out _);

    public (object? State, long Version) Find(Guid id) => TryGet(id, out var entry) ? (entry.State, entry.Version) : (null, 0);

    public void Put(Guid id, object? state, long version)
    {
        if (young.Count >= capacity)
            (old, young) = (young, []); // what was not touched since the last turn is dropped
        young[id] = new(state, version, false);
    }

    /// <summary>This stream's events cannot be folded; whoever decides on it hears why.</summary>
    public void PutUnreadable(Guid id, Exception reason) => Put(id, new Unreadable(reason), 0);

    public Exception? WhyUnreadable(Guid id) => (Find(id).State as Unreadable)?.Reason;

    /// <summary>What was known for certain before another instance wrote: only what came after it must be read.</summary>
    public void PutStale(Guid id, object? state, long version)
    {
        Put(id, state, version);
        young[id] = young[id] with { Stale = true };
    }

    public void Forget(Guid id)
    {
        young.Remove(id);
        old.Remove(id);
    }

    private bool TryGet(Guid id, out Entry entry) => young.TryGetValue(id, out entry) || old.TryGetValue(id, out entry);
}
