using System.ComponentModel.DataAnnotations;
using FamilyDoctor.Beds.Covering;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Visiting;

/// <summary>Somebody else makes a visit that has not taken place yet, or somebody at last, where nobody had time.</summary>
public sealed record AssignVisit([Required] Guid? PractitionerId)
{
    /// <param name="day">Of whoever was to make it.</param>
    /// <param name="free">Of whoever makes it now.</param>
    public (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Free) Decide(
        HomeVisit? visit, PractitionerDay? day, PractitionerDay? free, Moment at)
    {
        var plan = HomeVisit.StillToMake(visit).Plan;
        return visit!.Responsible == PractitionerId && visit.MadeBy == PractitionerId ? ([], [], []) : (
            [new VisitAssigned(plan.VisitId, PractitionerId!.Value)], PractitionerDay.Free(day, plan.VisitId),
            PractitionerDay.Take(free, new(PractitionerId.Value, at.DateOf(plan.From), plan.VisitId, plan.From, plan.To)));
    }
}

public static class AssignVisitEndpoint
{
    public static void MapAssignVisit(this IEndpointRouteBuilder routes) => routes
        .MapPost("/visits/{visitId:guid}/assignment", Handle).WithName(nameof(AssignVisit)).WithSummary("Give a home visit to somebody else")
        .For(Role.Clinic).OnlyNames("practitionerId");

    private static async Task<Decided> Handle(
        Guid visitId, AssignVisit command, HttpContext http, VisitTimes visits, HandVisitsOver handing, CancellationToken ct)
    {
        var envelope = http.Envelope();
        var done = await visits.Move(visitId, known => (command.PractitionerId!.Value, known.Plan.From), envelope,
            (visit, day, free, _, at) => command.Decide(visit, day, free, at), ct);
        await handing.Take(visitId, envelope with { ExpectedVersion = null, Idempotency = null }, ct); // he may be away at that time
        return new(done);
    }
}
