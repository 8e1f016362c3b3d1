using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Visiting;

/// <summary>Somebody stood at the door and nobody was at home; for the bed it is a visit that did not take place.</summary>
public static class RecordNotAtHome
{
    public static (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Bed) Decide(
        HomeVisit? visit, PractitionerDay? day, FamilyBed? bed, Moment at)
    {
        if (visit?.Status is VisitStatus.NotAtHome)
            return ([], [], []);
        var id = HomeVisit.At(visit, VisitStatus.Assigned, VisitStatus.EnRoute).Id;
        return ([new VisitNotAtHome(id)], PractitionerDay.Free(day, id), FamilyBed.Missed(bed, id, at));
    }

    public static void MapRecordNotAtHome(this IEndpointRouteBuilder routes) => routes
        .MapPost("/visits/{visitId:guid}/not-at-home", Handle).WithName(nameof(RecordNotAtHome)).WithSummary("Record that nobody was at home")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(Guid visitId, HttpContext http, VisitTimes visits, CancellationToken ct) =>
        new(await visits.Execute(visitId, http.Envelope(), Decide, ct));
}
