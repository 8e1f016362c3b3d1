using System.Buffers;
using System.Text.Json;
using FamilyDoctor.IntegrationEvents;
using MassTransit;
using RabbitMQ.Client;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// Publishes in MassTransit's documented envelope through the broker's own client: in order on one channel, confirms
/// counted by the batch. MassTransit's pipeline for each message would cost more than all the rest of the relay.
/// </summary>
internal sealed class Publisher(string connectionString) : IPublisher, IAsyncDisposable
{
    private readonly SemaphoreSlim sending = new(1);
    private IConnection? connection;
    private IChannel? channel;
    private Confirms confirms = new();

    public async Task Publish(IReadOnlyList<IntegrationEvent> messages, CancellationToken ct)
    {
        if (messages.Count == 0)
            return;
        Task confirmed;
        await sending.WaitAsync(ct);
        try
        {
            var open = await Channel(ct);
            confirmed = confirms.Expect(messages.Count);
            foreach (var message in messages)
                await Send(open, message, ct);
        }
        catch
        {
            await DisposeAsync(); // how much of the batch was sent is unknown now
            throw;
        }
        finally
        {
            sending.Release();
        }
        await confirmed.WaitAsync(ct);
    }

    /// <summary>After a fault a new connection is made: what was not confirmed comes again from whoever published it.</summary>
    private async Task<IChannel> Channel(CancellationToken ct)
    {
        if (channel is { IsOpen: true })
            return channel;
        await DisposeAsync();
        connection = await new ConnectionFactory { Uri = new(connectionString), AutomaticRecoveryEnabled = false }.CreateConnectionAsync("relay", ct);
        channel = await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false), ct);
        var fresh = confirms = new();
        channel.BasicAcksAsync += (_, ack) => fresh.Confirm(ack.DeliveryTag, ack.Multiple);
        channel.BasicNacksAsync += (_, _) => fresh.Fail(new IOException("The broker could not keep a message."));
        channel.ChannelShutdownAsync += (_, reason) => fresh.Fail(new IOException($"The channel to the broker was closed: {reason.ReplyText}."));
        return channel;
    }

    private static ValueTask Send(IChannel channel, IntegrationEvent message, CancellationToken ct)
    {
        var type = message.GetType();
        var properties = new BasicProperties
        {
            ContentType = "application/vnd.masstransit+json",
            DeliveryMode = DeliveryModes.Persistent,
            MessageId = message.EventId.ToString(),
        };
        return channel.BasicPublishAsync(Bus.ExchangeOf(type), "", mandatory: false, properties, Envelope(message, type), ct);
    }

    private static ReadOnlyMemory<byte> Envelope(IntegrationEvent message, Type type)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(bytes);
        json.WriteStartObject();
        json.WriteString("messageId", message.EventId);
        if (Guid.TryParse(message.CorrelationId, out var correlation))
            json.WriteString("correlationId", correlation);
        json.WriteStartArray("messageType");
        json.WriteStringValue(MessageUrn.ForTypeString(type));
        json.WriteEndArray();
        json.WritePropertyName("message");
        JsonSerializer.Serialize(json, message, type, JsonSerializerOptions.Web);
        json.WriteEndObject();
        json.Flush();
        return bytes.WrittenMemory;
    }

    public async ValueTask DisposeAsync()
    {
        if (channel is not null)
            await channel.DisposeAsync();
        if (connection is not null)
            await connection.DisposeAsync();
        (channel, connection) = (null, null);
    }

    /// <summary>Which messages of a channel the broker has; it numbers them 1, 2, 3 and confirms them one by one or all up to a number.</summary>
    private sealed class Confirms
    {
        private readonly Dictionary<ulong, Batch> open = [];
        private ulong sent, oldest = 1;
        private Exception? failed;

        /// <summary>Completes when the next so many messages are confirmed.</summary>
        public Task Expect(int messages)
        {
            var batch = new Batch { Open = messages };
            lock (open)
            {
                if (failed is not null)
                    throw failed;
                for (var i = 0; i < messages; i++)
                    open.Add(++sent, batch);
            }
            return batch.All.Task;
        }

        public Task Confirm(ulong number, bool allUpToIt)
        {
            lock (open)
            {
                for (var n = allUpToIt ? oldest : number; n <= number; n++)
                {
                    if (open.Remove(n, out var batch) && --batch.Open == 0)
                        batch.All.TrySetResult();
                }
                if (allUpToIt)
                    oldest = number + 1;
            }
            return Task.CompletedTask;
        }

        public Task Fail(Exception reason)
        {
            lock (open)
            {
                failed ??= reason;
                foreach (var batch in open.Values)
                    batch.All.TrySetException(failed);
                open.Clear();
            }
            return Task.CompletedTask;
        }

        private sealed class Batch
        {
            public int Open { get; set; }
            public TaskCompletionSource All { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
