using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace FamilyDoctor.Teams.Tests.States;

/// <summary>A city without servers: the real runner, deadlines and endpoints' wiring on an event store in memory.</summary>
internal sealed class MemoryCity : IAsyncDisposable
{
    private static readonly Headers Before = new("330200", DateTimeOffset.Parse("2024-01-01T00:00:00Z"), new("tester", "clinic"), 0);

    public MemoryCity(DateTimeOffset now)
    {
        Clock = new(now);
        Store = new(Clock);
        Policies = new(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        Runner = new(Store, Policies, Clock, new(Clock), new("330200"), NullLogger<Runner>.Instance);
        Due.Decide(Runner, Store);
        Runner.StartAsync(default).GetAwaiter().GetResult();
    }

    public SettableClock Clock { get; }
    public InMemoryEventStore Store { get; }
    public PolicyBook Policies { get; }
    public Runner Runner { get; }
    public Envelope By { get; } = new(new("tester", "clinic"), "correlation");

    /// <summary>What happened to a stream so far, or further.</summary>
    public MemoryCity Given<T>(Guid stream, params DomainEvent[] history) where T : class, IState<T>
    {
        if (history.Length == 0)
            return this;
        var (state, version) = Load<T>(stream);
        var next = history.Aggregate(state, T.Evolve)!;
        var was = state is null ? [] : T.Deadlines(state).ToList();
        Store.Append([new([new(stream, StreamKind.Of<T>(), version, [.. history.Select(e => new NewEvent(Guid.CreateVersion7(), e, "before", null, Before))],
            [.. T.Deadlines(next).Except(was)], [.. was.Select(d => d.Name).Except(T.Deadlines(next).Select(d => d.Name))], [.. T.Aliases(next)])], [])], default)
            .GetAwaiter().GetResult();
        return this;
    }

    public (T? State, long Version) Load<T>(Guid stream) where T : class, IState<T> => Store.Load<T>(stream, default).GetAwaiter().GetResult();

    public T? State<T>(Guid stream) where T : class, IState<T> => Load<T>(stream).State;

    public long Last { get; private set; }

    /// <summary>Everything appended since the last call.</summary>
    public async Task<IReadOnlyList<Recorded>> Appended()
    {
        var page = await Store.ReadLog(Last).Next(int.MaxValue, default);
        Last += page.Count;
        return page;
    }

    /// <summary>The clock passes what is due now, as the service's own does.</summary>
    public async Task Fire()
    {
        foreach (var due in await Store.ClaimDue(Clock.Now, 1000, default))
            await Runner.Fire(due, By, default);
    }

    public async ValueTask DisposeAsync() => await Runner.StopAsync(default);
}
