using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Registering;

/// <summary>A hospital becomes known to the programme, so that residents can be referred to it.</summary>
public sealed record RegisterHospital(
    Guid? Id, [Required, MaxLength(200)] string? Name, [Required, MaxLength(200)] string? NameEn, [Required, MaxLength(40)] string? DistrictCode,
    [Required, Range(1, 3)] int? Level)
{
    public IEnumerable<DomainEvent> Decide(Guid id, Hospital? hospital) =>
        hospital is null ? [new HospitalRegistered(id, Name!, NameEn!, DistrictCode!, Level!.Value)] : [];
}

public static class RegisterHospitalEndpoint
{
    public static void MapRegisterHospital(this IEndpointRouteBuilder routes) => routes
        .MapPost("/hospitals", Handle).WithName(nameof(RegisterHospital)).WithSummary("Register a hospital").For(Role.Commission);

    private static async Task<Decided> Handle(RegisterHospital command, HttpContext http, Runner runner, IdSource ids, CancellationToken ct)
    {
        var id = command.Id ?? ids.Next();
        return new(await runner.Execute<Hospital>(id, http.Envelope(), (hospital, _) => command.Decide(id, hospital), ct), $"/hospitals/{id}");
    }
}
