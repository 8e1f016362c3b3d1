using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Registering;

/// <param name="Since">Start of the household registration or of the residence in the city.</param>
public sealed record Eligibility([Required] EligibilityBasis? Basis, [Required, MaxLength(50)] string? EvidenceType, [Required] DateOnly? Since);

/// <summary>A resident becomes known to the programme; his identity goes into the vault, the rest of the system sees an opaque id.</summary>
/// <param name="DistrictCode">Where he lives.</param>
public sealed record RegisterResident(
    Guid? Id, [Required, MaxLength(20)] string? CertificateType, [Required, MaxLength(20)] string? CertificateNumber,
    [Required, MaxLength(100)] string? Name, [Required, AllowedValues("female", "male", "unknown")] string? Sex, [Required] DateOnly? BirthDate,
    [MaxLength(20)] string? Phone, [MaxLength(200)] string? Address, [Required, MaxLength(20)] string? DistrictCode,
    Eligibility? Eligibility, IReadOnlyList<GroupEvidence>? PriorityGroups = null)
{
    public Identity Identity => new(CertificateType!, CertificateNumber!, Name!, Sex!, BirthDate!.Value, Phone, Address);

    public IEnumerable<DomainEvent> Decide(Guid residentId, Enrolment? enrolment, Moment at)
    {
        if (enrolment is not null)
            yield break;
        if (!Certificates.IsWellFormed(CertificateType!, CertificateNumber!))
            throw new RuleBroken("CERTIFICATE_INVALID", "The certificate number is not well formed.", new { CertificateType });
        if (BirthDate > at.Today)
            throw new RuleBroken("BIRTH_DATE_INVALID", "Nobody is born in the future.");
        yield return new ResidentRegistered(residentId, DistrictCode!, AgeBand(BirthDate!.Value, at));
        if (Eligibility is { } eligibility)
            yield return new EligibilityVerified(eligibility.Basis!.Value, eligibility.EvidenceType!, eligibility.Since!.Value);
        foreach (var group in PriorityGroups ?? [])
            yield return group.Assigned(at);
    }

    private static string AgeBand(DateOnly birthDate, Moment at) => at.Today switch
    {
        var today when birthDate > today.AddYears(-7) => "child",
        var today when birthDate > today.AddYears(-at.Policy.GuardianUntilAge) => "minor",
        var today when birthDate > today.AddYears(-at.Policy.ElderlyAge) => "adult",
        _ => "elder",
    };
}

public static class RegisterResidentEndpoint
{
    public static void MapRegisterResident(this IEndpointRouteBuilder routes) => routes
        .MapPost("/residents", Handle).WithName(nameof(RegisterResident)).WithSummary("Register a resident").For(Role.Clinic);

    private static async Task<Decided> Handle(
        RegisterResident command, HttpContext http, Runner runner, ResidentVault vault, IdSource ids, CancellationToken ct)
    {
        var id = command.Id ?? ids.Next();
        if (Certificates.IsWellFormed(command.CertificateType!, command.CertificateNumber!))
        {
            // The vault first: repeated after a crash it finds the same row, and the event follows.
            await vault.Keep([(id, command.Identity)], ct);
            var holder = await vault.FindByCertificate(command.Identity, ct);
            if (holder != id)
                throw new RuleBroken("RESIDENT_KNOWN", "A resident with this certificate is registered already.", new { residentId = holder });
        }
        return new(await runner.Execute<Enrolment>(id, http.Envelope(), (enrolment, at) => command.Decide(id, enrolment, at), ct), $"/residents/{id}");
    }
}
