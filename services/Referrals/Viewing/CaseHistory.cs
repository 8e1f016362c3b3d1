using System.Text.Json;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Viewing;

/// <summary>One thing that happened: what, when, by whom and because of what. Codes and references only, never a text.</summary>
/// <param name="OccurredAt">Business time.</param>
/// <param name="RecordedAt">When it became known here.</param>
/// <param name="CausationId">The event or request that led to it.</param>
public sealed record HistoryEntry(
    long Version, Guid EventId, string Event, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt, Actor Actor, string CorrelationId, string? CausationId,
    int PolicyVersion, string? Channel, JsonElement Facts);

/// <summary>Everything that happened to a referral, a way back, an exam or a day of slots, in order.</summary>
/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record CaseHistory(Guid Id, IReadOnlyList<HistoryEntry> Items, long? Next);

public static class CaseHistoryEndpoint
{
    public static void MapCaseHistory(this IEndpointRouteBuilder routes) => routes
        .MapGet("/history/{id:guid}", Handle).WithName(nameof(CaseHistory)).WithSummary("Everything that happened to a case or a day of slots")
        .For(Role.Clinic, Role.Hospital, Role.Commission, Role.Service);

    private static async Task<CaseHistory> Handle(Guid id, IEventStore store, CancellationToken ct, long after = 0, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, 200);
        var events = (await store.Read([(id, Math.Max(after, 0))], ct)).GetValueOrDefault(id) ?? [];
        if (events.Count == 0 && after <= 0)
            throw new UnknownId();
        var items = events.Take(limit).Select(e => new HistoryEntry(
            e.Version, e.EventId, e.Event is UnknownEvent unknown ? unknown.Type : e.Event.GetType().Name, e.OccurredAt, e.RecordedAt, e.Headers.Actor,
            e.CorrelationId, e.CausationId, e.Headers.PolicyVersion, e.Headers.Channel, Facts(e.Event))).ToList();
        return new(id, items, events.Count > limit ? items[^1].Version : null);
    }

    private static JsonElement Facts(DomainEvent @event) => @event is UnknownEvent
        ? JsonSerializer.SerializeToElement(new object())
        : JsonSerializer.SerializeToElement(@event, @event.GetType(), Options);

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);
}
