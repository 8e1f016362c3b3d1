using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Viewing;

/// <summary>All that happened to a bed, a visit, an offer, a practitioner's day, a resident's beds or an institution's capacity: in order, by whom, when and why.</summary>
public sealed record HistoryOfAggregate(Guid StreamId, IReadOnlyList<HistoryEntry> Events);

/// <param name="Type">The event's name, for ever.</param>
/// <param name="OccurredAt">When it happened, in business time.</param>
/// <param name="RecordedAt">When this service learned of it.</param>
/// <param name="CausationId">The request or the message that caused it.</param>
public sealed record HistoryEntry(
    long Version, Guid EventId, string Type, DateTimeOffset OccurredAt, DateTimeOffset RecordedAt, Actor Actor, string? Channel, int PolicyVersion,
    string CorrelationId, string? CausationId, JsonElement Data);

public static class HistoryOfAggregateEndpoint
{
    public static void MapHistoryOfAggregate(this IEndpointRouteBuilder routes)
    {
        Map("/beds/{bedId:guid}/history", "HistoryOfBed", "All that happened to a family bed", (Guid bedId, IEventStore store, CancellationToken ct) =>
            Read(bedId, store, ct));
        Map("/visits/{visitId:guid}/history", "HistoryOfVisit", "All that happened to a home visit", (Guid visitId, IEventStore store, CancellationToken ct) =>
            Read(visitId, store, ct));
        Map("/bed-offers/{offerId:guid}/history", "HistoryOfOffer", "All that happened to an offer", (Guid offerId, IEventStore store, CancellationToken ct) =>
            Read(offerId, store, ct));
        Map("/residents/{residentId:guid}/beds/history", "HistoryOfResidentBeds", "All beds that a resident asked for",
            (Guid residentId, IEventStore store, CancellationToken ct) => Read(ResidentBeds.StreamOf(residentId), store, ct));
        Map("/practitioners/{practitionerId:guid}/days/{date}/history", "HistoryOfPractitionerDay", "All that was planned for a practitioner's day",
            (Guid practitionerId, DateOnly date, IEventStore store, CancellationToken ct) =>
                Read(PractitionerDay.StreamOf(practitionerId, date), store, ct));
        Map("/institutions/{institutionId:guid}/bed-capacity/history", "HistoryOfBedCapacity", "All that happened to an institution's family beds in a year, this one if none is named",
            (Guid institutionId, IEventStore store, PolicyBook policies, TimeProvider clock, CancellationToken ct, int? year = null) =>
                Read(BedCapacity.StreamOf(institutionId, year ?? policies.At(clock.GetUtcNow()).Today.Year), store, ct));

        void Map(string path, string name, string summary, Delegate handle) => routes.MapGet(path, handle).WithName(name).WithSummary(summary)
            .For(Role.Clinic, Role.Commission);
    }

    private static async Task<HistoryOfAggregate> Read(Guid stream, IEventStore store, CancellationToken ct)
    {
        var history = await store.Read(stream, ct);
        return history.Count == 0 ? throw new UnknownId() : new(stream, [.. history.Select(r => new HistoryEntry(r.Version, r.EventId,
            EventTypes.AliasOf(r.Event.GetType()), r.OccurredAt, r.RecordedAt, r.Headers.Actor, r.Headers.Channel, r.Headers.PolicyVersion, r.CorrelationId,
            r.CausationId, JsonSerializer.SerializeToElement(r.Event, r.Event.GetType(), JsonSerializerOptions.Web)))]);
    }
}
