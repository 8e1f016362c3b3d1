using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Visiting;

/// <summary>Somebody looked at a visit that lay outside the open days: its day was another, or it counts for nothing.</summary>
/// <param name="VisitedOn">The day on which it really was; without one it is dismissed.</param>
public sealed record ReviewLateVisit([Required, MaxLength(100)] string? Reason, DateOnly? VisitedOn = null)
{
    public (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Bed) Decide(HomeVisit? visit, FamilyBed? bed, Moment at)
    {
        if (visit?.Status is VisitStatus.Dismissed && VisitedOn is null)
            return ([], [], []);
        var late = HomeVisit.At(visit, VisitStatus.Quarantined);
        if (VisitedOn is not { } day)
            return ([new LateVisitDismissed(late.Id, Reason!)], [], []);
        if (bed?.IsOpenOn(day) is not true || day > at.Today)
            throw new RuleBroken("VISIT_OUTSIDE_PERIOD", "The bed was not open on that day.", new { bed?.Period?.OpenedOn, bed?.LastDay });
        var visitedAt = at.StartOf(day) + (late.Plan.From - at.StartOf(at.DateOf(late.Plan.From)));
        return ([late.Quarantine!.Report, new LateVisitRecorded(late.Id, bed.Id, visitedAt)], [], [new BedVisited(bed.Id, late.Id)]);
    }
}

public static class ReviewLateVisitEndpoint
{
    public static void MapReviewLateVisit(this IEndpointRouteBuilder routes) => routes
        .MapPost("/visits/{visitId:guid}/review", Handle).WithName(nameof(ReviewLateVisit)).WithSummary("Review a visit outside the open days of its bed")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(Guid visitId, ReviewLateVisit command, HttpContext http, VisitTimes visits, CancellationToken ct) =>
        new(await visits.Execute(visitId, http.Envelope(), (visit, _, bed, at) => command.Decide(visit, bed, at), ct));
}
