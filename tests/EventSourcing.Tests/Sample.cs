using System.Text.Json.Serialization;
using FamilyDoctor.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
#if MARTEN
using CompiledStore = FamilyDoctor.EventSourcing.MartenEventStore;
#else
using CompiledStore = FamilyDoctor.EventSourcing.PostgresEventStore;
#endif

namespace FamilyDoctor.EventSourcing.Tests;

public sealed record VialsStored(int Count) : DomainEvent;
public sealed record VialsTaken(int Count) : DomainEvent;
public sealed record VialsReserved(int Count, DateTimeOffset Until) : DomainEvent;
public sealed record VialsReservationLapsed : DomainEvent;
public sealed record VialsDated(DateTimeOffset BestBefore) : DomainEvent;
public sealed record VialsExpired(int Count) : DomainEvent;
public sealed record YearClosed(int Balance) : DomainEvent;

[JsonSerializable(typeof(VialsStored))]
[JsonSerializable(typeof(VialsTaken))]
[JsonSerializable(typeof(VialsReserved))]
[JsonSerializable(typeof(VialsReservationLapsed))]
[JsonSerializable(typeof(VialsDated))]
[JsonSerializable(typeof(VialsExpired))]
[JsonSerializable(typeof(YearClosed))]
public sealed partial class SampleEvents : JsonSerializerContext;

/// <summary>A fridge of vaccine vials: small enough to see what the store does.</summary>
public sealed record Fridge(int Vials, int Reserved, DateTimeOffset? Until, bool IsClosed) : ILedger<Fridge>
{
    public DateTimeOffset? BestBefore { get; init; }

    public static Guid StreamOf(Guid subject, int year) => Ids.Of($"Fridge:{subject}:{year}");

    public static (DomainEvent Closed, DomainEvent Opened) Turn(Fridge closing, int nextYear) =>
        (new YearClosed(closing.Vials), new VialsStored(closing.Vials));

    public static Fridge Evolve(Fridge? fridge, DomainEvent @event) => (fridge, @event) switch
    {
        (null, VialsStored e) => new(e.Count, 0, null, false),
        ({ } f, VialsStored e) => f with { Vials = f.Vials + e.Count },
        ({ } f, VialsTaken e) => f with { Vials = f.Vials - e.Count },
        ({ } f, VialsReserved e) => f with { Reserved = e.Count, Until = e.Until },
        ({ } f, VialsReservationLapsed) => f with { Reserved = 0, Until = null },
        ({ } f, VialsDated e) => f with { BestBefore = e.BestBefore },
        ({ } f, VialsExpired e) => f with { Vials = f.Vials - e.Count, BestBefore = null },
        ({ } f, YearClosed) => f with { IsClosed = true },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow."),
    };

    public static IEnumerable<Deadline> Deadlines(Fridge fridge)
    {
        if (fridge.Until is { } until)
            yield return new("lapse", until);
        if (fridge.BestBefore is { } bestBefore)
            yield return new("expire", bestBefore);
    }

    public static IEnumerable<DomainEvent> Store(Fridge? _, int count) => [new VialsStored(count)];

    public static IEnumerable<DomainEvent> Take(Fridge? fridge, int count) => fridge switch
    {
        null => throw new UnknownId(),
        { IsClosed: true } => throw new LedgerTurned(),
        _ when fridge.Vials - fridge.Reserved < count => throw new RuleBroken("EMPTY", "Not enough vials.", new { fridge.Vials }),
        _ => [new VialsTaken(count)],
    };
}

/// <summary>Another kind of stream: it begins with what no fridge begins with.</summary>
public sealed record Label(DateTimeOffset BestBefore) : IState<Label>
{
    public static Label Evolve(Label? label, DomainEvent @event) => (label, @event) switch
    {
        (_, VialsDated e) => new(e.BestBefore),
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow."),
    };
}

public sealed record FridgeRow(Guid Id, int Vials, int Events, DateTimeOffset LastAt) : IRow<FridgeRow>
{
    public static IEnumerable<string> Indexes => ["vials, events"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => [recorded.StreamId];

    public static FridgeRow? Evolve(FridgeRow? row, Guid id, Recorded recorded)
    {
        row ??= new(id, 0, 0, recorded.OccurredAt);
        var change = recorded.Event switch { VialsStored e => e.Count, VialsTaken e => -e.Count, _ => 0 };
        return row with { Vials = row.Vials + change, Events = row.Events + 1, LastAt = recorded.OccurredAt };
    }
}

[CollectionDefinition("database")]
public sealed class DatabaseCollection : ICollectionFixture<Servers>;

/// <summary>A fresh database with its store, and as many runners ("instances") on it as wanted.</summary>
public sealed class Workshop : IAsyncDisposable
{
    private readonly List<Runner> runners = [];

    private Workshop(string connectionString, SettableClock clock)
    {
        (ConnectionString, Database, Clock) = (connectionString, NpgsqlDataSource.Create(connectionString + ";Max Auto Prepare=20"), clock);
        Store = new CompiledStore(Database, Types);
    }

    public static EventTypes Types { get; } = new(SampleEvents.Default);
    public static Envelope By { get; } = new(new("tester", "clinic"), "correlation");

    public string ConnectionString { get; }
    public NpgsqlDataSource Database { get; }
    public IEventStore Store { get; }
    public SettableClock Clock { get; }

    public static async Task<Workshop> Open(Servers servers)
    {
        var connection = await servers.CreateDatabase($"w{Guid.CreateVersion7():N}");
        var workshop = new Workshop(connection, new(DateTimeOffset.Parse("2024-03-01T01:00:00Z")));
        await CompiledStore.CreateSchema(workshop.Database, CancellationToken.None);
        return workshop;
    }

    public static Runner RunnerOn(IEventStore store, TimeProvider clock)
    {
        var runner = new Runner(store, new(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai")), clock, new(clock), new("330200"),
            NullLogger<Runner>.Instance);
        runner.OnDeadline<Fridge>("lapse", (due, by, ct) =>
            runner.Execute<Fridge>(due.StreamId, by, (f, _) => f!.Until is null ? [] : [new VialsReservationLapsed()], ct));
        runner.OnDeadline<Fridge>("expire", (due, by, ct) =>
            runner.Execute<Fridge>(due.StreamId, by, (f, _) => f!.BestBefore is null ? [] : [new VialsExpired(f.Vials - f.Reserved)], ct));
        return runner;
    }

    /// <summary>One more process, so to speak: its own cache, the same database.</summary>
    public async Task<Runner> StartRunner()
    {
        var runner = RunnerOn(Store, Clock);
        runners.Add(runner);
        await runner.StartAsync(CancellationToken.None);
        return runner;
    }

    public async Task<T> Scalar<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task Run(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var runner in runners)
            await runner.StopAsync(CancellationToken.None);
        await Database.DisposeAsync();
    }
}
