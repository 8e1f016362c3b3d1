using FamilyDoctor.Testing;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using static FamilyDoctor.EventSourcing.Tests.Workshop;

namespace FamilyDoctor.EventSourcing.Tests;

/// <summary>Whatever is done to the store, in whatever order: it says the same as a model in memory.</summary>
[Collection("database")]
public sealed class StoreProperties(Servers servers)
{
    private static readonly Guid[] Streams = [.. Enumerable.Range(0, 4).Select(n => Ids.Of($"Fridge:{n}"))];

    public abstract record Act
    {
        /// <param name="Off">How far the expected version is from the true one.</param>
        public sealed record Append(int Stream, int Off, int Events) : Act;
        public sealed record AppendToTwo(int One, int Other, int Off) : Act;
        public sealed record AppendMany(int Stream, int Off) : Act;
        public sealed record LoseConnections(int Stream) : Act;
        public sealed record Rebuild : Act;
        public sealed record Read(int After) : Act;
    }

    [Fact]
    public void The_store_and_its_views_agree_with_the_model()
    {
        var stream = Gen.Choose(0, Streams.Length - 1);
        var off = Gen.Frequency((8, Gen.Constant(0)), (1, Gen.Constant(-1)), (1, Gen.Constant(1)));
        var act = Gen.Frequency(
            (6, from s in stream from o in off from n in Gen.Choose(1, 4) select (Act)new Act.Append(s, o, n)),
            (4, from a in stream from b in stream from o in off select (Act)new Act.AppendToTwo(a, b, o)),
            (1, from s in stream from o in off select (Act)new Act.AppendMany(s, o)),
            (1, from s in stream select (Act)new Act.LoseConnections(s)),
            (1, Gen.Constant((Act)new Act.Rebuild())),
            (2, from after in Gen.Choose(0, 3) select (Act)new Act.Read(after)));
        Prop.ForAll(Arb.From(act.ListOf(25)), acts => Run([.. acts]).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(12));
    }

    private async Task<bool> Run(Act[] acts)
    {
        await using var workshop = await Open(servers);
        var model = new InMemoryEventStore(workshop.Clock);
        foreach (var act in acts)
        {
            switch (act)
            {
                case Act.Append(var s, var off, var n):
                    await Both(workshop, model, [Unit(s, await Version(model, s) + off, n)]);
                    break;
                case Act.AppendToTwo(var one, var other, var off):
                    if (one == other)
                        continue;
                    var together = new Unit(
                        [.. Unit(one, await Version(model, one), 1).Streams, .. Unit(other, await Version(model, other) + off, 2).Streams], []);
                    var bystander = Enumerable.Range(0, Streams.Length).First(s => s != one && s != other);
                    await Both(workshop, model, [together, Unit(bystander, await Version(model, bystander), 1)]);
                    break;
                case Act.AppendMany(var s, var off):
                    await Both(workshop, model, [Unit(s, await Version(model, s) + off, 1_200)]);
                    break;
                case Act.LoseConnections(var s):
                    await LoseConnections(workshop, model, Unit(s, await Version(model, s), 2));
                    break;
                case Act.Rebuild:
                    await Rebuild(workshop);
                    break;
                case Act.Read(var after):
                    await Same(workshop.Store, model, after);
                    break;
            }
        }
        await Same(workshop.Store, model, 0);
        await SameLog(workshop.Store, model);
        await Rebuild(workshop);
        return true;
    }

    private static Unit Unit(int stream, long version, int events) => StormTests.UnitOf(Streams[stream], Math.Max(version, 0), events);

    private static async Task<long> Version(InMemoryEventStore model, int stream) => (await model.Read(Streams[stream], default)).Count;

    private static async Task Both(Workshop workshop, InMemoryEventStore model, Unit[] units) =>
        Assert.Equal(await model.Append(units, default), await workshop.Store.Append(units, default));

    /// <summary>The writer's connection breaks at some moment of the append: the unit is there whole, or not at all.</summary>
    private static async Task LoseConnections(Workshop workshop, InMemoryEventStore model, Unit unit)
    {
        var appending = workshop.Store.Append([unit], default);
        await using (var executioner = new NpgsqlConnection(workshop.ConnectionString + ";Pooling=false"))
        {
            await executioner.OpenAsync();
            await using var command = new NpgsqlCommand(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()", executioner);
            await command.ExecuteNonQueryAsync();
        }
        try
        {
            Assert.Empty(await appending);
            await model.Append([unit], default);
        }
        catch (NpgsqlException)
        {
            workshop.Database.Clear();
            var history = await workshop.Store.Read(unit.Streams[0].StreamId, default);
            if (history.Count > unit.Streams[0].ExpectedVersion)
                await model.Append([unit], default);
        }
        workshop.Database.Clear();
    }

    private static async Task Same(IEventStore store, InMemoryEventStore model, int after)
    {
        var wanted = Streams.Select(s => (s, (long)after)).ToList();
        var (real, imagined) = (await store.Read(wanted, default), await model.Read(wanted, default));
        Assert.Equal(imagined.Keys.Order(), real.Keys.Order());
        foreach (var (stream, history) in imagined)
            Assert.Equal(history.Select(Essence), real[stream].Select(Essence));
    }

    private static async Task SameLog(IEventStore store, InMemoryEventStore model) =>
        Assert.Equal((await Log(model)).Select(Essence), (await Log(store)).Select(Essence));

    private static async Task<List<Recorded>> Log(IEventStore store)
    {
        var log = new List<Recorded>();
        var reader = store.ReadLog(0);
        while (await reader.Next(700, default) is { Count: > 0 } page)
            log.AddRange(page);
        return log;
    }

    private static (Guid, long, Guid, DomainEvent, string, Headers) Essence(Recorded e) =>
        (e.StreamId, e.Version, e.EventId, e.Event, e.CorrelationId, e.Headers);

    private static async Task Rebuild(Workshop workshop)
    {
        await workshop.Run("delete from mt_event_progression");
        using var builder = new ViewBuilder(workshop.Database, workshop.Store, [View.Of<FridgeRow>()], NullLogger<ViewBuilder>.Instance);
        await builder.StartAsync(default);
        await Talking.Until(() => workshop.Scalar<bool>("""
            select (select max(seq_id) from mt_events) is null
                or exists (select 1 from mt_event_progression where name = 'fridge_row:All' and last_seq_id = (select max(seq_id) from mt_events))
            """));
        await builder.StopAsync(default);
        var events = await Log(workshop.Store);
        if (events.Count == 0)
            return;
        var expected = new Dictionary<Guid, FridgeRow?>();
        foreach (var e in events)
            expected[e.StreamId] = FridgeRow.Evolve(expected.GetValueOrDefault(e.StreamId), e.StreamId, e);
        Assert.Equal(expected.Values.OrderBy(r => r!.Id), (await new Rows<FridgeRow>(workshop.Database).Where("true", default)).OrderBy(r => r.Id));
    }
}
