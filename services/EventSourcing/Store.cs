using System.Text.Json;

namespace FamilyDoctor.EventSourcing;

/// <summary>The part of an event's envelope that is stored in headers.</summary>
public sealed record Headers(
    string CityId, DateTimeOffset OccurredAt, Actor Actor, int PolicyVersion, string? Channel = null, string? ReasonCode = null);

/// <summary>An event as it stands in the log.</summary>
/// <param name="Sequence">Its place in the log of this database; numbers may be missing.</param>
/// <param name="Version">Its place in its stream: 1, 2, 3 without gap.</param>
/// <param name="RecordedAt">System time.</param>
public sealed record Recorded(
    long Sequence, Guid EventId, Guid StreamId, long Version, DomainEvent Event, DateTimeOffset RecordedAt,
    string CorrelationId, string? CausationId, Headers Headers)
{
    private readonly Stored? stored;

    /// <summary>As it stands in the log: its JSON is read when somebody asks, on whose thread that may be.</summary>
    internal Recorded(
        long sequence, Guid eventId, Guid streamId, long version, DateTimeOffset recordedAt, string correlationId, string? causationId, Stored stored)
        : this(sequence, eventId, streamId, version, null!, recordedAt, correlationId, causationId, null!) => this.stored = stored;

    public DomainEvent Event { get => field ??= stored!.Event(); init; } = Event;

    public Headers Headers { get => field ??= stored!.ReadHeaders(RecordedAt); init; } = Headers;

    public string CorrelationId { get => stored is { AreHeadersUnread: true } ? throw new HeadersNotRead() : field; init; } = CorrelationId;

    public string? CausationId { get => stored is { AreHeadersUnread: true } ? throw new HeadersNotRead() : field; init; } = CausationId;

    /// <summary>Business time.</summary>
    public DateTimeOffset OccurredAt => Headers.OccurredAt;

    /// <summary>The same event, whether it has been read from its JSON yet or not.</summary>
    public bool Equals(Recorded? other) => other is not null && (Sequence, EventId) == (other.Sequence, other.EventId);

    public override int GetHashCode() => EventId.GetHashCode();
}

/// <summary>What an event says, and its headers if whoever wrote it gave any, still as UTF-8 JSON.</summary>
internal sealed record Stored(EventTypes Types, string Alias, byte[] Data, byte[]? Headers)
{
    /// <summary>In place of headers that are there, but were not read.</summary>
    public static byte[] Unread { get; } = [];

    public bool AreHeadersUnread => ReferenceEquals(Headers, Unread);

    public DomainEvent Event() => Types.Read(Alias, Data);

    public Headers ReadHeaders(DateTimeOffset recordedAt) =>
        AreHeadersUnread ? throw new HeadersNotRead()
        : (Headers is null ? null : JsonSerializer.Deserialize(Headers, HeadersJson.Default.Headers)) ?? new("", recordedAt, new("unknown", "unknown"), 0);
}

/// <summary>The log was read without headers, but they are wanted.</summary>
public sealed class HeadersNotRead() : InvalidOperationException("The headers of this event were not read.");

/// <summary>An event to be appended; its version follows from its place.</summary>
public sealed record NewEvent(Guid EventId, DomainEvent Event, string CorrelationId, string? CausationId, Headers Headers);

/// <summary>What a unit adds to one stream, and what it takes for granted: the stream's version.</summary>
public sealed record StreamChange(
    Guid StreamId, StreamKind Kind, long ExpectedVersion, IReadOnlyList<NewEvent> Events,
    IReadOnlyList<Deadline> DeadlinesSet, IReadOnlyList<string> DeadlinesGone, IReadOnlyList<Guid> NewAliases);

/// <summary>The remembered answer to an Idempotency-Key.</summary>
public sealed record Answer(string Key, string ContentHash, Guid Id, long Version);

