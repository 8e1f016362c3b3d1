using FamilyDoctor.IntegrationEvents;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace FamilyDoctor.EventSourcing;

/// <summary>What a service tells the others: a pure function from what happened to the published language.</summary>
public interface IOutbound
{
    /// <summary>The state that a message about this event needs beside it, or null.</summary>
    StreamKind? Needs(DomainEvent @event) => null;

    /// <summary>The facts to publish; the header is stamped by <see cref="Outbound.Messages"/>.</summary>
    /// <param name="state">The stream's state just after the event, when <see cref="Needs"/> asks for it.</param>
    IEnumerable<IntegrationEvent> Map(Recorded recorded, object? state);
}

/// <summary>Turns pages of the log into stamped messages, for the relay and the feed alike.</summary>
public static class Outbound
{
    public static async Task<IReadOnlyList<(Recorded Recorded, IntegrationEvent Message)>> Messages(
        this IOutbound outbound, IEventStore store, IReadOnlyList<Recorded> page, CancellationToken ct)
    {
        var needed = page.Select(r => (r.StreamId, Kind: outbound.Needs(r.Event))).Where(n => n.Kind is not null)
            .DistinctBy(n => n.StreamId).ToDictionary(n => n.StreamId, n => n.Kind!);
        var histories = needed.Count == 0 ? null : await store.Read([.. needed.Keys.Select(id => (id, 0L))], ct, withHeaders: false);
        var states = new Dictionary<Guid, (object? State, int Folded)>();

        var messages = new List<(Recorded, IntegrationEvent)>(page.Count);
        foreach (var recorded in page)
        {
            object? state = null;
            if (outbound.Needs(recorded.Event) is not null)
                state = StateAt(recorded);
            var n = 0;
            foreach (var message in outbound.Map(recorded, state))
                messages.Add((recorded, Stamp(message, recorded, n++)));
        }
        return messages;

        object? StateAt(Recorded recorded)
        {
            var kind = needed[recorded.StreamId];
            var (state, folded) = states.GetValueOrDefault(recorded.StreamId);
            var history = histories![recorded.StreamId];
            while (folded < recorded.Version)
                state = kind.Evolve(state, history[folded++].Event);
            states[recorded.StreamId] = (state, folded);
            return state;
        }
    }

    private static IntegrationEvent Stamp(IntegrationEvent message, Recorded recorded, int n) => message with
    {
        EventId = n == 0 ? recorded.EventId : Ids.Of(recorded.EventId, n.ToString()),
        CityId = recorded.Headers.CityId,
        StreamId = recorded.StreamId,
        StreamVersion = recorded.Version,
        OccurredAt = recorded.OccurredAt,
        RecordedAt = recorded.RecordedAt,
        CorrelationId = recorded.CorrelationId,
        CausationId = recorded.CausationId,
    };
}

/// <summary>Where messages go; MassTransit in a running service, a list in tests and simulations.</summary>
public interface IPublisher
{
    /// <summary>Completes when the broker has confirmed every message. Calls may overlap; they are sent in the order of the calls.</summary>
    Task Publish(IReadOnlyList<IntegrationEvent> messages, CancellationToken ct);
}

/// <summary>
/// The event log is the outbox: reads it in order, publishes with confirms, then moves its checkpoint. Killed between
/// the two it publishes again, under the same message id.
/// </summary>
public sealed class Relay(
    NpgsqlDataSource database, IEventStore store, IOutbound outbound, IPublisher publisher, ILogger<Relay> log)
    : Elected("relay", database, log)
{
    public const string Checkpoint = "Relay:All";
    private const int Page = 500, MostUnderWay = 8;

    /// <summary>So many events may wait for the broker's confirm.</summary>
    public const int MostOutstanding = Page * MostUnderWay;

    private readonly NpgsqlDataSource database = database;

    protected override async Task Work(CancellationToken ct)
    {
        var position = await Progress.Find(database, Checkpoint, ct) ?? 0;
        var reader = store.ReadLog(position);
        var underWay = new Queue<(long UpTo, Task Published)>();
        var (confirmed, moved, moving) = (position, position, Task.FromResult(true));
        while (true)
        {
            var appended = store.NextAppend;
            var page = await reader.Next(Page, ct);
            if (page.Count > 0)
            {
                var messages = await outbound.Messages(store, page, ct);
                underWay.Enqueue((page[^1].Sequence, publisher.Publish([.. messages.Select(m => m.Message)], ct)));
            }
            while (underWay.Count >= (page.Count > 0 ? MostUnderWay : 1))
            {
                var (upTo, published) = underWay.Dequeue();
                await published;
                confirmed = upTo;
            }
            // The checkpoint follows at its own pace: the next pages need not wait for its commit.
            if (page.Count == 0 || moving.IsCompleted)
            {
                if (!await moving)
                    return; // another relay has taken over
                if (moved < confirmed)
                    (moving, moved) = (Move(moved, confirmed, ct), confirmed);
            }
            if (page.Count == 0)
                await (moving.IsCompleted ? appended.OrAMoment(ct) : moving);
        }
    }

    private async Task<bool> Move(long from, long to, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        return await Progress.Move(connection, [Checkpoint], from, to, ct);
    }
}
