using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Testing;

/// <summary>The event store's promises without a database: for decisions, simulations and the model in property tests.</summary>
public sealed class InMemoryEventStore(TimeProvider clock) : IEventStore
{
    private readonly Lock changing = new();
    private readonly List<Recorded> log = [];
    private readonly Dictionary<Guid, List<Recorded>> streams = [];
    private readonly Dictionary<(Guid, string), DueDeadline> deadlines = [];
    private readonly Dictionary<Guid, Guid> aliases = [];
    private readonly Dictionary<string, Answer> answers = [];
    private readonly Signal appended = new();

    public Task<IReadOnlyDictionary<Guid, IReadOnlyList<Recorded>>> Read(
        IReadOnlyList<(Guid Stream, long AfterVersion)> wanted, CancellationToken ct, bool withHeaders = true)
    {
        lock (changing)
        {
            var found = new Dictionary<Guid, IReadOnlyList<Recorded>>();
            foreach (var (stream, after) in wanted)
            {
                if (streams.TryGetValue(stream, out var history) && history.Count > after)
                    found[stream] = [.. history.Skip((int)after)];
            }
            return Task.FromResult<IReadOnlyDictionary<Guid, IReadOnlyList<Recorded>>>(found);
        }
    }

    public Task<IReadOnlyDictionary<int, Lost>> Append(IReadOnlyList<Unit> units, CancellationToken ct)
    {
        lock (changing)
        {
            var (lost, now) = (new Dictionary<int, Lost>(), clock.GetUtcNow());
            for (var i = 0; i < units.Count; i++)
            {
                var unit = units[i];
                if (unit.Keys.Any(answers.ContainsKey))
                    lost.Add(i, Lost.Answered);
                else if (unit.Streams.Any(s => (streams.GetValueOrDefault(s.StreamId)?.Count ?? 0) != s.ExpectedVersion)
                    || unit.Answers.Any(a => answers.ContainsKey(a.Key)))
                    lost.Add(i, Lost.Stale);
                else
                    Apply(unit, now);
            }
            appended.Raise();
            return Task.FromResult<IReadOnlyDictionary<int, Lost>>(lost);
        }
    }

    private void Apply(Unit unit, DateTimeOffset now)
    {
        foreach (var change in unit.Streams)
        {
            if (!streams.TryGetValue(change.StreamId, out var history))
                streams.Add(change.StreamId, history = []);
            foreach (var e in change.Events)
            {
                var recorded = new Recorded(log.Count + 1, e.EventId, change.StreamId, history.Count + 1, e.Event, now,
                    e.CorrelationId, e.CausationId, e.Headers);
                history.Add(recorded);
                log.Add(recorded);
            }
            foreach (var gone in change.DeadlinesGone)
                deadlines.Remove((change.StreamId, gone));
            foreach (var set in change.DeadlinesSet)
                deadlines[(change.StreamId, set.Name)] = new(change.StreamId, change.Kind.Name, set);
            foreach (var alias in change.NewAliases)
                aliases.TryAdd(alias, change.StreamId);
        }
        foreach (var answer in unit.Answers)
            answers.Add(answer.Key, answer);
    }

    public Task<IReadOnlyDictionary<string, Answer>> FindAnswers(IReadOnlyList<string> keys, CancellationToken ct)
    {
        lock (changing)
            return Task.FromResult<IReadOnlyDictionary<string, Answer>>(keys.Where(answers.ContainsKey).ToDictionary(k => k, k => answers[k]));
    }

    public Task<Guid?> FindAlias(Guid alias, CancellationToken ct)
    {
        lock (changing)
            return Task.FromResult(aliases.TryGetValue(alias, out var stream) ? stream : (Guid?)null);
    }

    public Task<IReadOnlyList<DueDeadline>> ClaimDue(DateTimeOffset now, int limit, CancellationToken ct)
    {
        lock (changing)
            return Task.FromResult<IReadOnlyList<DueDeadline>>([.. deadlines.Values.Where(d => d.Deadline.Due <= now).OrderBy(d => d.Deadline.Due).Take(limit)]);
    }

    public ILogReader ReadLog(long afterSequence, bool withHeaders = true) => new Reader(this, afterSequence);

    public Task NextAppend => appended.Next;

    private sealed class Reader(InMemoryEventStore store, long after) : ILogReader
    {
        private long position = after;

        public bool IsWaiting => false;

        public Task<IReadOnlyList<Recorded>> Next(int limit, CancellationToken ct)
        {
            lock (store.changing)
            {
                IReadOnlyList<Recorded> page = [.. store.log.Skip((int)position).Take(limit)];
                position += page.Count;
                return Task.FromResult(page);
            }
        }
    }
}
