using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Visiting;

/// <summary>Values are measured at the resident's home; those far off are told at once, and so is a deterioration.</summary>
public sealed record RecordObservation([Required, MinLength(1), MaxLength(50)] IReadOnlyList<Vital>? Observations)
{
    public (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Bed) Decide(HomeVisit? visit, FamilyBed? bed, Moment at)
    {
        var started = HomeVisit.At(visit, VisitStatus.Started);
        var fresh = Observations!.Where(o => !started.Observed.Contains(o)).ToList();
        return ([.. fresh.Select(o => new ObservationRecorded(started.Id, o)), .. EarlyWarning.Of(started, bed, fresh, at)], [], []);
    }
}

public static class RecordObservationEndpoint
{
    public static void MapRecordObservation(this IEndpointRouteBuilder routes) => routes
        .MapPost("/visits/{visitId:guid}/observations", Handle).WithName(nameof(RecordObservation)).WithSummary("Record what was measured on a home visit")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(Guid visitId, RecordObservation command, HttpContext http, VisitTimes visits, CancellationToken ct)
    {
        CompleteVisitEndpoint.Whole(command.Observations);
        return new(await visits.Execute(visitId, http.Envelope(), (visit, _, bed, at) => command.Decide(visit, bed, at), ct));
    }
}
