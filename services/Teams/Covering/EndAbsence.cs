using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Covering;

/// <summary>Somebody is back earlier, or will not be away after all: what the cover took over goes back.</summary>
public static class EndAbsence
{
    public static IEnumerable<DomainEvent> Decide(Guid id, Absences? absences) => absences?.Find(id) switch
    {
        null => throw new UnknownId(),
        { Status: AbsenceStatus.Planned } a => [new CoverEnded(id, absences.PractitionerId, a.CoveredBy, "cancelled")],
        { Status: AbsenceStatus.Away } a => [new CoverEnded(id, absences.PractitionerId, a.CoveredBy, "returned")],
        _ => [],
    };

    public static void MapEndAbsence(this IEndpointRouteBuilder routes) => routes
        .MapPost("/practitioners/{practitionerId:guid}/absences/{absenceId:guid}/end", Handle).WithName(nameof(EndAbsence))
        .WithSummary("End or cancel an absence").For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(Guid practitionerId, Guid absenceId, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Absences>(Absences.StreamOf(practitionerId), http.Envelope(), (absences, _) => Decide(absenceId, absences), ct));
}
