using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Booking;

/// <summary>A half-day is planned; nobody outside the clinic sees or books it.</summary>
public sealed record SessionDrafted(
    Guid SessionId, Guid TeamId, Guid InstitutionId, string DistrictCode, string Type, DateTimeOffset Start, int SlotMinutes, int Slots) : DomainEvent;
/// <param name="Type">clinic, phone, video, home or consultation.</param>
/// <param name="ContractedPercent">Share of the slots that only the team's own residents book until ReleasesAt.</param>
/// <param name="ClosesAt">Its end; null for a half-day of the past, which nobody waits for.</param>
public sealed record SessionPublished(
    Guid SessionId, Guid TeamId, Guid InstitutionId, string DistrictCode, string Type, DateTimeOffset Start, int SlotMinutes, int Slots,
    int ContractedPercent = 0, DateTimeOffset? ReleasesAt = null, DateTimeOffset? ClosesAt = null) : DomainEvent;
/// <param name="OfOtherTeam">By a resident of another team.</param>
public sealed record SessionSlotTaken(Guid SessionId, int Slot, Guid AppointmentId, bool OfOtherTeam = false) : DomainEvent;
public sealed record SessionSlotFreed(Guid SessionId, int Slot, Guid AppointmentId) : DomainEvent;
/// <summary>The half-day is over; what became of its appointments stands with them.</summary>
public sealed record SessionClosed(Guid SessionId, DateTimeOffset At) : DomainEvent;
public sealed record SessionCancelled(Guid SessionId, string Reason, DateTimeOffset At) : DomainEvent;
public sealed record WaitlistJoined(Guid SessionId, Guid ResidentId) : DomainEvent;
/// <summary>A slot became free for whoever has waited longest; it is his until a moment.</summary>
public sealed record WaitlistOffered(Guid SessionId, Guid ResidentId, int Slot, DateTimeOffset Until) : DomainEvent;
public sealed record WaitlistOfferExpired(Guid SessionId, Guid ResidentId, int Slot) : DomainEvent;
/// <summary>Booked, or no longer interested.</summary>
/// <param name="Reason">contractEnded, residentDied or teamChanged; null when it was his own wish.</param>
public sealed record WaitlistLeft(Guid SessionId, Guid ResidentId, string? Reason = null) : DomainEvent;

[JsonConverter(typeof(JsonStringEnumConverter<SessionStatus>))]
public enum SessionStatus { Draft, Published, Closed, Cancelled }
