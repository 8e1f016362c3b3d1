using System.Diagnostics;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Contracts;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace FamilyDoctor.Bench;

/// <summary>A long log goes to the broker: the relay and the publisher as every service has them, until the last confirm and checkpoint.</summary>
public sealed class Relaying(bool quick) : Comparison
{
    private const int EventsInAStream = 5;

    /// <summary>Who alone listens to appointments: one quorum queue.</summary>
    private const string Queue = "dashboard";

    private readonly int messages = quick ? 25_000 : 50_000;
    private Database database = null!;
    private RawRabbitMq raw = null!;
    private Post post = null!;
    private (BasicProperties Properties, ReadOnlyMemory<byte> Body) onOurWire;

    public override bool NeedsBroker => true;

    public override IEnumerable<Row> Rows => [
        new("relay", "relay, messages",
            $"RabbitMQ.Client: {messages:N0} times the same body and properties as on our wire, one channel, the same exchange and bound quorum queue, "
                + $"{Relay.MostOutstanding:N0} confirms outstanding at most, as in ours; ours ends with the last checkpoint; counted in the queue afterwards",
            new(0.7, 1.0), Ours, Limit) { IsOneTask = true }];

    public override async Task Prepare(Ground ground)
    {
        database = await ground.CreateDatabase();
        await database.Fill([.. Enumerable.Range(0, messages / EventsInAStream).Select(n => Ids.Of($"Diary:{n}"))], EventsInAStream);
        await database.Settle();
        post = await Post.Open(ground, services => services
            .AddSingleton(database.Source).AddSingleton<IEventStore>(database.Store).AddSingleton<IOutbound, Booked>());
        raw = await RawRabbitMq.Open(ground.Broker);
    }

    private async Task<Measured> Ours(TimeSpan _)
    {
        await database.Run("delete from mt_event_progression; checkpoint");
        await raw.Empty(Queue);
        using var relay = ActivatorUtilities.CreateInstance<Relay>(post.Services);
        var began = Stopwatch.GetTimestamp();
        await relay.StartAsync(CancellationToken.None);
        await database.Reach(Relay.Checkpoint, messages);
        var measured = Measured.Task(messages, began);
        await relay.StopAsync(CancellationToken.None);
        onOurWire = await raw.Take(Queue);
        Unmeasurable.Unless(1 + await raw.Empty(Queue), messages, "messages are in the queue after relaying");
        return measured;
    }

    private async Task<Measured> Limit(TimeSpan _)
    {
        var measured = await raw.Publish(Bus.ExchangeOf(typeof(AppointmentBooked)), onOurWire.Properties, onOurWire.Body, messages, Relay.MostOutstanding);
        Unmeasurable.Unless(await raw.Empty(Queue), messages, "messages are in the queue after publishing");
        return measured;
    }

    public override async ValueTask DisposeAsync()
    {
        await (raw?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (post?.DisposeAsync() ?? ValueTask.CompletedTask);
        await base.DisposeAsync();
    }

    /// <summary>Every event of a diary tells the city of an appointment.</summary>
    private sealed class Booked : IOutbound
    {
        public IEnumerable<IntegrationEvent> Map(Recorded recorded, object? state) => [
            new AppointmentBooked(new(recorded.EventId, recorded.StreamId, recorded.StreamId, recorded.StreamId, recorded.StreamId, recorded.StreamId,
                "330203", "clinic", recorded.OccurredAt, "Booked"))];
    }
}
