using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Staffing;

/// <summary>A practitioner has gained a qualification.</summary>
public sealed record AddQualification([Required, MaxLength(100)] string? Qualification)
{
    public IEnumerable<DomainEvent> Decide(Practitioner? practitioner)
    {
        var holder = Practitioner.Staying(practitioner);
        return holder.Qualifications.Contains(Qualification!) ? [] : [new QualificationAdded(holder.Id, Qualification!)];
    }
}

public static class AddQualificationEndpoint
{
    public static void MapAddQualification(this IEndpointRouteBuilder routes) => routes
        .MapPost("/practitioners/{practitionerId:guid}/qualifications", Handle).WithName(nameof(AddQualification)).WithSummary("Add a qualification")
        .For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(
        Guid practitionerId, AddQualification command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Practitioner>(practitionerId, http.Envelope(), (practitioner, _) => command.Decide(practitioner), ct));
}
