using System.Collections.Concurrent;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using static FamilyDoctor.EventSourcing.Tests.Workshop;

namespace FamilyDoctor.EventSourcing.Tests;

[Collection("database")]
public sealed class RelayTests(Servers servers)
{
    [Fact]
    public async Task Killed_between_publish_and_checkpoint_it_publishes_again_under_the_same_id()
    {
        await using var workshop = await Open(servers);
        var runner = await workshop.StartRunner();
        var fridge = Guid.CreateVersion7();
        for (var i = 1; i <= 5; i++)
            await runner.Execute<Fridge>(fridge, By, (f, _) => Fridge.Store(f, i), default);

        var broker = new Broker { CrashAfter = 5 }; // confirms all five, then the process is gone
        await using (var relay = new Running(workshop, broker))
            await Talking.Until(() => Task.FromResult(broker.Crashed));
        Assert.Equal(0L, await workshop.Scalar<long>("select count(*) from mt_event_progression where name = 'Relay:All'"));

        broker.CrashAfter = int.MaxValue;
        await runner.Execute<Fridge>(fridge, By, (f, _) => Fridge.Store(f, 6), default);
        await using (var relay = new Running(workshop, broker))
            await Talking.Until(() => workshop.Scalar<bool>("select exists (select 1 from mt_event_progression where name = 'Relay:All' and last_seq_id = 6)"));

        Assert.Equal(11, broker.Received.Count);
        var once = broker.Received.DistinctBy(m => m.EventId).ToList();
        Assert.Equal([1, 2, 3, 4, 5, 6], once.Select(m => ((VialsArrived)m).Count));
        Assert.Equal([1L, 2, 3, 4, 5, 6], once.Select(m => m.StreamVersion));
        Assert.All(once, m => Assert.Equal(("330200", fridge, "correlation"), (m.CityId, m.StreamId, m.CorrelationId)));
    }

    [Fact]
    public async Task Of_two_relays_one_publishes_and_the_other_takes_over()
    {
        await using var workshop = await Open(servers);
        var runner = await workshop.StartRunner();
        var broker = new Broker();
        var first = new Running(workshop, broker);
        await using var second = new Running(workshop, broker);
        await Store(runner, 20);
        await Talking.Until(() => Task.FromResult(broker.Received.Count == 20));
        await first.DisposeAsync();
        await Store(runner, 20);
        await Talking.Until(() => Task.FromResult(broker.Received.Count == 40));
        Assert.Equal(40, broker.Received.DistinctBy(m => m.EventId).Count());
    }

    [Fact]
    public async Task While_the_broker_is_away_commands_go_on_and_the_relay_catches_up()
    {
        await using var workshop = await Open(servers);
        var runner = await workshop.StartRunner();
        var broker = new Broker { CrashAfter = 0 };
        await using var relay = new Running(workshop, broker);
        await Store(runner, 10);
        await Talking.Until(() => Task.FromResult(broker.Crashed));
        broker.CrashAfter = int.MaxValue;
        await Talking.Until(() => Task.FromResult(broker.Received.DistinctBy(m => m.EventId).Count() == 10));
    }

    private static async Task Store(Runner runner, int times)
    {
        for (var i = 0; i < times; i++)
            await runner.Execute<Fridge>(Guid.CreateVersion7(), By, (f, _) => Fridge.Store(f, 1), default);
    }

    private sealed record VialsArrived(int Count) : IntegrationEvent;

    private sealed class SampleOutbound : IOutbound
    {
        public IEnumerable<IntegrationEvent> Map(Recorded recorded, object? state) =>
            recorded.Event is VialsStored stored ? [new VialsArrived(stored.Count)] : [];
    }

    /// <summary>Takes messages in until it crashes; what it took in stays taken in.</summary>
    private sealed class Broker : IPublisher
    {
        public ConcurrentQueue<IntegrationEvent> Received { get; } = new();
        public volatile int CrashAfter = int.MaxValue;
        public volatile bool Crashed;

        public Task Publish(IReadOnlyList<IntegrationEvent> messages, CancellationToken ct)
        {
            foreach (var message in messages)
            {
                if (Received.Count < CrashAfter)
                    Received.Enqueue(message);
            }
            if (Received.Count < CrashAfter)
                return Task.CompletedTask;
            Crashed = true;
            throw new IOException("The process is gone.");
        }
    }

    private sealed class Running : IAsyncDisposable
    {
        private readonly Relay relay;

        public Running(Workshop workshop, IPublisher broker)
        {
            relay = new(workshop.Database, workshop.Store, new SampleOutbound(), broker, NullLogger<Relay>.Instance);
            _ = relay.StartAsync(default);
        }

        public async ValueTask DisposeAsync() => await relay.StopAsync(default);
    }
}
