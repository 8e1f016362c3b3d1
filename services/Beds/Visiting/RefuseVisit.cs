using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Visiting;

/// <summary>The resident, or who cares for him, did not want the visit; that is his right and no missed visit.</summary>
public sealed record RefuseVisit([Required, MaxLength(100)] string? Reason)
{
    public (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Bed) Decide(HomeVisit? visit, PractitionerDay? day)
    {
        if (visit?.Status is VisitStatus.Refused)
            return ([], [], []);
        var id = HomeVisit.Outstanding(visit).Id;
        return ([new VisitRefused(id, Reason!)], PractitionerDay.Free(day, id), []);
    }
}

public static class RefuseVisitEndpoint
{
    public static void MapRefuseVisit(this IEndpointRouteBuilder routes) => routes
        .MapPost("/visits/{visitId:guid}/refusal", Handle).WithName(nameof(RefuseVisit)).WithSummary("Record that a resident did not want a home visit")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(Guid visitId, RefuseVisit command, HttpContext http, VisitTimes visits, CancellationToken ct) =>
        new(await visits.Execute(visitId, http.Envelope(), (visit, day, _, _) => command.Decide(visit, day), ct));
}
