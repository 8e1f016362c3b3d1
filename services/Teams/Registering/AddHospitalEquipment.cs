using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Registering;

/// <summary>A hospital shares a large device, so that family doctors can book examinations on it.</summary>
/// <param name="Name">What tells it from others of its kind in the house.</param>
public sealed record AddHospitalEquipment([Required, MaxLength(40)] string? Modality, [Required, MaxLength(100)] string? Name)
{
    public IEnumerable<DomainEvent> Decide(Hospital? hospital) => hospital switch
    {
        null => throw new UnknownId(),
        _ when hospital.Equipment.Contains(new(Modality!, Name!)) => [],
        _ => [new HospitalEquipmentAdded(hospital.Entry.HospitalId, Modality!, Name!)],
    };
}

public static class AddHospitalEquipmentEndpoint
{
    public static void MapAddHospitalEquipment(this IEndpointRouteBuilder routes) => routes
        .MapPost("/hospitals/{hospitalId:guid}/equipment", Handle).WithName(nameof(AddHospitalEquipment)).WithSummary("Add a large device")
        .For(Role.Commission, Role.Hospital);

    private static async Task<Decided> Handle(
        Guid hospitalId, AddHospitalEquipment command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Hospital>(hospitalId, http.Envelope(), (hospital, _) => command.Decide(hospital), ct));
}
