using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Staffing;

/// <summary>A practitioner goes on at another institution; teams, licence and stars stay as they are.</summary>
public sealed record MovePractitioner([Required] Guid? InstitutionId)
{
    public IEnumerable<DomainEvent> Decide(Practitioner? practitioner, Institution? institution)
    {
        var moved = Practitioner.Staying(practitioner);
        if (moved.InstitutionId == InstitutionId)
            return [];
        var home = Institution.Active(institution);
        return [new PractitionerMoved(moved.Id, moved.InstitutionId, home.Id, home.DistrictCode)];
    }
}

public static class MovePractitionerEndpoint
{
    public static void MapMovePractitioner(this IEndpointRouteBuilder routes) => routes
        .MapPost("/practitioners/{practitionerId:guid}/institution", Handle).WithName(nameof(MovePractitioner)).WithSummary("Move to another institution")
        .For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(
        Guid practitionerId, MovePractitioner command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await Take(command, practitionerId, http.Envelope(), runner, ct));

    internal static Task<Done> Take(MovePractitioner command, Guid practitionerId, Envelope envelope, Runner runner, CancellationToken ct) =>
        runner.Execute<Practitioner, Institution>(practitionerId, command.InstitutionId!.Value, envelope,
            (practitioner, institution, _) => (command.Decide(practitioner, institution), []), ct);
}
