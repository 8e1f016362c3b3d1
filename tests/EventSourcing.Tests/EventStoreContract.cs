using FamilyDoctor.Testing;
using Npgsql;

namespace FamilyDoctor.EventSourcing.Tests;

/// <summary>What every event store promises: the same tests on the store that is compiled and on the one in memory.</summary>
public abstract class EventStoreContract
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.Parse("2024-03-01T04:00:00Z");
    private static readonly StreamKind Kind = StreamKind.Of<Fridge>();
    private static readonly Headers By = new("330200", Noon, new("tester", "clinic"), 1);

    protected abstract Task<IEventStore> Open();

    [Fact]
    public async Task The_versions_of_a_stream_are_one_two_three_without_gap()
    {
        var store = await Open();
        var fridge = Guid.CreateVersion7();
        Assert.Empty(await store.Append([Add(fridge, 0, 1, 2)], default));
        Assert.Empty(await store.Append([Add(fridge, 2, 3)], default));
        Assert.Empty(await store.Append([Add(fridge, 3, 4, 5, 6)], default));

        var history = await store.Read(fridge, default);
        Assert.Equal([1L, 2, 3, 4, 5, 6], history.Select(e => e.Version));
        Assert.Equal([1, 2, 3, 4, 5, 6], Counts(history));
        Assert.Equal(history.Select(e => e.Sequence).Order().Distinct(), history.Select(e => e.Sequence));
    }

    [Fact]
    public async Task A_unit_that_falls_spoils_no_other()
    {
        var store = await Open();
        var (known, one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await store.Append([Add(known, 0, 1, 1)], default);

        var lost = await store.Append([Add(one, 0, 1), Add(known, 1, 7), Add(Guid.CreateVersion7(), 3, 7), Add(known, 2, 2), Add(other, 0, 1)], default);

        Assert.Equal(new() { [1] = Lost.Stale, [2] = Lost.Stale }, lost.ToDictionary());
        Assert.Equal([1, 1, 2], Counts(await store.Read(known, default)));
        Assert.Equal([1], Counts(await store.Read(one, default)));
        Assert.Equal([1], Counts(await store.Read(other, default)));
    }

    [Fact]
    public async Task Two_streams_of_a_unit_stand_or_fall_together()
    {
        var store = await Open();
        var (from, to) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await store.Append([Add(from, 0, 10)], default);

        var lost = await store.Append([Both(Change(from, 1, 1), Change(to, 5, 1))], default);
        Assert.Equal(Lost.Stale, lost[0]);
        Assert.Equal([10], Counts(await store.Read(from, default)));
        Assert.Empty(await store.Read(to, default));

        Assert.Empty(await store.Append([Both(Change(from, 1, 1), Change(to, 0, 1))], default));
        Assert.Equal([10, 1], Counts(await store.Read(from, default)));
        Assert.Equal([1], Counts(await store.Read(to, default)));
    }

    [Fact]
    public async Task A_stream_that_a_unit_only_looks_at_must_be_as_it_was()
    {
        var store = await Open();
        var (seen, written) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await store.Append([Add(seen, 0, 1)], default);
        Assert.Equal(Lost.Stale, (await store.Append([Both(Change(seen, 0), Change(written, 0, 1))], default))[0]);
        Assert.Empty(await store.Read(written, default));
        Assert.Empty(await store.Append([Both(Change(seen, 1), Change(written, 0, 1))], default));
        Assert.Single(await store.Read(written, default));
    }

    [Fact]
    public async Task A_unit_without_events_confirms_versions()
    {
        var store = await Open();
        var (known, unknown) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await store.Append([Add(known, 0, 1)], default);
        var lost = await store.Append([Both(Change(known, 1), Change(unknown, 0)), Both(Change(known, 2)), Both(Change(unknown, 1))], default);
        Assert.Equal(new() { [1] = Lost.Stale, [2] = Lost.Stale }, lost.ToDictionary());
        Assert.Single(await store.Read(known, default));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Of_two_units_on_one_stream_the_first_stands(int version)
    {
        var store = await Open();
        var (fridge, bystander) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        if (version > 0)
            await store.Append([Add(fridge, 0, 1, 2)], default);
        var lost = await store.Append([Add(fridge, version, 10), Add(fridge, version, 20), Add(bystander, 0, 1)], default);
        Assert.Equal(new() { [1] = Lost.Stale }, lost.ToDictionary());
        Assert.Equal([10], Counts(await store.Read(fridge, default)).Skip(version));
        Assert.Single(await store.Read(bystander, default));
    }

    [Fact]
    public async Task An_answer_is_remembered_with_what_it_answers()
    {
        var store = await Open();
        var (fridge, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var (answer, never) = (new Answer("key", "hash", fridge, 1), new Answer("never", "hash", other, 1));
        var lost = await store.Append([Add(fridge, 0, 1) with { Answers = [answer] }, Add(other, 4, 1) with { Answers = [never] }], default);

        Assert.Equal([1], lost.Keys);
        Assert.Equal(answer, Assert.Single(await store.FindAnswers(["key", "never", "unknown"], default)).Value);
    }

    [Fact]
    public async Task A_key_that_was_answered_is_not_answered_again()
    {
        var store = await Open();
        var (fridge, bystander) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var answer = new Answer("key", "hash", fridge, 1);
        await store.Append([Add(fridge, 0, 1) with { Answers = [answer] }], default);
        var lost = await store.Append([Add(fridge, 1, 2) with { Answers = [answer with { Version = 2 }] }, Add(bystander, 0, 1)], default);
        Assert.Equal(new() { [0] = Lost.Stale }, lost.ToDictionary());
        Assert.Equal([1], Counts(await store.Read(fridge, default)));
        Assert.Single(await store.Read(bystander, default));
        Assert.Equal(answer, (await store.FindAnswers(["key"], default))["key"]);
    }

    [Fact]
    public async Task Who_asks_with_an_answered_key_hears_so_whatever_became_of_the_stream()
    {
        var store = await Open();
        var (fridge, bystander) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await store.Append([Add(fridge, 0, 1) with { Answers = [new("key", "hash", fridge, 1)], Keys = ["key"] }], default);
        foreach (var version in new[] { 0, 1, 7 })
        {
            var lost = await store.Append([Add(fridge, version, 2) with { Keys = ["key"] }], default);
            Assert.Equal(new() { [0] = Lost.Answered }, lost.ToDictionary());
        }
        Assert.Empty(await store.Append([Add(bystander, 0, 1) with { Keys = ["another"] }], default));
        Assert.Equal([1], Counts(await store.Read(fridge, default)));
    }

    [Fact]
    public async Task A_deadline_is_set_then_moved_then_gone()
    {
        var store = await Open();
        var fridge = Guid.CreateVersion7();
        await store.Append([Both(Change(fridge, 0, 1) with { DeadlinesSet = [new("lapse", Noon), new("check", Noon.AddHours(2))] })], default);
        Assert.Empty(await store.ClaimDue(Noon.AddTicks(-10), 10, default));
        Assert.Equal(new(fridge, "fridge", new("lapse", Noon)), Assert.Single(await store.ClaimDue(Noon, 10, default)));

        await store.Append([Both(Change(fridge, 1, 1) with { DeadlinesSet = [new("lapse", Noon.AddHours(1))] })], default);
        Assert.Empty(await store.ClaimDue(Noon, 10, default));
        Assert.Equal(new("lapse", Noon.AddHours(1)), Assert.Single(await store.ClaimDue(Noon.AddHours(1), 10, default)).Deadline);

        await store.Append([Both(Change(fridge, 2, 1) with { DeadlinesGone = ["lapse"] })], default);
        Assert.Equal("check", Assert.Single(await store.ClaimDue(Noon.AddDays(1), 10, default)).Deadline.Name);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(9)]
    public async Task A_deadline_between_two_microseconds_fires_when_it_is_due_not_before(int ticks)
    {
        var store = await Open();
        var (fridge, due) = (Guid.CreateVersion7(), Noon.AddTicks(ticks));
        await store.Append([Both(Change(fridge, 0, 1) with { DeadlinesSet = [new("lapse", due)] })], default);
        var claimed = Assert.Single(await store.ClaimDue(Noon.AddMicroseconds(1), 10, default)).Deadline;
        Assert.InRange(claimed.Due, due, Noon.AddMicroseconds(1));
    }

    [Fact]
    public async Task What_fell_leaves_no_deadline_and_no_alias()
    {
        var store = await Open();
        var (fridge, alias) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await store.Append([Both(Change(fridge, 0, 1) with { DeadlinesSet = [new("lapse", Noon)] })], default);
        var lost = await store.Append(
            [Both(Change(fridge, 4, 1) with { DeadlinesSet = [new("check", Noon)], DeadlinesGone = ["lapse"], NewAliases = [alias] })], default);
        Assert.Equal(Lost.Stale, lost[0]);
        Assert.Equal("lapse", Assert.Single(await store.ClaimDue(Noon, 10, default)).Deadline.Name);
        Assert.Null(await store.FindAlias(alias, default));
    }

    [Fact]
    public async Task A_stream_is_found_under_its_aliases_and_an_alias_stays_with_the_first()
    {
        var store = await Open();
        var (first, second, one, two) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        await store.Append([Both(Change(first, 0, 1) with { NewAliases = [one, two] })], default);
        await store.Append([Both(Change(second, 0, 1) with { NewAliases = [two] })], default);
        Assert.Equal(first, await store.FindAlias(one, default));
        Assert.Equal(first, await store.FindAlias(two, default));
        Assert.Null(await store.FindAlias(first, default));
    }

    [Fact]
    public async Task Reading_after_a_version_gives_only_what_came_later()
    {
        var store = await Open();
        var (one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await store.Append([Add(one, 0, 1, 2, 3), Add(other, 0, 4, 5)], default);
        var read = await store.Read([(one, 2), (other, 0), (Guid.CreateVersion7(), 0)], default);
        Assert.Equal(2, read.Count);
        Assert.Equal((3L, 3), (Assert.Single(read[one]).Version, Counts(read[one])[0]));
        Assert.Equal([4, 5], Counts(read[other]));
        Assert.Empty(await store.Read([(one, 3), (other, 9)], default));
    }

    [Fact]
    public async Task The_log_gives_everything_in_the_order_it_was_appended()
    {
        var store = await Open();
        var (one, other) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await store.Append([Both(Change(one, 0, 1, 2), Change(other, 0, 3))], default);
        await store.Append([Add(other, 1, 4), Add(one, 2, 5)], default);
        await store.Append([Add(other, 2, 6)], default);

        var reader = store.ReadLog(0);
        var log = new List<Recorded>();
        while (await reader.Next(2, default) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= 2);
            log.AddRange(page);
        }
        Assert.False(reader.IsWaiting);
        Assert.Equal([1, 2, 3, 4, 5, 6], Counts(log));
        Assert.Equal([(one, 1L), (one, 2), (other, 1), (other, 2), (one, 3), (other, 3)], log.Select(e => (e.StreamId, e.Version)));
        Assert.Equal([4, 5, 6], Counts(await store.ReadLog(log[2].Sequence).Next(100, default)));
        await store.Append([Add(one, 3, 7)], default);
        Assert.Equal([7], Counts(await reader.Next(100, default)));
    }

    [Fact]
    public async Task What_was_appended_is_read_back_whole()
    {
        var store = await Open();
        var fridge = Guid.CreateVersion7();
        var until = DateTimeOffset.Parse("2024-03-01T12:34:56.789012+08:00");
        var events = new List<NewEvent>
        {
            new(Guid.CreateVersion7(), new VialsReserved(3, until), "correlation", "cause",
                new("330200", until, new("doctor", "clinic", "org", "guardian"), 7, "desk", "REASON \"é\" 家")),
            new(Guid.CreateVersion7(), new VialsReservationLapsed(), "other", null, By),
        };
        await store.Append([new([new(fridge, Kind, 0, events, [], [], [])], [])], default);

        var history = await store.Read(fridge, default);
        var log = await store.ReadLog(0).Next(10, default);
        Assert.Equal(history, log);
        Assert.All([history, log], read => Assert.Equal(events, read.Select(e => new NewEvent(e.EventId, e.Event, e.CorrelationId, e.CausationId, e.Headers))));
        Assert.Equal(until, history[0].OccurredAt);
        Assert.Equal(TimeSpan.Zero, history[0].RecordedAt.Offset);
        Assert.Equal(history[0].RecordedAt, history[1].RecordedAt);
    }

    [Fact]
    public async Task Who_waits_for_an_append_hears_of_it()
    {
        var store = await Open();
        var waiting = store.NextAppend;
        Assert.False(waiting.IsCompleted);
        await store.Append([Add(Guid.CreateVersion7(), 0, 1)], default);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    protected static Unit Add(Guid stream, long expected, params int[] counts) => Both(Change(stream, expected, counts));

    protected static Unit Both(params StreamChange[] changes) => new(changes, []);

    protected static StreamChange Change(Guid stream, long expected, params int[] counts) => new(stream, Kind, expected,
        [.. counts.Select(count => new NewEvent(Guid.CreateVersion7(), new VialsStored(count), "correlation", null, By))], [], [], []);

    protected static List<int> Counts(IEnumerable<Recorded> history) => [.. history.Select(e => ((VialsStored)e.Event).Count)];
}

public sealed class InMemoryStoreTests : EventStoreContract
{
    protected override Task<IEventStore> Open() => Task.FromResult<IEventStore>(new InMemoryEventStore(TimeProvider.System));
}

/// <summary>The store that is compiled: the built-in one, or Marten's.</summary>
[Collection("database")]
public sealed class DatabaseStoreTests(Servers servers) : EventStoreContract, IAsyncLifetime
{
    private Workshop workshop = null!;

    public async Task InitializeAsync() => workshop = await Workshop.Open(servers);

    public async Task DisposeAsync() => await workshop.DisposeAsync();

    protected override Task<IEventStore> Open() => Task.FromResult(workshop.Store);

    [Fact]
    public async Task A_stream_opened_by_another_at_the_same_moment_spoils_no_other_unit()
    {
        var (contested, bystander) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await using var connection = await workshop.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var open = new NpgsqlCommand("insert into mt_streams (id, version) values ($1, 1)", connection, transaction))
        {
            open.Parameters.AddWithValue(contested);
            await open.ExecuteNonQueryAsync();
        }
        var appending = workshop.Store.Append([Add(contested, 0, 1), Add(bystander, 0, 1)], default);
        await Talking.Until(async () => await workshop.Scalar<long>("select count(*) from pg_locks where not granted") > 0);
        await transaction.CommitAsync();

        Assert.Equal(new() { [0] = Lost.Stale }, (await appending).ToDictionary());
        Assert.Single(await workshop.Store.Read(bystander, default));
    }

    [Fact]
    public async Task A_stream_that_another_writer_holds_is_held_for_who_writes_and_open_to_who_looks()
    {
        var (held, free) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        await workshop.Store.Append([Add(held, 0, 1), Add(free, 0, 1)], default);
        await using var connection = await workshop.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("select 1 from mt_streams where id = $1 for update", connection, transaction))
        {
            hold.Parameters.AddWithValue(held);
            await hold.ExecuteNonQueryAsync();
        }

        var lost = await workshop.Store.Append([Add(held, 1, 2), Both(Change(held, 1)), Both(Change(held, 1), Change(free, 1, 2)), Add(Guid.CreateVersion7(), 0, 1)], default);
        Assert.Equal(new() { [0] = Lost.Held, [2] = Lost.Held }, lost.ToDictionary());
        await transaction.RollbackAsync();
        Assert.Empty(await workshop.Store.Append([Add(held, 1, 2)], default));
    }

    [Theory]
    [InlineData("mt_streams", "id")]
    [InlineData("mt_events", "stream_id")]
    public async Task No_append_of_this_store_is_lost_to_the_log_however_late_it_commits(string table, string id)
    {
        var late = Guid.CreateVersion7();
        await workshop.Store.Append([Add(Guid.CreateVersion7(), 0, 1)], default);
        await workshop.Run($"""
            create function hold() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(1); return new; end $$;
            create trigger hold before insert on {table} for each row when (new.{id} = '{late}') execute function hold()
            """);
        await using var connection = await workshop.Database.OpenConnectionAsync();
        await using (var hold = new NpgsqlCommand("select pg_advisory_lock(1)", connection))
            await hold.ExecuteNonQueryAsync();
        var appending = workshop.Store.Append([Add(late, 0, 2)], default);
        await Talking.Until(async () => await workshop.Scalar<long>("select count(*) from pg_locks where locktype = 'advisory' and not granted") > 0);
        await workshop.Store.Append([Add(Guid.CreateVersion7(), 0, 3)], default);

        var reader = workshop.Store.ReadLog(0);
        var log = new List<Recorded>();
        while (await reader.Next(100, default) is { Count: > 0 } page)
            log.AddRange(page);
        Assert.DoesNotContain(2, Counts(log));
        // Where the number was taken already, what comes after it is not read yet.
        Assert.Equal(table == "mt_events", reader.IsWaiting);
        await using (var release = new NpgsqlCommand("select pg_advisory_unlock(1)", connection))
            await release.ExecuteNonQueryAsync();
        Assert.Empty(await appending);
        log.AddRange(await reader.Next(100, default));
        Assert.Equal([1, 2, 3], Counts(log).Order());
        Assert.Equal([1L, 2, 3], log.Select(e => e.Sequence));
    }

    [Fact]
    public async Task Archived_streams_tombstones_empty_headers_and_newer_events_are_read_for_what_they_are()
    {
        var fridge = Guid.CreateVersion7();
        await workshop.Store.Append([Add(fridge, 0, 1)], default);
        await workshop.Run($$"""
            update mt_streams set version = 4, is_archived = true;
            update mt_events set is_archived = true;
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, headers, is_archived) values
                (nextval('mt_events_sequence'), gen_random_uuid(), '{{fridge}}', 2, '{"Count": 2, "Colour": "blue"}', 'vials_stored', now(), 'null', true),
                (nextval('mt_events_sequence'), gen_random_uuid(), '{{fridge}}', 3, '{"Count": 3}', 'vials_stored', now(), null, true),
                (nextval('mt_events_sequence'), gen_random_uuid(), '{{fridge}}', 4, '{}', 'fridge_frosted', now(), '{}', true);
            insert into mt_streams (id, version) values ('00000000-0000-0000-0000-000000000001', 0);
            insert into mt_events (seq_id, id, stream_id, version, data, type, timestamp, headers)
            select nextval('mt_events_sequence'), gen_random_uuid(), '00000000-0000-0000-0000-000000000001', 5, '{}', 'tombstone', now(), 'null'
            """);
        await workshop.Store.Append([Add(Guid.CreateVersion7(), 0, 9)], default);

        var history = await workshop.Store.Read(fridge, default);
        Assert.Equal([new VialsStored(1), new VialsStored(2), new VialsStored(3), new UnknownEvent("fridge_frosted")], history.Select(e => e.Event));
        Assert.Equal(new Actor("unknown", "unknown"), history[1].Headers.Actor);
        Assert.Equal(history[2].RecordedAt, history[2].OccurredAt);
        Assert.Equal([1L, 2, 3, 4, 6], (await workshop.Store.ReadLog(0).Next(100, default)).Select(e => e.Sequence));
    }

    [Fact]
    public async Task A_claimed_deadline_is_nobody_else_s_until_it_moves()
    {
        var (fridge, noon) = (Guid.CreateVersion7(), DateTimeOffset.Parse("2024-03-01T04:00:00Z"));
        await workshop.Store.Append([Both(Change(fridge, 0, 1) with { DeadlinesSet = [new("lapse", noon)] })], default);
        Assert.Single(await workshop.Store.ClaimDue(noon, 10, default));
        Assert.Empty(await workshop.Store.ClaimDue(noon, 10, default));
        await workshop.Store.Append([Both(Change(fridge, 1, 1) with { DeadlinesSet = [new("lapse", noon.AddMinutes(1))] })], default);
        Assert.Single(await workshop.Store.ClaimDue(noon.AddMinutes(1), 10, default));
    }
}
