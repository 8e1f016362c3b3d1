using System.Text.Json;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;

namespace FamilyDoctor.Dashboard.Receiving;

/// <summary>The Dashboard learned of a fact. Kept once and for ever, so that an answer can be given again as it was known.</summary>
/// <param name="Message">Null when this release does not know the message's type.</param>
[JsonConverter(typeof(PublishedLanguage))]
public sealed record MessageReceived(string Type, IntegrationEvent? Message) : DomainEvent;

/// <summary>One stream a message, under the message's own id: what comes twice is kept once.</summary>
public sealed record ReceivedMessage(string Type) : IState<ReceivedMessage>
{
    public static ReceivedMessage Evolve(ReceivedMessage? state, DomainEvent @event) => (state, @event) switch
    {
        (null, MessageReceived e) => new(e.Type),
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {state?.Type ?? "nothing"}."),
    };
}

/// <summary>Writes a message under its name in the published language and reads it back as its type.</summary>
internal sealed class PublishedLanguage : JsonConverter<MessageReceived>
{
    private static readonly Dictionary<string, Type> Types = Subscriptions.AllMessages.ToDictionary(t => t.Name);

    public override MessageReceived Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var stored = JsonElement.ParseValue(ref reader);
        var name = stored.GetProperty("Type").GetString()!;
        return new(name, Types.TryGetValue(name, out var type)
            ? (IntegrationEvent?)stored.GetProperty("Message").Deserialize(type, JsonSerializerOptions.Default)
            : null);
    }

    public override void Write(Utf8JsonWriter writer, MessageReceived value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("Type", value.Type);
        writer.WritePropertyName("Message");
        JsonSerializer.Serialize(writer, value.Message, value.Message!.GetType(), JsonSerializerOptions.Default);
        writer.WriteEndObject();
    }
}

[JsonSerializable(typeof(MessageReceived))]
internal sealed partial class DashboardJson : JsonSerializerContext;
