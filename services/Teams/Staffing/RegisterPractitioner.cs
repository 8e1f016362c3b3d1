using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Staffing;

/// <summary>A doctor, nurse or other helper becomes known with qualifications and licence; the name stays with the institution.</summary>
/// <param name="Kind">doctor, nurse, publicHealth, volunteer, specialist, pharmacist ...: the city's own words.</param>
/// <param name="LicenceValidTo">Without it the licence has no end, or none is needed.</param>
/// <param name="FirstDay">Of somebody who is registered ahead; without it he works from now on.</param>
public sealed record RegisterPractitioner(
    Guid? Id, [Required, MaxLength(40)] string? Kind, [Required] Guid? InstitutionId, IReadOnlyList<string>? Qualifications = null,
    DateOnly? LicenceValidTo = null, DateOnly? FirstDay = null)
{
    public IEnumerable<DomainEvent> Decide(Guid id, Practitioner? practitioner, Institution? institution, Moment at)
    {
        if (practitioner is not null)
            return [];
        if (institution is null)
            throw new UnknownId();
        if (LicenceValidTo < at.Today)
            throw new RuleBroken("LICENCE_INVALID", "This licence has lapsed already.", new { LicenceValidTo });
        if (FirstDay > at.Today.AddYears(1))
            throw Refusing.Invalid(nameof(FirstDay), "Somebody is registered a year ahead at most.");
        return [new PractitionerRegistered(id, Kind!, institution.Id, institution.DistrictCode, Refusing.Words(nameof(Qualifications), Qualifications),
            LicenceValidTo, LicenceValidTo is { } validTo ? at.EndOf(validTo) : null, FirstDay > at.Today ? at.StartOf(FirstDay.Value) : null)];
    }
}

public static class RegisterPractitionerEndpoint
{
    public static void MapRegisterPractitioner(this IEndpointRouteBuilder routes) => routes
        .MapPost("/practitioners", Handle).WithName(nameof(RegisterPractitioner)).WithSummary("Register a practitioner")
        .For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(RegisterPractitioner command, HttpContext http, Runner runner, IdSource ids, CancellationToken ct)
    {
        var id = command.Id ?? ids.Next();
        return new(await Take(command, id, http.Envelope(), runner, ct), $"/practitioners/{id}");
    }

    internal static Task<Done> Take(RegisterPractitioner command, Guid id, Envelope envelope, Runner runner, CancellationToken ct) =>
        runner.Execute<Practitioner, Institution>(id, command.InstitutionId!.Value, envelope,
            (practitioner, institution, at) => (command.Decide(id, practitioner, institution, at), []), ct);
}
