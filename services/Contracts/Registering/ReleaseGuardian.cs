using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Registering;

/// <summary>The guardian no longer acts for the resident: he came of age, or another one will be named.</summary>
public static class ReleaseGuardian
{
    public static IEnumerable<DomainEvent> Decide(Enrolment? enrolment) =>
        enrolment.Alive().GuardianRef is { } guardian ? [new GuardianReleased(guardian)] : [];

    public static void MapReleaseGuardian(this IEndpointRouteBuilder routes) => routes
        .MapPost("/residents/{residentId:guid}/guardian-release", Handle).WithName(nameof(ReleaseGuardian))
        .WithSummary("Release a resident's guardian").For(Role.Clinic);

    private static async Task<Decided> Handle(Guid residentId, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Enrolment>(residentId, http.Envelope(), (enrolment, _) => Decide(enrolment), ct));
}
