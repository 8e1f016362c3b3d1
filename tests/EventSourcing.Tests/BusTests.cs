using System.Collections.Concurrent;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using Testcontainers.RabbitMq;

namespace FamilyDoctor.EventSourcing.Tests;

/// <summary>Between services, over a real broker.</summary>
public sealed class BusTests : IAsyncLifetime
{
    private readonly RabbitMqContainer broker = new RabbitMqBuilder("rabbitmq:3.10").Build();

    public Task InitializeAsync() => broker.StartAsync();

    public async Task DisposeAsync() => await broker.DisposeAsync();

    [Fact]
    public async Task Messages_published_before_a_consumer_s_very_first_start_reach_it()
    {
        using (var teams = await Start("teams", []))
        {
            await teams.Services.GetRequiredService<IPublisher>().Publish([.. Enumerable.Range(1, 50).Select(i => Message(i))], default);
            await teams.StopAsync();
        }
        using var contracts = await Start("contracts", [Reaction.Of<Probe, TeamActivated>()]);
        var probe = contracts.Services.GetRequiredService<Probe>();
        await Talking.Until(() => Task.FromResult(probe.Seen.Count == 50));
        await contracts.StopAsync();
    }

    [Fact]
    public async Task A_passing_fault_is_tried_again_and_a_refusal_waits_for_an_operator()
    {
        using var contracts = await Start("contracts", [Reaction.Of<Probe, TeamActivated>()]);
        var probe = contracts.Services.GetRequiredService<Probe>();
        probe.Faults[2] = new(new TimeoutException("The database is away."), Times: 2);
        probe.Faults[3] = new(new RuleBroken("NO", "No."), Times: int.MaxValue);
        await contracts.Services.GetRequiredService<IPublisher>().Publish([Message(1), Message(2), Message(3), Message(4)], default);

        await Talking.Until(() => Task.FromResult(probe.Seen.Order().SequenceEqual([1L, 2, 4])));
        Assert.Equal(3, probe.Tries[2]);
        await Talking.Until(async () => await Waiting("contracts_error") == 1);
        Assert.Equal(1, probe.Tries[3]);
        await contracts.StopAsync();
    }

    [Fact]
    public async Task A_batch_that_the_broker_does_not_take_fails_whole_and_the_next_one_goes_on()
    {
        using var contracts = await Start("contracts", [Reaction.Of<Probe, TeamActivated>()]);
        var probe = contracts.Services.GetRequiredService<Probe>();
        var publisher = contracts.Services.GetRequiredService<IPublisher>();
        await Assert.ThrowsAnyAsync<Exception>(() => publisher.Publish([new NobodyDeclared { EventId = Guid.CreateVersion7() }, Message(1)], default));
        await Task.WhenAll(publisher.Publish([Message(2)], default), publisher.Publish([], default), publisher.Publish([Message(3)], default));
        await Talking.Until(() => Task.FromResult(probe.Seen.Contains(2) && probe.Seen.Contains(3)));
        await contracts.StopAsync();
    }

    private sealed record NobodyDeclared : IntegrationEvents.IntegrationEvent;

    private async Task<IHost> Start(string service, IReadOnlyList<Reaction> reactions)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddFamilyDoctorBus(service, broker.GetConnectionString(), reactions);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private async Task<uint> Waiting(string queue)
    {
        var factory = new ConnectionFactory { Uri = new(broker.GetConnectionString()) };
        await using var connection = await factory.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException)
        {
            return 0; // not declared yet
        }
    }

    private static TeamActivated Message(long version) => new(new TeamFacts(Guid.CreateVersion7(), Guid.Empty, "330203", "", "", "Active", null, [], 1))
    {
        EventId = Guid.CreateVersion7(),
        CityId = "330200",
        StreamId = Guid.CreateVersion7(),
        StreamVersion = version,
    };

    private sealed record Fault(Exception Exception, int Times);

    private sealed class Probe : IReaction<TeamActivated>
    {
        public ConcurrentQueue<long> Seen { get; } = new();
        public ConcurrentDictionary<long, int> Tries { get; } = new();
        public ConcurrentDictionary<long, Fault> Faults { get; } = new();

        public Task React(TeamActivated message, Envelope cause, CancellationToken ct)
        {
            var tries = Tries.AddOrUpdate(message.StreamVersion, 1, (_, n) => n + 1);
            if (Faults.TryGetValue(message.StreamVersion, out var fault) && tries <= fault.Times)
                throw fault.Exception;
            Assert.Equal(message.EventId.ToString(), cause.CausationId);
            Seen.Enqueue(message.StreamVersion);
            return Task.CompletedTask;
        }
    }
}
