using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace FamilyDoctor.EventSourcing;

/// <summary>Something that happened, in the past tense. Its stored name never changes meaning.</summary>
public abstract record DomainEvent;

/// <summary>An event of a newer release: views skip it with an alert, deciders refuse to go on.</summary>
public sealed record UnknownEvent(string Type) : DomainEvent;

/// <summary>A point in business time at which a stream must decide something by itself.</summary>
public sealed record Deadline(string Name, DateTimeOffset Due)
{
    /// <summary>A whole microsecond, never before the time: the database keeps no finer one, and cut off it would fire too early to decide anything.</summary>
    public DateTimeOffset Due { get; } = Due.AddTicks((TimeSpan.TicksPerMicrosecond - (Due.Ticks % TimeSpan.TicksPerMicrosecond)) % TimeSpan.TicksPerMicrosecond);
}

/// <summary>What a stream's events add up to.</summary>
public interface IState<TSelf> where TSelf : class, IState<TSelf>
{
    /// <summary>Pure, never lenient: throws on an event that cannot follow.</summary>
    static abstract TSelf Evolve(TSelf? state, DomainEvent @event);

    /// <summary>
    /// What this state waits for; a deadline is gone when the state no longer names it. Due at the same moment, they are
    /// decided in the order named here.
    /// </summary>
    static virtual IEnumerable<Deadline> Deadlines(TSelf state) => [];

    /// <summary>Further ids under which people know this stream, found at once by <see cref="IEventStore.FindAlias"/>.</summary>
    static virtual IEnumerable<Guid> Aliases(TSelf state) => [];
}

/// <summary>A ledger is closed every year: the closing event carries the balance, the next stream opens with it.</summary>
public interface ILedger<TSelf> : IState<TSelf> where TSelf : class, ILedger<TSelf>
{
    static abstract Guid StreamOf(Guid subject, int year);

    /// <summary>The events that close one year and open the next.</summary>
    static abstract (DomainEvent Closed, DomainEvent Opened) Turn(TSelf closing, int nextYear);

    bool IsClosed { get; }
}

/// <summary>A state type as the store and the runner see it: its stored name and its pure functions.</summary>
public abstract class StreamKind
{
    public abstract string Name { get; }
    public abstract Type State { get; }
    public abstract object Evolve(object? state, DomainEvent @event);
    public abstract IEnumerable<Deadline> Deadlines(object? state);
    public abstract IEnumerable<Guid> Aliases(object? state);

    /// <summary>Whether a state is one of this kind, or none yet.</summary>
    public bool Folds(object? state) => state is null || State.IsInstanceOfType(state);

    public static StreamKind Of<T>() where T : class, IState<T> => Kind<T>.Instance;

    private sealed class Kind<T> : StreamKind where T : class, IState<T>
    {
        public static readonly StreamKind Instance = new Kind<T>();
        public override string Name { get; } = EventTypes.AliasOf(typeof(T));
        public override Type State => typeof(T);
        public override object Evolve(object? state, DomainEvent @event) => @event is UnknownEvent unknown
            ? throw new NewerRelease(unknown.Type) : T.Evolve((T?)state, @event);
        public override IEnumerable<Deadline> Deadlines(object? state) => state is T known ? T.Deadlines(known) : [];
        public override IEnumerable<Guid> Aliases(object? state) => state is T known ? T.Aliases(known) : [];
    }
}

/// <summary>Who acts, in which role and for which organisation; ids only, never names.</summary>
public sealed record Actor(string Id, string Role, string? OrganizationId = null, string? OnBehalfOf = null)
{
    /// <summary>The system itself, when a deadline passes.</summary>
    public static Actor Clock { get; } = new("clock", "service");
}

/// <summary>An Idempotency-Key with a hash of what was asked: the same key with other content is refused.</summary>
public sealed record IdempotencyKey(string Key, string ContentHash);

/// <summary>Around every command: who, why, when, and what the caller expects.</summary>
/// <param name="OccurredAt">Business time of an imported fact; null means now.</param>
/// <param name="ExpectedVersion">From If-Match, of the first stream of the command.</param>
/// <param name="Reached">What the caller was let through for; decided on anything else, there is nothing.</param>
public sealed record Envelope(
    Actor Actor, string CorrelationId, string? CausationId = null, DateTimeOffset? OccurredAt = null,
    long? ExpectedVersion = null, IdempotencyKey? Idempotency = null, string? Channel = null,
    IReadOnlyList<Reached>? Reached = null);

/// <summary>What a command came to: its stream and the version an ETag shows.</summary>
public sealed record Done(Guid Id, long Version)
{
    /// <summary>The same command had been done before.</summary>
    [JsonIgnore] public bool Repeated { get; init; }

    /// <summary>The state that was only looked at.</summary>
    [JsonIgnore] internal object? Seen { get; init; }
}

/// <summary>Where ids come from: the clock's time and chance, or a seed in simulations.</summary>
public class IdSource(TimeProvider clock)
{
    private readonly Lock drawing = new();
    private readonly byte[] chance = new byte[4096];
    private int used = 4096;

    /// <summary>A new UUIDv7 (RFC 9562).</summary>
    public virtual Guid Next()
    {
        Span<byte> id = stackalloc byte[16];
        lock (drawing)
        {
            if (used == chance.Length)
            {
                // One call to the system for many ids.
                RandomNumberGenerator.Fill(chance);
                used = 0;
            }
            chance.AsSpan(used, 16).CopyTo(id);
            used += 16;
        }
        BinaryPrimitives.WriteInt64BigEndian(id, (clock.GetUtcNow().ToUnixTimeMilliseconds() << 16) | BinaryPrimitives.ReadUInt16BigEndian(id[6..]));
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
