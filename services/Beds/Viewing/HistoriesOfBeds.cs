using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Viewing;

/// <summary>All that happened to a resident's beds, a practitioner's day or an institution's capacity: what has no id that people know.</summary>
public static class HistoriesOfBeds
{
    public static void MapHistoriesOfBeds(this IEndpointRouteBuilder routes)
    {
        routes.MapHistoryOf("/residents/{residentId:guid}/beds/history", "HistoryOfResidentBeds", "All beds that a resident asked for",
            (Guid residentId, History history, CancellationToken ct, long after = 0, int limit = 100) =>
                history.Of(ResidentBeds.StreamOf(residentId), after, limit, ct));
        routes.MapHistoryOf("/practitioners/{practitionerId:guid}/days/{date}/history", "HistoryOfPractitionerDay", "All that was planned for a practitioner's day",
            (Guid practitionerId, DateOnly date, History history, CancellationToken ct, long after = 0, int limit = 100) =>
                history.Of(PractitionerDay.StreamOf(practitionerId, date), after, limit, ct));
        routes.MapHistoryOf("/institutions/{institutionId:guid}/bed-capacity/history", "HistoryOfBedCapacity",
            "All that happened to an institution's family beds in a year, this one if none is named",
            (Guid institutionId, History history, PolicyBook policies, TimeProvider clock, CancellationToken ct, int? year = null, long after = 0, int limit = 100) =>
                history.Of(BedCapacity.StreamOf(institutionId, year ?? policies.At(clock.GetUtcNow()).Today.Year), after, limit, ct));
    }
}
