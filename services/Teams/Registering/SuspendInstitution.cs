using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Registering;

/// <summary>An institution may not work for a while; no team is formed, activated or resumed there meanwhile.</summary>
public sealed record SuspendInstitution([Required, MaxLength(100)] string? Reason)
{
    public IEnumerable<DomainEvent> Decide(Institution? institution) =>
        Institution.MayGo(institution, InstitutionStatus.Suspended, InstitutionStatus.Active)
            ? [new InstitutionSuspended(institution!.Id, Reason!)]
            : [];
}

public static class SuspendInstitutionEndpoint
{
    public static void MapSuspendInstitution(this IEndpointRouteBuilder routes) => routes
        .MapPost("/institutions/{institutionId:guid}/suspension", Handle).WithName(nameof(SuspendInstitution)).WithSummary("Suspend an institution")
        .For(Role.Commission);

    private static async Task<Decided> Handle(
        Guid institutionId, SuspendInstitution command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Institution>(institutionId, http.Envelope(), (institution, _) => command.Decide(institution), ct));
}
