using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Visiting;

/// <summary>Somebody is at the resident's home and the visit begins.</summary>
/// <param name="LocationCheck">atHome or elsewhere, as the device saw it.</param>
public sealed record StartVisit([RegularExpression("atHome|elsewhere")] string? LocationCheck = null)
{
    public (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Bed) Decide(
        HomeVisit? visit, FamilyBed? bed, Moment at)
    {
        if (visit?.Status is VisitStatus.Started)
            return ([], [], []);
        var id = HomeVisit.At(visit, VisitStatus.Assigned, VisitStatus.EnRoute).Id;
        if (bed?.Closed is { } closed)
            throw new RuleBroken("BED_CLOSED", "This family bed is closed.", new { closed.ClosedOn, closed.Reason });
        return ([new VisitStarted(id, at.Now, LocationCheck)], [], []);
    }
}

public static class StartVisitEndpoint
{
    public static void MapStartVisit(this IEndpointRouteBuilder routes) => routes
        .MapPost("/visits/{visitId:guid}/start", Handle).WithName(nameof(StartVisit)).WithSummary("Begin a home visit").For(Role.Clinic);

    private static async Task<Decided> Handle(Guid visitId, StartVisit command, HttpContext http, VisitTimes visits, CancellationToken ct) =>
        new(await visits.Execute(visitId, http.Envelope(), (visit, _, bed, at) => command.Decide(visit, bed, at), ct));
}
