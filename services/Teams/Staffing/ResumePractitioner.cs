using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Staffing;

/// <summary>A practitioner's suspension is lifted; whoever has no valid licence still may not work.</summary>
public static class ResumePractitioner
{
    public static IEnumerable<DomainEvent> Decide(Practitioner? practitioner) =>
        Practitioner.Staying(practitioner) is { Suspension: not null } suspended ? [new PractitionerResumed(suspended.Id)] : [];

    public static void MapResumePractitioner(this IEndpointRouteBuilder routes) => routes
        .MapPost("/practitioners/{practitionerId:guid}/resumption", Handle).WithName(nameof(ResumePractitioner)).WithSummary("Lift a suspension")
        .For(Role.Commission);

    private static async Task<Decided> Handle(Guid practitionerId, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Practitioner>(practitionerId, http.Envelope(), (practitioner, _) => Decide(practitioner), ct));
}
