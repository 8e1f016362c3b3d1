using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace FamilyDoctor.EndToEnd.Tests;

/// <summary>The broker as a mischievous network sees it: sends what was sent before, in any order.</summary>
internal sealed class Rim : IAsyncDisposable
{
    private readonly IHost host;
    private readonly IConnection connection;

    private Rim(IHost host, IConnection connection) => (this.host, this.connection) = (host, connection);

    public static async Task<Rim> Open(string broker)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddFamilyDoctorBus("rim", broker, []);
        var host = builder.Build();
        await host.StartAsync();
        return new(host, await new ConnectionFactory { Uri = new(broker) }.CreateConnectionAsync());
    }

    public async Task Send(string publisher, IEnumerable<FeedItem> items)
    {
        var types = Subscriptions.AllMessages.Where(t => t.Namespace!.EndsWith(publisher, StringComparison.OrdinalIgnoreCase)).ToDictionary(t => t.Name);
        var bus = host.Services.GetRequiredService<IPublisher>();
        foreach (var item in items)
            await bus.Publish([(IntegrationEvent)item.Message.Deserialize(types[item.Type], JsonSerializerOptions.Web)!], default);
    }

    /// <summary>Whatever waits for a service that is down is taken out and put back twice, in another order.</summary>
    /// <returns>How many messages waited.</returns>
    public async Task<int> Shuffle(string queue, Random chance)
    {
        await using var channel = await connection.CreateChannelAsync(new(true, true));
        var waiting = new List<BasicGetResult>();
        while (await channel.BasicGetAsync(queue, autoAck: false) is { } message)
            waiting.Add(message);
        BasicGetResult[] again = [.. waiting, .. waiting];
        chance.Shuffle(again);
        foreach (var message in again)
            await channel.BasicPublishAsync("", queue, mandatory: true, new BasicProperties(message.BasicProperties), message.Body);
        foreach (var message in waiting)
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false);
        return waiting.Count;
    }

    public async Task<bool> IsEmpty(string queue)
    {
        await using var channel = await connection.CreateChannelAsync();
        return (await channel.QueueDeclarePassiveAsync(queue)).MessageCount == 0;
    }

    /// <summary>How many messages a service could not handle.</summary>
    public async Task<uint> Failed(string service)
    {
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            return (await channel.QueueDeclarePassiveAsync($"{service}_error")).MessageCount;
        }
        catch (OperationInterruptedException)
        {
            return 0; // the queue comes with its first message
        }
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await host.StopAsync();
        host.Dispose();
    }
}
