using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Registering;

/// <summary>A suspended institution works again.</summary>
public static class ResumeInstitution
{
    public static IEnumerable<DomainEvent> Decide(Institution? institution) =>
        Institution.MayGo(institution, InstitutionStatus.Active, InstitutionStatus.Suspended) ? [new InstitutionResumed(institution!.Id)] : [];

    public static void MapResumeInstitution(this IEndpointRouteBuilder routes) => routes
        .MapPost("/institutions/{institutionId:guid}/resumption", Handle).WithName(nameof(ResumeInstitution)).WithSummary("Resume an institution")
        .For(Role.Commission);

    private static async Task<Decided> Handle(Guid institutionId, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Institution>(institutionId, http.Envelope(), (institution, _) => Decide(institution), ct));
}
