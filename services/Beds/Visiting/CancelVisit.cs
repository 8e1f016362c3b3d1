using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Visiting;

/// <summary>A visit is called off before anybody has set out; the practitioner's time is free again.</summary>
public sealed record CancelVisit([Required, MaxLength(100)] string? Reason)
{
    public (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Bed) Decide(HomeVisit? visit, PractitionerDay? day)
    {
        if (visit?.Status is VisitStatus.Cancelled)
            return ([], [], []);
        var id = HomeVisit.StillToMake(visit).Id;
        return ([new VisitCancelled(id, Reason!)], PractitionerDay.Free(day, id), []);
    }
}

public static class CancelVisitEndpoint
{
    public static void MapCancelVisit(this IEndpointRouteBuilder routes) => routes
        .MapPost("/visits/{visitId:guid}/cancellation", Handle).WithName(nameof(CancelVisit)).WithSummary("Call a home visit off").For(Role.Clinic);

    private static async Task<Decided> Handle(Guid visitId, CancelVisit command, HttpContext http, VisitTimes visits, CancellationToken ct) =>
        new(await visits.Execute(visitId, http.Envelope(), (visit, day, _, _) => command.Decide(visit, day), ct));
}
