namespace FamilyDoctor.IntegrationEvents;

/// <summary>
/// The header of every message between services, stamped by the relay. Delivered at least once, in no promised order:
/// consumers apply facts by StreamVersion. Facts are primitives and opaque ids; nothing personal, no clinical text.
/// </summary>
public abstract record IntegrationEvent
{
    /// <summary>Also the MessageId: the same fact always has the same id.</summary>
    public Guid EventId { get; init; }
    /// <summary>GB/T 2260 code of the city.</summary>
    public string CityId { get; init; } = "";
    public Guid StreamId { get; init; }
    /// <summary>Place of the fact in its stream; a lower one than already applied is older.</summary>
    public long StreamVersion { get; init; }
    /// <summary>Business time.</summary>
    public DateTimeOffset OccurredAt { get; init; }
    /// <summary>System time.</summary>
    public DateTimeOffset RecordedAt { get; init; }
    public string CorrelationId { get; init; } = "";
    public string? CausationId { get; init; }
}
