using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;

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

    public async Task<bool> IsEmpty(string queue)
    {
        await using var channel = await connection.CreateChannelAsync();
        return (await channel.QueueDeclarePassiveAsync(queue)).MessageCount == 0;
    }

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await host.StopAsync();
        host.Dispose();
    }
}
