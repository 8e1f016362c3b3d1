using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// Everything that decides, once more, around a store that keeps what is appended to itself: a dry run decides as the
/// service does, on what it has already decided, and its connections could not write if they wanted to.
/// </summary>
/// <param name="own">Whose parts are made anew: the service's. All else is the process's.</param>
internal sealed class DryRun(IServiceProvider real, Assembly own) : IServiceProvider, IAsyncDisposable
{
    /// <summary>Names the connections that only read.</summary>
    public const string Reading = "reading";

    private readonly ConcurrentDictionary<Type, object> made = new();
    private readonly DryStore store = new(real.GetRequiredService<IEventStore>());

    public static async Task<DryRun> Begin(IServiceProvider real, Assembly own, CancellationToken ct)
    {
        var run = new DryRun(real, own);
        real.GetRequiredService<DeadlineRules>().Tell(run);
        await run.GetRequiredService<Runner>().StartAsync(ct);
        return run;
    }

    /// <summary>More than this must not be held in memory.</summary>
    public bool IsFull => store.Events > 500_000;

    public object? GetService(Type serviceType) =>
        serviceType == typeof(IEventStore) ? store
        : serviceType == typeof(NpgsqlDataSource) ? real.GetRequiredKeyedService<NpgsqlDataSource>(Reading)
        : serviceType == typeof(Vault) ? real.GetKeyedService<Vault>(Reading)
        : serviceType == typeof(Runner) || serviceType == typeof(Documents) || serviceType.Assembly == own
            ? made.GetOrAdd(serviceType, type => ActivatorUtilities.CreateInstance(this, type))
        : real.GetService(serviceType);

    public async ValueTask DisposeAsync()
    {
        await this.GetRequiredService<Runner>().StopAsync(CancellationToken.None);
        foreach (var part in made.Values)
        {
            if (part is IAsyncDisposable asynchronous)
                await asynchronous.DisposeAsync();
            else
                (part as IDisposable)?.Dispose();
        }
    }
}

/// <summary>The real log as it was when a stream was first looked at, and above it what a dry run would have appended.</summary>
internal sealed class DryStore(IEventStore real) : IEventStore
{
    private readonly SemaphoreSlim one = new(1);
    private readonly Dictionary<Guid, long> floors = [];
    private readonly Dictionary<Guid, List<Recorded>> added = [];
    private readonly Dictionary<Guid, Guid> aliases = [];
    private readonly Dictionary<string, Answer> answers = [];
    private readonly Signal appended = new();

    public int Events { get; private set; }

    public Task<IReadOnlyDictionary<Guid, IReadOnlyList<Recorded>>> Read(
        IReadOnlyList<(Guid Stream, long AfterVersion)> streams, CancellationToken ct, bool withHeaders = true) =>
        Alone(() => Look(streams, ct), ct);

    public Task<IReadOnlyDictionary<int, Lost>> Append(IReadOnlyList<Unit> units, CancellationToken ct) => Alone(async () =>
    {
        // Streams taken for new may be there after all, and rows of these ids may have been taken in for good.
        await Look([.. units.SelectMany(u => u.Streams).Select(s => s.StreamId).Where(id => !floors.ContainsKey(id)).Distinct().Select(id => (id, 0L))], ct);
        var before = await real.FindAnswers([.. units.SelectMany(u => u.Keys)], ct);
        var lost = new Dictionary<int, Lost>();
        for (var i = 0; i < units.Count; i++)
        {
            if (units[i].Keys.Any(key => before.ContainsKey(key) || answers.ContainsKey(key)))
                lost.Add(i, Lost.Answered);
            else if (units[i].Streams.Any(s => floors[s.StreamId] + (added.GetValueOrDefault(s.StreamId)?.Count ?? 0) != s.ExpectedVersion))
                lost.Add(i, Lost.Stale);
            else
                Keep(units[i]);
        }
        appended.Raise();
        return (IReadOnlyDictionary<int, Lost>)lost;
    }, ct);

    private async Task<IReadOnlyDictionary<Guid, IReadOnlyList<Recorded>>> Look(IReadOnlyList<(Guid Stream, long AfterVersion)> streams, CancellationToken ct)
    {
        var (found, below) = (new Dictionary<Guid, IReadOnlyList<Recorded>>(), await real.Read(streams, ct));
        foreach (var (stream, after) in streams)
        {
            var known = below.GetValueOrDefault(stream) ?? [];
            if (!floors.TryGetValue(stream, out var floor))
                floors[stream] = floor = known.Count > 0 ? known[^1].Version : after;
            IReadOnlyList<Recorded> history =
                [.. known.TakeWhile(r => r.Version <= floor), .. (added.GetValueOrDefault(stream) ?? []).Where(r => r.Version > after)];
            if (history.Count > 0)
                found[stream] = history;
        }
        return found;
    }

    private void Keep(Unit unit)
    {
        foreach (var change in unit.Streams.Where(s => s.Events.Count > 0))
        {
            if (!added.TryGetValue(change.StreamId, out var history))
                added.Add(change.StreamId, history = []);
            foreach (var e in change.Events)
            {
                history.Add(new(0, e.EventId, change.StreamId, floors[change.StreamId] + history.Count + 1, e.Event, e.Headers.OccurredAt,
                    e.CorrelationId, e.CausationId, e.Headers));
                Events++;
            }
            foreach (var alias in change.NewAliases)
                aliases.TryAdd(alias, change.StreamId);
        }
        foreach (var answer in unit.Answers)
            answers.Add(answer.Key, answer);
    }

    public Task<IReadOnlyDictionary<string, Answer>> FindAnswers(IReadOnlyList<string> keys, CancellationToken ct) => Alone(async () =>
    {
        var found = new Dictionary<string, Answer>(await real.FindAnswers(keys, ct));
        foreach (var key in keys.Where(answers.ContainsKey))
            found.TryAdd(key, answers[key]);
        return (IReadOnlyDictionary<string, Answer>)found;
    }, ct);

    public Task<Guid?> FindAlias(Guid alias, CancellationToken ct) =>
        Alone(async () => aliases.TryGetValue(alias, out var stream) ? stream : await real.FindAlias(alias, ct), ct);

    public ILogReader ReadLog(long afterSequence, bool withHeaders = true) => real.ReadLog(afterSequence, withHeaders);

    /// <summary>Deadlines are decided before the next row of their stream; none fires by itself.</summary>
    public Task<IReadOnlyList<DueDeadline>> ClaimDue(DateTimeOffset now, int limit, CancellationToken ct) =>
        Task.FromResult<IReadOnlyList<DueDeadline>>([]);

    public Task NextAppend => appended.Next;

    private async Task<T> Alone<T>(Func<Task<T>> work, CancellationToken ct)
    {
        await one.WaitAsync(ct);
        try
        {
            return await work();
        }
        finally
        {
            one.Release();
        }
    }
}

/// <summary>What is decided when deadlines pass, told to the runner of the service and to that of every dry run.</summary>
internal sealed class DeadlineRules
{
    public Action<IServiceProvider> Tell { get; set; } = _ => { };
}
