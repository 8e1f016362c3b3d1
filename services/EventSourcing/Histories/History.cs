using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FamilyDoctor.EventSourcing;

/// <summary>One thing that happened: what, when, by whom and because of what. Codes and references only, never a text.</summary>
/// <param name="Type">The event's name, for ever.</param>
/// <param name="OccurredAt">When it happened, in business time.</param>
/// <param name="RecordedAt">When this service learned of it.</param>
/// <param name="CausationId">The event or request that led to it; of what the clock did, the deadline that passed.</param>
/// <param name="SetBy">Of what the clock did: the event of this service that had set the deadline.</param>
public sealed record HistoryEntry(
    Guid StreamId, long Version, Guid EventId, string Type, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt, Actor Actor, string? Channel,
    int PolicyVersion, string CorrelationId, string? CausationId, Guid? SetBy, JsonElement Facts);

/// <summary>What happened to one thing, in order.</summary>
/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record HistoryPage(Guid StreamId, IReadOnlyList<HistoryEntry> Items, long? Next);

/// <summary>One event, and what was done here because of it.</summary>
/// <param name="Caused">The first hundred, in order.</param>
public sealed record EventWithConsequences(HistoryEntry Event, IReadOnlyList<Consequence> Caused);

/// <summary>Tells of anything in this service's log what happened to it and why.</summary>
public sealed partial class History(
    IEventStore store, Runner runner, Rows<StretchOfLog> stretches, Rows<Consequence> consequences)
{
    private const int MostConsequences = 100;

    public async Task<HistoryPage> Of(Guid stream, long after, int limit, CancellationToken ct)
    {
        limit = Math.Clamp(limit, 1, 200);
        stream = await Known(stream, ct);
        var events = (await store.Read([(stream, Math.Max(after, 0))], ct)).GetValueOrDefault(stream) ?? [];
        var items = await Entries([.. events.Take(limit)], ct);
        return new(stream, items, events.Count > limit ? items[^1].Version : null);
    }

    /// <summary>The newest events of a stream, in order.</summary>
    public async Task<HistoryPage> Newest(Guid stream, int limit, CancellationToken ct)
    {
        var events = await store.Read(stream = await Known(stream, ct), ct);
        return new(stream, await Entries([.. events.TakeLast(Math.Clamp(limit, 1, 200))], ct), null);
    }

    /// <summary>The stream itself, or the one that people know by this id too.</summary>
    private async Task<Guid> Known(Guid id, CancellationToken ct) =>
        (await store.Read([(id, 0)], ct, withHeaders: false)).ContainsKey(id) ? id : await store.FindAlias(id, ct) ?? throw new UnknownId();

    public async Task<EventWithConsequences> OfEvent(Guid eventId, CancellationToken ct)
    {
        var (stream, version) = await stretches.WhereIs(eventId, ct) ?? throw new UnknownId();
        var recorded = (await store.Read([(stream, version - 1)], ct))[stream][0];
        var entry = (await Entries([recorded], ct))[0];
        // What a deadline of this stream did is noted under the stream; only what this event set is its doing.
        var candidates = await consequences.Where(
            $"cause_id = $1 or cause_id = $2 order by sequence limit {4 * MostConsequences}", ct, eventId, stream);
        var timed = candidates.Where(c => c.CauseId == stream && c.Sequence > recorded.Sequence).ToList();
        var setBy = timed.Count == 0 ? new Dictionary<Guid, Guid?>() : await SetBy([.. timed.Select(c => new Passed(c.EventId, c.Deadline!, c.Sequence, c.OccurredAt))], ct);
        return new(entry, [.. candidates.Where(c => c.CauseId == eventId || setBy.GetValueOrDefault(c.EventId) == eventId).Take(MostConsequences)]);
    }

    private async Task<List<HistoryEntry>> Entries(IReadOnlyList<Recorded> events, CancellationToken ct)
    {
        var setBy = await SetBy([.. events.Where(e => Because.IsDeadline(e.CausationId)).Select(e => new Passed(e.EventId, e.CausationId!, e.Sequence, e.OccurredAt))], ct);
        return [.. events.Select(e => new HistoryEntry(
            e.StreamId, e.Version, e.EventId, e.Event is UnknownEvent unknown ? unknown.Type : EventTypes.AliasOf(e.Event.GetType()), e.OccurredAt, e.RecordedAt,
            e.Headers.Actor, e.Headers.Channel, e.Headers.PolicyVersion, e.CorrelationId, e.CausationId, setBy.GetValueOrDefault(e.EventId), Facts(e.Event)))];
    }

    /// <summary>What happened because a deadline passed.</summary>
    private sealed record Passed(Guid EventId, string Deadline, long Sequence, DateTimeOffset OccurredAt);

    /// <summary>Which event had set the deadline that passed: the stream is folded again, as far as it had come then.</summary>
    private async Task<Dictionary<Guid, Guid?>> SetBy(IReadOnlyList<Passed> passed, CancellationToken ct)
    {
        var result = new Dictionary<Guid, Guid?>();
        var asked = passed.Select(p => (Passed: p, Deadline: Because.Read(p.Deadline))).Where(a => a.Deadline is not null).ToList();
        if (asked.Count == 0)
            return result;
        var histories = await store.Read([.. asked.Select(a => (a.Deadline!.Stream, 0L)).Distinct()], ct);
        foreach (var group in asked.GroupBy(a => (a.Deadline!.Stream, a.Deadline.Kind)))
        {
            if (runner.KindWithDeadlines(group.Key.Kind) is not { } kind || !histories.TryGetValue(group.Key.Stream, out var history))
                continue;
            var set = Settings(kind, history);
            foreach (var (p, deadline) in group)
                result[p.EventId] = set.LastOrDefault(s => s.Name == deadline!.Name && s.By.Sequence < p.Sequence && s.Due <= p.OccurredAt).By?.EventId;
        }
        return result;
    }

    /// <summary>Each time that a deadline was set or moved, and by which event.</summary>
    private static List<(string Name, DateTimeOffset Due, Recorded By)> Settings(StreamKind kind, IReadOnlyList<Recorded> history)
    {
        var settings = new List<(string, DateTimeOffset, Recorded)>();
        var open = new Dictionary<string, DateTimeOffset>();
        object? state = null;
        foreach (var recorded in history)
        {
            if (recorded.Event is UnknownEvent)
                break; // of a newer release: what it set is not known here
            state = kind.Evolve(state, recorded.Event);
            var now = kind.Deadlines(state).ToDictionary(d => d.Name, d => d.Due);
            foreach (var (name, due) in now)
            {
                if (!open.TryGetValue(name, out var before) || before != due)
                    settings.Add((name, due, recorded));
            }
            open = now;
        }
        return settings;
    }

    internal static JsonElement Facts(DomainEvent @event)
    {
        var facts = @event is UnknownEvent ? [] : JsonSerializer.SerializeToNode(@event, @event.GetType(), JsonSerializerOptions.Web)!.AsObject();
        KeepCodes(facts);
        return JsonSerializer.SerializeToElement(facts);
    }

    /// <summary>Whatever reads like a sentence or a name stays here, should an event ever hold one.</summary>
    private static void KeepCodes(JsonNode node)
    {
        if (node is JsonObject facts)
        {
            foreach (var (name, value) in facts.ToList())
            {
                if (IsText(value))
                    facts.Remove(name);
                else if (value is not null)
                    KeepCodes(value);
            }
        }
        else if (node is JsonArray list)
        {
            foreach (var item in list.ToList())
            {
                if (IsText(item))
                    list.Remove(item);
                else if (item is not null)
                    KeepCodes(item);
            }
        }
    }

    private static bool IsText(JsonNode? value) => value is JsonValue v && v.TryGetValue<string>(out var text) && !Code().IsMatch(text);

    [GeneratedRegex(@"^[A-Za-z0-9._:/+\-#]{0,80}$")]
    private static partial Regex Code();
}

/// <summary>How what the clock did names the deadline that passed, in place of a causing event.</summary>
internal sealed record Because(string Kind, Guid Stream, string Name)
{
    private const string Prefix = "deadline:";

    public static string Deadline(DueDeadline due) => $"{Prefix}{due.Kind}:{due.StreamId}:{due.Deadline.Name}";

    public static bool IsDeadline(string? causationId) => causationId?.StartsWith(Prefix, StringComparison.Ordinal) == true;

    public static Because? Read(string? causationId) =>
        IsDeadline(causationId) && causationId!.Split(':', 4) is [_, var kind, var stream, var name] && Guid.TryParse(stream, out var id) ? new(kind, id, name) : null;
}
