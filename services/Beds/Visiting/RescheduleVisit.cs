using System.ComponentModel.DataAnnotations;
using FamilyDoctor.Beds.Covering;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Visiting;

/// <summary>A visit is made at another time, by the same practitioner; it stays inside the open days of its bed.</summary>
public sealed record RescheduleVisit([Required] DateTimeOffset? From, [Required] DateTimeOffset? To)
{
    /// <param name="day">On which it was to be made.</param>
    /// <param name="then">On which it will be.</param>
    public (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Then) Decide(
        HomeVisit? visit, PractitionerDay? day, PractitionerDay? then, FamilyBed? bed, Moment at)
    {
        var plan = HomeVisit.StillToMake(visit).Plan;
        var (from, to, date) = HomeVisit.Window(From!.Value, To!.Value, at);
        if ((plan.From, plan.To) == (from, to))
            return ([], [], []); // it is then already
        if (plan.BedId is not null)
            FamilyBed.Visitable(bed, date, at);
        return (
            [new VisitRescheduled(plan.VisitId, from, to)],
            PractitionerDay.Free(day, plan.VisitId),
            visit!.Status is VisitStatus.Planned ? [] : PractitionerDay.Take(then, new(visit.PractitionerId, date, plan.VisitId, from, to)));
    }
}

public static class RescheduleVisitEndpoint
{
    public static void MapRescheduleVisit(this IEndpointRouteBuilder routes) => routes
        .MapPost("/visits/{visitId:guid}/rescheduling", Handle).WithName(nameof(RescheduleVisit)).WithSummary("Make a home visit at another time")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid visitId, RescheduleVisit command, HttpContext http, VisitTimes visits, HandVisitsOver handing, CancellationToken ct)
    {
        var envelope = http.Envelope();
        var done = await visits.Move(visitId, known => (known.PractitionerId, command.From!.Value), envelope, command.Decide, ct);
        await handing.Take(visitId, envelope with { ExpectedVersion = null, Idempotency = null }, ct); // he may be away at that time
        return new(done);
    }
}
