using System.Text.Json;
using System.Text.Json.Serialization;
using FamilyDoctor.Testing;
using JasperFx;
using JasperFx.Events;
using Marten;
using Npgsql;

namespace FamilyDoctor.EventSourcing.Tests;

/// <summary>
/// Marten as anybody would set it up, on our databases: what one writes the other reads, version, order and metadata
/// included, and Marten finds its tables as it would have made them.
/// </summary>
[Collection("database")]
public sealed class MartenTests(Servers servers) : IAsyncLifetime
{
    private static readonly Headers By = new("330200", DateTimeOffset.Parse("2024-03-01T04:00:00Z"), new("tester", "clinic"), 3, "desk");
    private readonly List<DocumentStore> opened = [];
    private Workshop workshop = null!;

    public async Task InitializeAsync() => workshop = await Workshop.Open(servers);

    public async Task DisposeAsync()
    {
        opened.ForEach(o => o.Dispose());
        await workshop.DisposeAsync();
    }

    [MartenEightFact]
    public async Task Our_tables_are_those_that_Marten_8_makes()
    {
        await using var ours = await Create();
        await using var its = NpgsqlDataSource.Create(await servers.CreateDatabase($"m{Guid.CreateVersion7():N}"));
        await PlainMarten(its, EventAppendMode.Rich).Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        foreach (var table in new[] { "mt_streams", "mt_events", "mt_event_progression" })
        {
            Assert.Equal(await SchemaTests.Columns(its, table), await SchemaTests.Columns(ours, table));
            Assert.Equal(await SchemaTests.Constraints(its, table), await SchemaTests.Constraints(ours, table));
            Assert.Equal(await SchemaTests.Indexes(its, table), await SchemaTests.Indexes(ours, table));
        }
        Assert.Equal(await SchemaTests.Sequence(its), await SchemaTests.Sequence(ours));
    }

    [MartenEightFact]
    public async Task Marten_8_finds_nothing_to_change_in_our_tables()
    {
        await using var ours = await Create();
        foreach (var mode in Enum.GetValues<EventAppendMode>())
        {
            var migration = await PlainMarten(ours, mode).Storage.Database.CreateMigrationAsync();
            var tables = migration.Deltas.Where(d =>
                d.SchemaObject.Identifier.Name is "mt_streams" or "mt_events" or "mt_event_progression" or "mt_events_sequence").ToList();
            Assert.Equal(4, tables.Count);
            Assert.All(tables, t => Assert.Equal("None", t.Difference.ToString()));
            // What is missing are its functions and its table of dead letters, never a part of ours.
            Assert.All(migration.Deltas, d => Assert.Contains(d.Difference.ToString(), new[] { "None", "Create" }));
        }
    }

