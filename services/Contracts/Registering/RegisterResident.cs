using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Registering;

/// <summary>A resident becomes known to the programme; his identity goes into the vault, the rest of the system sees an opaque id.</summary>
/// <param name="DistrictCode">Where he lives.</param>
public sealed record RegisterResident(
    Guid? Id, [Required, MaxLength(20)] string? CertificateType, [Required, MaxLength(20)] string? CertificateNumber,
    [Required, MaxLength(100)] string? Name, [Required, AllowedValues("female", "male", "unknown")] string? Sex, [Required] DateOnly? BirthDate,
    [MaxLength(20)] string? Phone, [MaxLength(200)] string? Address, [Required, MaxLength(20)] string? DistrictCode,
    VerifyEligibility? Eligibility, IReadOnlyList<GroupEvidence>? PriorityGroups = null)
{
    internal Identity Identity => new(CertificateType!, CertificateNumber!, Name!, Sex!, BirthDate!.Value, Phone, Address);

    internal bool IsWellFormed => Certificates.IsWellFormed(CertificateType!, CertificateNumber!, BirthDate);

    /// <param name="isPast">A registration of the past says itself to which groups he belonged.</param>
    public IEnumerable<DomainEvent> Decide(Guid residentId, Enrolment? enrolment, Moment at, bool isPast = false)
    {
        if (enrolment is { Erasure: not null })
            throw Refusing.Erased();
        if (enrolment is not null)
            yield break;
        if (!IsWellFormed)
            throw new RuleBroken("CERTIFICATE_INVALID", "The certificate number is not well formed.", new { CertificateType });
        if (BirthDate > at.Today)
            throw new RuleBroken("BIRTH_DATE_INVALID", "Nobody is born in the future.");
        var band = FollowAge.BandOf(BirthDate!.Value, at);
        if (CertificateType is "birthCertificate" && band is not "child")
            throw new RuleBroken("CERTIFICATE_INVALID", "A birth certificate is for a child that has no identity card yet.", new { CertificateType });
        yield return new ResidentRegistered(residentId, DistrictCode!, band);
        if (Eligibility is { } eligibility)
            yield return eligibility.Verified(at);
        var groups = (PriorityGroups ?? []).OfType<GroupEvidence>().ToList();
        if (!isPast && FollowAge.GroupOf(band) is { } byAge && groups.All(g => g.Group != byAge))
            groups.Add(new(byAge, "birthDate"));
        foreach (var group in groups)
            yield return group.Assigned(at);
    }
}

public static class RegisterResidentEndpoint
{
    public static void MapRegisterResident(this IEndpointRouteBuilder routes) => routes
        .MapPost("/residents", Handle).WithName(nameof(RegisterResident)).WithSummary("Register a resident").For(Role.Clinic);

    private static async Task<Decided> Handle(
        RegisterResident command, HttpContext http, Runner runner, ResidentVault vault, IdSource ids, CancellationToken ct)
    {
        var id = command.Id ?? ids.Next();
        if (command.IsWellFormed)
        {
            // The vault first: repeated after a crash it finds the same row, and the event follows.
            await vault.Keep([(id, command.Identity)], ct);
            if (await vault.FindByCertificate(command.CertificateType!, command.CertificateNumber!, ct) is { } holder && holder != id)
                throw new RuleBroken("RESIDENT_KNOWN", "A resident with this certificate is registered already.", new { residentId = holder });
        }
        return new(await runner.Execute<Enrolment>(id, http.Envelope(), (enrolment, at) => command.Decide(id, enrolment, at), ct), $"/residents/{id}");
    }
}
