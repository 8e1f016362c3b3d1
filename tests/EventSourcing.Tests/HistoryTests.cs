using FamilyDoctor.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static FamilyDoctor.EventSourcing.Tests.Workshop;

namespace FamilyDoctor.EventSourcing.Tests;

/// <summary>What happened, found again by whatever names it, and what it was because of.</summary>
[Collection("database")]
public sealed class HistoryTests(Servers servers) : IAsyncLifetime
{
    private Workshop workshop = null!;
    private Runner runner = null!;
    private ViewBuilder builder = null!;
    private History history = null!;

    public async Task InitializeAsync()
    {
        workshop = await Open(servers);
        runner = await workshop.StartRunner();
        history = new(workshop.Store, runner, new(workshop.Database), new(workshop.Database));
        builder = new(workshop.Database, workshop.Store, [View.Of<StretchOfLog>(), View.Of<Consequence>()], NullLogger<ViewBuilder>.Instance);
        await builder.StartAsync(default);
        await Until("select to_regclass('views.consequence') is not null");
    }

    public async Task DisposeAsync()
    {
        await builder.StopAsync(default);
        await workshop.DisposeAsync();
    }

    [Fact]
    public async Task Every_event_is_found_by_its_id_and_an_unknown_id_is_not()
    {
        var fridges = Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7()).ToArray();
        for (var i = 0; i < 40; i++)
        {
            workshop.Clock.Now = workshop.Clock.Now.AddMilliseconds(7);
            await Task.WhenAll(fridges.Select(f => runner.Execute<Fridge>(f, By, (_, _) => [new VialsStored(1), new VialsStored(2), new VialsTaken(1)], default)));
        }
        await CaughtUp();
        foreach (var fridge in fridges)
        {
            foreach (var recorded in (await workshop.Store.Read(fridge, default)).Where((_, i) => i % 17 == 0))
            {
                var found = (await history.OfEvent(recorded.EventId, default)).Event;
                Assert.Equal((fridge, recorded.Version, recorded.EventId), (found.StreamId, found.Version, found.EventId));
            }
        }
        await Assert.ThrowsAsync<UnknownId>(() => history.OfEvent(Guid.CreateVersion7(), default));
        await Assert.ThrowsAsync<UnknownId>(() => history.Of(Guid.CreateVersion7(), 0, 10, default));
        // The ids of one moment lie together: the log is not read for one of them.
        Assert.Equal(2, await workshop.Scalar<long>("select count(*) from views.stretch_of_log"));
        Assert.True(await workshop.Scalar<long>("""
            select max(n) from (select count(s.*) n from mt_events e join views.stretch_of_log s on e.id between s.lowest and s.highest group by e.id) c
            """) <= 2);
        Assert.True(await workshop.Scalar<double>("""
            select avg(n)::float8 from (select count(s.*) n from mt_events e join views.stretch_of_log s on e.id between s.lowest and s.highest group by e.id) c
            """) < 1.1);
    }

    [Fact]
    public async Task What_no_view_knows_yet_is_found_too()
    {
        await builder.StopAsync(default);
        var fridge = Guid.CreateVersion7();
        await runner.Execute<Fridge>(fridge, By, (_, _) => [new VialsStored(1)], default);
        var recorded = Assert.Single(await workshop.Store.Read(fridge, default));
        Assert.Equal(fridge, (await history.OfEvent(recorded.EventId, default)).Event.StreamId);
    }

    [Fact]
    public async Task A_history_goes_page_by_page_in_order()
    {
        var fridge = Guid.CreateVersion7();
        await runner.Execute<Fridge>(fridge, By, (_, _) => [new VialsStored(5), new VialsTaken(1), new VialsTaken(2)], default);
        var first = await history.Of(fridge, 0, 2, default);
        Assert.Equal(["vials_stored", "vials_taken"], first.Items.Select(e => e.Type));
        Assert.Equal(2, first.Next);
        var second = await history.Of(fridge, first.Next!.Value, 2, default);
        Assert.Equal((3L, 2, null), (second.Items.Single().Version, second.Items.Single().Facts.GetProperty("count").GetInt32(), second.Next));
        Assert.Equal(3, (await history.Newest(fridge, 1, default)).Items.Single().Version);
        Assert.Equal(("tester", "correlation"), (first.Items[0].Actor.Id, first.Items[0].CorrelationId));
    }

    [Fact]
    public async Task What_the_clock_did_is_because_of_whatever_set_the_deadline_last()
    {
        var fridge = Guid.CreateVersion7();
        var start = workshop.Clock.Now;
        await runner.Execute<Fridge>(fridge, By, (_, _) => [new VialsStored(9), new VialsReserved(3, start.AddHours(1)), new VialsTaken(1)], default);
        await runner.Execute<Fridge>(fridge, By, (_, _) => [new VialsReserved(4, start.AddHours(2)), new VialsTaken(1)], default);
        workshop.Clock.Now = start.AddHours(3);
        await runner.Execute<Fridge>(fridge, By with { CausationId = $"{Guid.CreateVersion7()}" }, (_, _) => [new VialsTaken(1)], default);
        var all = (await history.Of(fridge, 0, 10, default)).Items;
        Assert.Equal(["vials_stored", "vials_reserved", "vials_taken", "vials_reserved", "vials_taken", "vials_reservation_lapsed", "vials_taken"], all.Select(e => e.Type));
        // Whoever came by when it was due is not the cause.
        Assert.Equal((Actor.Clock, all[3].EventId), (all[5].Actor, all[5].SetBy));
        Assert.All(all.Where(e => e.Version != 6), e => Assert.Null(e.SetBy));
        await CaughtUp();
        Assert.Equal(all[5].EventId, Assert.Single((await history.OfEvent(all[3].EventId, default)).Caused).EventId);
        Assert.Empty((await history.OfEvent(all[1].EventId, default)).Caused);
    }

    [Fact]
    public async Task An_event_tells_what_was_done_here_because_of_it()
    {
        var (first, second, cause) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.Empty);
        await runner.Execute<Fridge>(first, By, (_, _) => [new VialsStored(1)], default);
        cause = (await workshop.Store.Read(first, default))[0].EventId;
        await runner.Execute<Fridge>(second, By with { CausationId = $"{cause}" }, (_, _) => [new VialsStored(1), new VialsTaken(1)], default);
        await runner.Execute<Fridge>(second, By with { CausationId = "a request" }, (_, _) => [new VialsStored(1)], default);
        await CaughtUp();
        var caused = (await history.OfEvent(cause, default)).Caused;
        Assert.Equal([(second, 1L, "vials_stored"), (second, 2L, "vials_taken")], caused.Select(c => (c.StreamId, c.Version, c.Type)));
    }

    [Fact]
    public void Codes_and_references_are_told_but_never_a_text()
    {
        var facts = History.Facts(new Noted("I10", "Somebody said that she lives at the river", "张", ["fall", "lives alone"], new("x-1", "two words"))).ToString();
        Assert.Equal("""{"code":"I10","codes":["fall"],"inner":{"code":"x-1"}}""", facts);
    }

    private sealed record Inner(string Code, string Text);

    private sealed record Noted(string Code, string Text, string Name, IReadOnlyList<string> Codes, Inner Inner) : DomainEvent;

    private Task CaughtUp() => Until("""
        select count(*) = 2 and min(last_seq_id) = (select max(seq_id) from mt_events) from mt_event_progression where name like '%:All'
        """);

    private Task Until(string sql) => Talking.Until(async () => await workshop.Scalar<object>(sql) is true);
}
