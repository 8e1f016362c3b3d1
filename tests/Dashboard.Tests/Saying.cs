using FamilyDoctor.Dashboard.Receiving;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;

namespace FamilyDoctor.Dashboard.Tests;

/// <summary>Messages as the services send them, each in its stream.</summary>
internal sealed class Saying
{
    private readonly Dictionary<Guid, long> versions = [];
    private int said;

    public List<IntegrationEvent> All { get; } = [];

    public Guid Id(string name) => Ids.Of($"test:{name}");

    public void That(Guid stream, DateTimeOffset at, IntegrationEvent message)
    {
        versions[stream] = versions.GetValueOrDefault(stream) + 1;
        All.Add(message with
        {
            EventId = Ids.Of($"message:{said++}"),
            CityId = "330200",
            StreamId = stream,
            StreamVersion = versions[stream],
            OccurredAt = at.ToUniversalTime(),
            RecordedAt = at.ToUniversalTime(),
            CorrelationId = "test",
        });
    }
}

/// <summary>What a view is after a number of messages, without a database.</summary>
internal static class Folding
{
    public static Dictionary<Guid, T> Fold<T>(this IEnumerable<IntegrationEvent> messages) where T : class, IRow<T>
    {
        var rows = new Dictionary<Guid, T>();
        foreach (var recorded in messages.Select(Recorded))
        {
            foreach (var id in T.Keys(recorded))
                rows[id] = T.Evolve(rows.GetValueOrDefault(id), id, recorded)!;
        }
        return rows;
    }

    public static Recorded Recorded(IntegrationEvent message, int n) => new(n + 1, message.EventId, message.EventId, 1,
        new MessageReceived(message.GetType().Name, message), message.RecordedAt, message.CorrelationId, null,
        new("330200", message.OccurredAt, Actor.Clock, 0));
}

/// <summary>A message of any type with nothing in it, to see who would listen.</summary>
internal static class Blank
{
    public static IntegrationEvent Message(Type type) => (IntegrationEvent)Value(type)!;

    private static object? Value(Type type)
    {
        if (type == typeof(string))
            return "";
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
            return Array.CreateInstance(type.GetGenericArguments()[0], 0);
        if (type.IsValueType)
            return Activator.CreateInstance(type);
        var constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length)!;
        return constructor.Invoke([.. constructor.GetParameters().Select(p => Value(p.ParameterType))]);
    }
}