/// <summary>Appended wholly or not at all. Without events it only confirms that the versions are still so.</summary>
/// <param name="Answers">Remembered with the append.</param>
public sealed record Unit(IReadOnlyList<StreamChange> Streams, IReadOnlyList<Answer> Answers)
{
    /// <summary>The unit falls when one of these Idempotency-Keys was answered before.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];
}

/// <summary>
/// Why a unit was not appended. Stale: read again and decide again. Held: another writer holds a stream now.
/// Answered: one of its keys has an answer already.
/// </summary>
public enum Lost { Stale = 1, Held, Answered }

/// <summary>A due deadline, claimed for a while by whoever fires it.</summary>
public sealed record DueDeadline(Guid StreamId, string Kind, Deadline Deadline);

/// <summary>The event log of one service: streams with expected versions, and the log in order.</summary>
public interface IEventStore
{
    /// <summary>Events after a version, by stream, in order; streams without any are absent.</summary>
    /// <param name="withHeaders">A state needs neither them nor the correlation; whoever asks for them then meets <see cref="HeadersNotRead"/>.</param>
    Task<IReadOnlyDictionary<Guid, IReadOnlyList<Recorded>>> Read(
        IReadOnlyList<(Guid Stream, long AfterVersion)> streams, CancellationToken ct, bool withHeaders = true);

    /// <summary>Appends many units in one commit; each stands or falls alone. Returns those that fell, by index.</summary>
    Task<IReadOnlyDictionary<int, Lost>> Append(IReadOnlyList<Unit> units, CancellationToken ct);

    /// <summary>Answers already given, by key.</summary>
    Task<IReadOnlyDictionary<string, Answer>> FindAnswers(IReadOnlyList<string> keys, CancellationToken ct);

    /// <summary>The stream known under a further id, or null.</summary>
    Task<Guid?> FindAlias(Guid alias, CancellationToken ct);

    /// <summary>A reader of the log that never skips a late commit and never waits for a rolled-back number.</summary>
    /// <param name="withHeaders">Without them and the correlation reading is faster by a third; whoever asks for them then meets <see cref="HeadersNotRead"/>.</param>
    ILogReader ReadLog(long afterSequence, bool withHeaders = true);

    /// <summary>Claims due deadlines so that no other instance fires them for half a minute.</summary>
    Task<IReadOnlyList<DueDeadline>> ClaimDue(DateTimeOffset now, int limit, CancellationToken ct);

    /// <summary>Completes when this process appends next. Take it before you read, wait for it when there was nothing.</summary>
    Task NextAppend { get; }
}

public interface ILogReader
{
    /// <summary>The next events in order; empty when there is nothing new yet.</summary>
    Task<IReadOnlyList<Recorded>> Next(int limit, CancellationToken ct);

    /// <summary>A later event is there already, but an earlier one may still commit.</summary>
    bool IsWaiting { get; }
}

/// <summary>What most callers want of a store: one stream, or to wait for news.</summary>
public static class Streams
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for the append, and no longer than a moment: another process may have appended.</summary>
    public static async Task OrAMoment(this Task appended, CancellationToken ct)
    {
        await Task.WhenAny(appended, Task.Delay(Moment, ct));
        ct.ThrowIfCancellationRequested();
    }

    public static async Task<IReadOnlyList<Recorded>> Read(this IEventStore store, Guid stream, CancellationToken ct) =>
        (await store.Read([(stream, 0)], ct)).GetValueOrDefault(stream) ?? [];

    /// <summary>The state of a stream and its version; null and 0 when there is none, or one of another kind.</summary>
    public static async Task<(T? State, long Version)> Load<T>(this IEventStore store, Guid stream, CancellationToken ct)
        where T : class, IState<T>
    {
        T? state = null;
        var history = (await store.Read([(stream, 0)], ct, withHeaders: false)).GetValueOrDefault(stream) ?? [];
        try
        {
            foreach (var recorded in history)
                state = T.Evolve(state, recorded.Event);
        }
        catch (InvalidOperationException) when (state is null)
        {
            return (null, 0);
        }
        return (state, history.Count);
    }
}
