using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Visiting;

/// <summary>A planned visit did not take place; the practitioner's time is free again, and several in a row are told on.</summary>
public sealed record MissVisit([Required, MaxLength(100)] string? Cause)
{
    public (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Bed) Decide(
        HomeVisit? visit, PractitionerDay? day, FamilyBed? bed, Moment at)
    {
        if (visit?.Status is VisitStatus.Missed)
            return ([], [], []);
        var id = HomeVisit.At(visit, VisitStatus.Planned, VisitStatus.Assigned, VisitStatus.EnRoute).Id;
        return ([new VisitMissed(id, Cause!)], PractitionerDay.Free(day, id), FamilyBed.Missed(bed, id, at));
    }
}

public static class MissVisitEndpoint
{
    public static void MapMissVisit(this IEndpointRouteBuilder routes) => routes
        .MapPost("/visits/{visitId:guid}/missed", Handle).WithName(nameof(MissVisit)).WithSummary("Record that a home visit did not take place")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(Guid visitId, MissVisit command, HttpContext http, VisitTimes visits, CancellationToken ct) =>
        new(await visits.Execute(visitId, http.Envelope(), command.Decide, ct));
}
