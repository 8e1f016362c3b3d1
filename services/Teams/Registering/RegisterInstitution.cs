using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Registering;

/// <summary>A community health institution becomes known to the programme; it works once it is activated.</summary>
public sealed record RegisterInstitution(
    Guid? Id, [Required, MaxLength(200)] string? Name, [Required, MaxLength(200)] string? NameEn, [Required, MaxLength(40)] string? DistrictCode,
    [Required, MaxLength(300)] string? Address, [Required, Range(-90.0, 90.0)] double? Latitude, [Required, Range(-180.0, 180.0)] double? Longitude,
    IReadOnlyList<OpeningHours>? OpeningHours = null)
{
    public IEnumerable<DomainEvent> Decide(Guid id, Institution? institution) => institution is null
        ? [new InstitutionRegistered(id, Name!, NameEn!, DistrictCode!, Address!, Latitude!.Value, Longitude!.Value,
            Refusing.Entries(nameof(OpeningHours), OpeningHours, hours => Enum.IsDefined(hours.Day) && hours.Opens < hours.Closes))]
        : [];
}

public static class RegisterInstitutionEndpoint
{
    public static void MapRegisterInstitution(this IEndpointRouteBuilder routes) => routes
        .MapPost("/institutions", Handle).WithName(nameof(RegisterInstitution)).WithSummary("Register an institution").For(Role.Commission);

    private static async Task<Decided> Handle(RegisterInstitution command, HttpContext http, Runner runner, IdSource ids, CancellationToken ct)
    {
        var id = command.Id ?? ids.Next();
        return new(await runner.Execute<Institution>(id, http.Envelope(), (institution, _) => command.Decide(id, institution), ct), $"/institutions/{id}");
    }
}