    /// <summary>In its third mode Marten 8 finds a difference even in a database of its own making.</summary>
    [Theory]
    [InlineData(EventAppendMode.Rich)]
    [InlineData(EventAppendMode.Quick)]
    public async Task Marten_s_own_check_passes_once_it_has_added_its_functions(EventAppendMode mode)
    {
        await using var ours = await Create();
        var marten = PlainMarten(ours, mode);
        await marten.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        await marten.Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Fact]
    public async Task Several_instances_may_create_the_schema_at_once()
    {
        await using var database = NpgsqlDataSource.Create(await servers.CreateDatabase($"m{Guid.CreateVersion7():N}"));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => MartenEventStore.CreateSchema(database, default)));
        await PlainMarten(database, EventAppendMode.Quick).Storage.Database.AssertDatabaseMatchesConfigurationAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_our_stores_write_Marten_reads(bool builtIn)
    {
        var store = builtIn ? BuiltIn() : workshop.Store;
        var (one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await store.Append([new([Change(one, 0, new VialsStored(1), new VialsReserved(2, By.OccurredAt)), Change(other, 0, new VialsStored(3))], [])], default);
        await store.Append([new([Change(one, 2, new VialsReservationLapsed())], [])], default);

        var ours = await store.Read(one, default);
        await using var session = PlainMarten(workshop.Database, EventAppendMode.Quick).LightweightSession();
        var its = await session.Events.FetchStreamAsync(one);
        Assert.Equal([1L, 2, 3], its.Select(e => e.Version));
        Assert.Equal(ours.Select(Whole), its.Select(Whole));
        Assert.All(its, e => Assert.Equal(By, JsonSerializer.SerializeToElement(e.Headers).Deserialize<Headers>(JsonSerializerOptions.Web)));

        var state = await session.Events.FetchStreamStateAsync(one);
        Assert.Equal((3L, false), (state!.Version, state.IsArchived));
        Assert.Equal((await store.ReadLog(0).Next(10, default)).Select(Whole),
            (await session.Events.QueryAllRawEvents().OrderBy(e => e.Sequence).ToListAsync()).Select(Whole));
        Assert.Equal([3], (await session.Events.QueryRawEventDataOnly<VialsStored>().Where(e => e.Count > 1).ToListAsync()).Select(e => e.Count));
    }

    [Theory]
    [InlineData(EventAppendMode.Rich)]
    [InlineData(EventAppendMode.Quick)]
    [InlineData(EventAppendMode.QuickWithServerTimestamps)]
    public async Task What_Marten_appends_our_stores_read(EventAppendMode mode)
    {
        var marten = PlainMarten(workshop.Database, mode);
        await marten.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        var (one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using (var session = marten.LightweightSession())
        {
            (session.CorrelationId, session.CausationId) = ("correlation", "cause");
            foreach (var header in JsonSerializer.SerializeToElement(By, JsonSerializerOptions.Web).EnumerateObject())
                session.SetHeader(header.Name, header.Value);
            session.Events.StartStream<Fridge>(one, new VialsStored(1), new VialsStored(2));
            await session.SaveChangesAsync();
            session.Events.Append(one, 3, new VialsStored(3));
            session.Events.Append(other, new VialsStored(4));
            await session.SaveChangesAsync();
        }
        await using (var session = marten.LightweightSession())
        {
            session.Events.Append(one, new VialsReserved(5, By.OccurredAt));
            await session.SaveChangesAsync();
        }

        foreach (var store in new[] { BuiltIn(), workshop.Store })
        {
            var history = await store.Read(one, default);
            Assert.Equal([1L, 2, 3, 4], history.Select(e => e.Version));
            Assert.Equal([new VialsStored(1), new VialsStored(2), new VialsStored(3), new VialsReserved(5, By.OccurredAt)], history.Select(e => e.Event));
            Assert.All(history.Take(3), e => Assert.Equal(("correlation", "cause", By), (e.CorrelationId, e.CausationId, e.Headers)));
            Assert.Equal(("", null, new("unknown", "unknown")), (history[3].CorrelationId, history[3].CausationId, history[3].Headers.Actor));
            Assert.All(history, e => Assert.InRange((TimeProvider.System.GetUtcNow() - e.RecordedAt).Duration(), TimeSpan.Zero, TimeSpan.FromMinutes(1)));

            await using var reading = marten.QuerySession();
            Assert.Equal((await reading.Events.FetchStreamAsync(one)).Select(Whole), history.Select(Whole));
            Assert.Equal((await reading.Events.QueryAllRawEvents().OrderBy(e => e.Sequence).ToListAsync()).Select(Whole),
                (await store.ReadLog(0).Next(100, default)).Select(Whole));
            Assert.Single(await store.Read(other, default));
        }
        Assert.Equal(StreamKind.Of<Fridge>().Name, await workshop.Scalar<string>($"select type from mt_streams where id = '{one}'"));
    }

    [Fact]
    public async Task A_stream_may_be_written_by_all_in_turn_and_a_stale_version_falls_whoever_wrote()
    {
        var (marten, stores, fridge) = (PlainMarten(workshop.Database, EventAppendMode.Quick), new[] { BuiltIn(), workshop.Store }, Guid.CreateVersion7());
        await using var session = marten.LightweightSession();
        for (var version = 0; version < 9; version += 3)
        {
            Assert.Empty(await stores[0].Append([new([Change(fridge, version, new VialsStored(version + 1))], [])], default));
            Assert.Empty(await stores[1].Append([new([Change(fridge, version + 1, new VialsStored(version + 2))], [])], default));
            session.Events.Append(fridge, version + 3, new VialsStored(version + 3));
            await session.SaveChangesAsync();
        }
        foreach (var store in stores)
            Assert.Equal(Lost.Stale, (await store.Append([new([Change(fridge, 8, new VialsStored(0))], [])], default))[0]);
        session.Events.Append(fridge, 9, new VialsStored(0));
        await Assert.ThrowsAnyAsync<ConcurrencyException>(() => session.SaveChangesAsync());

        var history = await stores[0].Read(fridge, default);
        Assert.Equal(Enumerable.Range(1, 9), history.Select(e => ((VialsStored)e.Event).Count));
        Assert.Equal(Enumerable.Range(1, 9).Select(v => (long)v), history.Select(e => e.Version));
        Assert.Equal(9L, await workshop.Scalar<long>($"select version from mt_streams where id = '{fridge}'"));
    }

    /// <summary>Row by row and column by column, but for the time.</summary>
    [Fact]
    public async Task Both_our_stores_write_the_same_rows()
    {
        await using var elsewhere = await Workshop.Open(servers);
        var fridge = Guid.CreateVersion7();
        var unit = new Unit([
            Change(fridge, 0, new VialsStored(1), new VialsReserved(2, By.OccurredAt)) with
            {
                DeadlinesSet = [new("lapse", By.OccurredAt.ToOffset(TimeSpan.FromHours(8)))], NewAliases = [Guid.CreateVersion7()],
            },
            Change(Guid.CreateVersion7(), 0, new VialsStored(1))], [new("key", "hash", fridge, 2)]);
        var next = new Unit([Change(fridge, 2, new VialsReservationLapsed()) with { DeadlinesGone = ["other"], DeadlinesSet = [new("again", By.OccurredAt)] }], []);
        foreach (var store in new[] { workshop.Store, new PostgresEventStore(elsewhere.Database, Workshop.Types) })
        {
            Assert.Empty(await store.Append([unit], default));
            Assert.Empty(await store.Append([next], default));
        }
        foreach (var table in new[] { "mt_streams", "mt_events", "fd_deadlines", "fd_aliases", "fd_answers" })
        {
            var rows = $"select string_agg((to_jsonb(t) - array['timestamp', 'created', 'given_at'])::text, chr(10) order by to_jsonb(t) - array['timestamp', 'created', 'given_at']) from {table} t";
            Assert.Equal(await elsewhere.Scalar<string>(rows), await workshop.Scalar<string>(rows));
        }
    }

    [Fact]
    public async Task Events_are_written_as_the_service_s_own_JSON_context_says()
    {
        using var store = new MartenEventStore(workshop.Database, new EventTypes(MovingEvents.Default));
        var fridge = Guid.CreateVersion7();
        await store.Append([new([Change(fridge, 0, new FridgeMoved("hall", null))], [])], default);
        Assert.Equal("{\"toRoom\": \"hall\"}", await workshop.Scalar<string>("select data::text from mt_events"));
        Assert.Equal(new FridgeMoved("hall", null), Assert.Single(await store.Read(fridge, default)).Event);
    }

    private IEventStore BuiltIn() => new PostgresEventStore(workshop.Database, Workshop.Types);

    private async Task<NpgsqlDataSource> Create()
    {
        var database = NpgsqlDataSource.Create(await servers.CreateDatabase($"m{Guid.CreateVersion7():N}"));
        await PostgresEventStore.CreateSchema(database, default);
        return database;
    }

    /// <summary>Marten with its own JSON and its own connections; its quick append is right only where the time zone is UTC.</summary>
    private DocumentStore PlainMarten(NpgsqlDataSource database, EventAppendMode mode)
    {
        var server = new NpgsqlConnectionStringBuilder(servers.Postgres.GetConnectionString());
        var connection = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Password = server.Password, Timezone = "UTC" };
        var marten = DocumentStore.For(options =>
        {
            options.Connection(connection.ConnectionString);
            options.AutoCreateSchemaObjects = AutoCreate.None;
            options.UseSystemTextJsonForSerialization();
            options.Events.AppendMode = mode;
            options.Events.MetadataConfig.CorrelationIdEnabled = true;
            options.Events.MetadataConfig.CausationIdEnabled = true;
            options.Events.MetadataConfig.HeadersEnabled = true;
            options.Events.AddEventTypes(Workshop.Types.All);
        });
        opened.Add(marten);
        return marten;
    }

    private static (long, Guid, Guid, long, DomainEvent, DateTimeOffset, string, string?) Whole(IEvent e) =>
        (e.Sequence, e.Id, e.StreamId, e.Version, (DomainEvent)e.Data, e.Timestamp, e.CorrelationId ?? "", e.CausationId);

    private static (long, Guid, Guid, long, DomainEvent, DateTimeOffset, string, string?) Whole(Recorded e) =>
        (e.Sequence, e.EventId, e.StreamId, e.Version, e.Event, e.RecordedAt, e.CorrelationId, e.CausationId);

    private static StreamChange Change(Guid stream, long expected, params DomainEvent[] events) => new(stream, StreamKind.Of<Fridge>(), expected,
        [.. events.Select((e, n) => new NewEvent(Guid.CreateVersion7(), e, "correlation", n == 0 ? "cause" : null, By))], [], [], []);

    /// <summary>Our tables are Marten 8's; Marten 9 adds columns of its own.</summary>
    private sealed class MartenEightFactAttribute : FactAttribute
    {
        public MartenEightFactAttribute()
        {
            if (typeof(DocumentStore).Assembly.GetName().Version!.Major > 8)
                Skip = "Marten 9 wants further columns.";
        }
    }
}

public sealed record FridgeMoved(string ToRoom, string? FromRoom) : DomainEvent;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(FridgeMoved))]
public sealed partial class MovingEvents : JsonSerializerContext;
