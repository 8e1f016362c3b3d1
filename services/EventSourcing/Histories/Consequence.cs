using System.Text.Json.Serialization;

namespace FamilyDoctor.EventSourcing;

/// <summary>An event that has a cause: another one, of this service or of another, or a deadline that passed.</summary>
/// <param name="CauseId">The causing event; of a deadline the stream that it was set on.</param>
/// <param name="Deadline">The deadline that passed.</param>
/// <param name="Sequence">Its place in this service's log.</param>
public sealed record Consequence(
    Guid EventId, Guid CauseId, Guid StreamId, long Version, string Type, DateTimeOffset OccurredAt, [property: JsonIgnore] string? Deadline,
    [property: JsonIgnore] long Sequence) : IRow<Consequence>
{
    public static IEnumerable<string> Indexes => ["cause_id, sequence"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => CauseOf(recorded) is null ? [] : [recorded.EventId];

    public static Consequence Evolve(Consequence? row, Guid id, Recorded recorded) => new(
        id, CauseOf(recorded)!.Value, recorded.StreamId, recorded.Version, EventTypes.AliasOf(recorded.Event.GetType()), recorded.OccurredAt,
        Because.IsDeadline(recorded.CausationId) ? recorded.CausationId : null, recorded.Sequence);

    private static Guid? CauseOf(Recorded recorded) =>
        Guid.TryParse(recorded.CausationId, out var cause) ? cause : Because.Read(recorded.CausationId)?.Stream;
}
