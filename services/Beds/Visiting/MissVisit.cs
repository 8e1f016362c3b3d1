using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds.Visiting;

/// <summary>A planned visit did not take place; the practitioner's time is free again.</summary>
public sealed record MissVisit([Required, MaxLength(100)] string? Cause)
{
    public (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day) Decide(HomeVisit? visit, PractitionerDay? day)
    {
        if (visit is { Status: VisitStatus.Missed })
            return ([], []);
        var plan = HomeVisit.Outstanding(visit).Plan;
        return ([new VisitMissed(plan.VisitId, Cause!)], PractitionerDay.Free(day, plan.VisitId));
    }
}

public static class MissVisitEndpoint
{
    public static void MapMissVisit(this IEndpointRouteBuilder routes) => routes
        .MapPost("/visits/{visitId:guid}/missed", Handle).WithName(nameof(MissVisit)).WithSummary("Record that a home visit did not take place")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(Guid visitId, MissVisit command, HttpContext http, VisitTimes visits, CancellationToken ct) =>
        new(await visits.Execute(visitId, http.Envelope(), (visit, day, _, _) =>
        {
            var (missed, freed) = command.Decide(visit, day);
            return (missed, freed, []);
        }, ct));
}
