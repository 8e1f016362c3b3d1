using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;

namespace FamilyDoctor.Dashboard.Receiving;

/// <summary>Whatever the services say is written down once, at the time it happened.</summary>
public sealed class WhenAnythingHappened<TMessage>(Runner runner) : IReaction<TMessage> where TMessage : IntegrationEvent
{
    public Task React(TMessage message, Envelope cause, CancellationToken ct) =>
        runner.Execute<ReceivedMessage>(message.EventId, cause with { OccurredAt = message.OccurredAt },
            (known, _) => known is null ? [new MessageReceived(typeof(TMessage).Name, message)] : [], ct);
}

/// <summary>The Dashboard listens to the whole published language and says nothing itself.</summary>
public static class Everything
{
    public static IReadOnlyList<Reaction> Reactions { get; } = [.. Subscriptions.AllMessages.Select(message =>
        (Reaction)typeof(Reaction).GetMethod(nameof(Reaction.Of))!
            .MakeGenericMethod(typeof(WhenAnythingHappened<>).MakeGenericType(message), message).Invoke(null, null)!)];

    /// <summary>The message behind an entry of the log.</summary>
    public static IntegrationEvent? Message(this Recorded recorded) => (recorded.Event as MessageReceived)?.Message;

    /// <summary>The service that said it.</summary>
    public static string Publisher(this IntegrationEvent message) => message.GetType().Namespace!.Split('.')[^1].ToLowerInvariant();
}

/// <summary>Nothing that happens here concerns another service.</summary>
public sealed class Silence : IOutbound
{
    public IEnumerable<IntegrationEvent> Map(Recorded recorded, object? state) => [];
}
