using System.Diagnostics;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace FamilyDoctor.Bench;

/// <summary>RabbitMQ's own client on one connection: publishes ready-made bytes and counts the confirms, nothing else.</summary>
public sealed class RawRabbitMq : IAsyncDisposable
{
    private readonly IConnection connection;
    private readonly IChannel channel;

    private RawRabbitMq(IConnection connection, IChannel channel) => (this.connection, this.channel) = (connection, channel);

    public static async Task<RawRabbitMq> Open(string broker)
    {
        var connection = await new ConnectionFactory { Uri = new(broker) }.CreateConnectionAsync();
        return new(connection, await connection.CreateChannelAsync());
    }

    /// <summary>Empties a queue and says how many messages were in it.</summary>
    public async Task<long> Empty(string queue) => await channel.QueuePurgeAsync(queue);

    /// <summary>A message as it came over the wire, taken out of the queue.</summary>
    public async Task<(BasicProperties Properties, ReadOnlyMemory<byte> Body)> Take(string queue) =>
        await channel.BasicGetAsync(queue, autoAck: true) is { } message
            ? (new(message.BasicProperties), message.Body)
            : throw new Unmeasurable($"The bench stops: no message is in the queue {queue}.");

    /// <summary>Publishes the same message so many times on a fresh channel, and returns when the broker has confirmed them all.</summary>
    /// <param name="outstanding">So many may wait for their confirm at a time.</param>
    public async Task<Measured> Publish(string exchange, BasicProperties properties, ReadOnlyMemory<byte> body, int messages, int outstanding)
    {
        await using var confirming = await connection.CreateChannelAsync(new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false));
        using var room = new SemaphoreSlim(outstanding);
        var confirms = new Confirms(messages, room);
        confirming.BasicAcksAsync += (_, ack) => confirms.Add(ack);
        confirming.BasicNacksAsync += (_, _) => confirms.Fail();

        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < messages; i++)
        {
            await room.WaitAsync();
            await confirming.BasicPublishAsync(exchange, "", mandatory: false, properties, body);
        }
        await confirms.All;
        return Measured.Task(messages, began);
    }

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }

    /// <summary>Which messages are confirmed; they come one by one or all up to a number, from one thread.</summary>
    private sealed class Confirms(int messages, SemaphoreSlim room)
    {
        private readonly TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly bool[] confirmed = new bool[messages + 1];
        private int count, upTo;

        public Task All => all.Task;

        public Task Add(BasicAckEventArgs ack)
        {
            var (tag, before) = ((int)ack.DeliveryTag, count);
            for (var i = ack.Multiple ? upTo + 1 : tag; i <= tag; i++)
            {
                if (!confirmed[i])
                    (confirmed[i], count) = (true, count + 1);
            }
            if (ack.Multiple)
                upTo = Math.Max(upTo, tag);
            if (count > before)
                room.Release(count - before);
            if (count == messages)
                all.TrySetResult();
            return Task.CompletedTask;
        }

        public Task Fail()
        {
            all.TrySetException(new Unmeasurable("The bench stops: the broker refused a message."));
            return Task.CompletedTask;
        }
    }
}
