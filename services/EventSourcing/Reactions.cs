using FamilyDoctor.IntegrationEvents;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace FamilyDoctor.EventSourcing;

/// <summary>What a service does when another says that something happened. Idempotent by state or by stream id.</summary>
public interface IReaction<in TMessage> where TMessage : IntegrationEvent
{
    /// <param name="cause">Carries the message's correlation id on, with the message as cause.</param>
    Task React(TMessage message, Envelope cause, CancellationToken ct);
}

/// <summary>One line of a service's reactions: which message it answers with which class.</summary>
public abstract class Reaction
{
    public abstract Type Message { get; }
    public abstract Type Class { get; }
    public abstract Task React(IServiceProvider services, IntegrationEvent message, CancellationToken ct);
    internal abstract void AddTo(IBusRegistrationConfigurator bus);

    public static Reaction Of<TReaction, TMessage>()
        where TReaction : class, IReaction<TMessage> where TMessage : IntegrationEvent => new Typed<TReaction, TMessage>();

    private sealed class Typed<TReaction, TMessage> : Reaction
        where TReaction : class, IReaction<TMessage> where TMessage : IntegrationEvent
    {
        public override Type Message => typeof(TMessage);
        public override Type Class => typeof(TReaction);

        public override Task React(IServiceProvider services, IntegrationEvent message, CancellationToken ct) =>
            services.GetRequiredService<TReaction>().React((TMessage)message, CauseOf(message), ct);

        internal override void AddTo(IBusRegistrationConfigurator bus) => bus.AddConsumer<Consumer<TReaction, TMessage>>();
    }

    internal static Envelope CauseOf(IntegrationEvent message) =>
        new(new Actor(AppDomain.CurrentDomain.FriendlyName, "service"), message.CorrelationId, message.EventId.ToString());
}

/// <summary>MassTransit's way in: hands the message to the plain class.</summary>
internal sealed class Consumer<TReaction, TMessage>(TReaction reaction) : IConsumer<TMessage>
    where TReaction : class, IReaction<TMessage> where TMessage : IntegrationEvent
{
    public Task Consume(ConsumeContext<TMessage> context) =>
        reaction.React(context.Message, Reaction.CauseOf(context.Message), context.CancellationToken);
}
