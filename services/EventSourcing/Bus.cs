using FamilyDoctor.IntegrationEvents;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RabbitMQ.Client;

namespace FamilyDoctor.EventSourcing;

/// <summary>RabbitMQ: one quorum queue per service, consumed through MassTransit; refusals are not retried, the rest ends in _error.</summary>
public static class Bus
{
    public static void AddFamilyDoctorBus(this IServiceCollection services, string service, string connectionString, IReadOnlyList<Reaction> reactions)
    {
        foreach (var type in reactions.Select(r => r.Class).Distinct())
            services.AddSingleton(type);
        services.AddSingleton<IPublisher>(_ => new Publisher(connectionString));
        services.AddHostedService(_ => new Topology(connectionString)); // before the bus: hosted services start in order
        services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            foreach (var reaction in reactions)
                reaction.AddTo(bus);
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(new Uri(connectionString));
                if (reactions.Count == 0)
                    return;
                rabbit.ReceiveEndpoint(service, endpoint =>
                {
                    endpoint.SetQuorumQueue();
                    endpoint.ConfigureConsumeTopology = false; // Topology has declared it
                    endpoint.PrefetchCount = 256;
                    endpoint.ConcurrentMessageLimit = 128;
                    endpoint.UseMessageRetry(retry =>
                    {
                        retry.Exponential(6, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(200));
                        retry.Ignore<RuleBroken>();
                    });
                    endpoint.ConfigureConsumers(context);
                });
            });
        });
        services.Configure<MassTransitHostOptions>(options => options.WaitUntilStarted = false);
    }

    /// <summary>As MassTransit calls it.</summary>
    public static string ExchangeOf(Type message) => $"{message.Namespace}:{message.Name}";

    /// <summary>
    /// Declares every exchange, queue and binding of the one subscription table before anything is published: what is
    /// published to nobody is lost, confirmed or not. Keeps trying while the broker is away.
    /// </summary>
    private sealed class Topology(string connectionString) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            var factory = new ConnectionFactory { Uri = new Uri(connectionString) };
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    await using var connection = await factory.CreateConnectionAsync("topology", cancellationToken);
                    await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
                    foreach (var (consumer, messages) in Subscriptions.ByConsumer)
                    {
                        await channel.ExchangeDeclareAsync(consumer, "fanout", durable: true, cancellationToken: cancellationToken);
                        await channel.QueueDeclareAsync(consumer, durable: true, exclusive: false, autoDelete: false,
                            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: cancellationToken);
                        await channel.QueueBindAsync(consumer, consumer, "", cancellationToken: cancellationToken);
                        foreach (var message in messages)
                        {
                            var exchange = ExchangeOf(message);
                            await channel.ExchangeDeclareAsync(exchange, "fanout", durable: true, cancellationToken: cancellationToken);
                            await channel.ExchangeBindAsync(consumer, exchange, "", cancellationToken: cancellationToken);
                        }
                    }
                    return;
                }
                catch (RabbitMQ.Client.Exceptions.BrokerUnreachableException) when (attempt < 120)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(500), cancellationToken);
                }
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
