using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Registering;

/// <summary>A registered institution opens; from now on teams may be formed there.</summary>
public static class ActivateInstitution
{
    public static IEnumerable<DomainEvent> Decide(Institution? institution) =>
        Institution.MayGo(institution, InstitutionStatus.Active, InstitutionStatus.Registered) ? [new InstitutionActivated(institution!.Id)] : [];

    public static void MapActivateInstitution(this IEndpointRouteBuilder routes) => routes
        .MapPost("/institutions/{institutionId:guid}/activation", Handle).WithName(nameof(ActivateInstitution)).WithSummary("Activate an institution")
        .For(Role.Commission);

    private static async Task<Decided> Handle(Guid institutionId, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Institution>(institutionId, http.Envelope(), (institution, _) => Decide(institution), ct));
}
