using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>All that happened to a practitioner's absences, working time or stars, to the policy or the calendar: what has no id that people know.</summary>
public static class HistoriesOfTeams
{
    public static void MapHistoriesOfTeams(this IEndpointRouteBuilder routes)
    {
        routes.MapHistoryOf("/practitioners/{practitionerId:guid}/absences/history", "HistoryOfAbsences", "When somebody was away, and who stood in",
            (Guid practitionerId, History history, CancellationToken ct, long after = 0, int limit = 100) =>
                history.Of(Absences.StreamOf(practitionerId), after, limit, ct)).WithMetadata(new PublicData());
        routes.MapHistoryOf("/practitioners/{practitionerId:guid}/load/history", "HistoryOfLoad", "In which teams somebody had which part of the working time",
            (Guid practitionerId, History history, CancellationToken ct, long after = 0, int limit = 100) =>
                history.Of(PractitionerLoad.StreamOf(practitionerId), after, limit, ct)).WithMetadata(new PublicData());
        routes.MapHistoryOf("/practitioners/{practitionerId:guid}/assessments/{period:int}/history", "HistoryOfAssessment", "How the stars of a year came about",
            (Guid practitionerId, int period, History history, CancellationToken ct, long after = 0, int limit = 100) =>
                history.Of(StarAssessment.StreamOf(practitionerId, period), after, limit, ct)).WithMetadata(new PublicData());
        routes.MapHistoryOf("/policies/history", "HistoryOfPolicy", "How the city's policy changed",
            (City city, History history, CancellationToken ct, long after = 0, int limit = 100) =>
                history.Of(PolicyVersions.StreamOf(city), after, limit, ct)).WithMetadata(new PublicData());
        routes.MapHistoryOf("/calendar/history", "HistoryOfCalendar", "How the city's working days changed",
            (City city, History history, CancellationToken ct, long after = 0, int limit = 100) =>
                history.Of(CityCalendar.StreamOf(city), after, limit, ct)).WithMetadata(new PublicData());
    }
}
