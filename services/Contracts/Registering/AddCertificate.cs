using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Registering;

/// <summary>A resident shows another certificate: the identity card after the birth certificate, a new passport after the old one.</summary>
public sealed record AddCertificate([Required, MaxLength(20)] string? CertificateType, [Required, MaxLength(20)] string? CertificateNumber)
{
    public IEnumerable<DomainEvent> Decide(Enrolment? enrolment, DateOnly? birthDate)
    {
        enrolment.Alive();
        return Certificates.IsWellFormed(CertificateType!, CertificateNumber!, birthDate) ? []
            : throw new RuleBroken("CERTIFICATE_INVALID", "The certificate number is not well formed.", new { CertificateType });
    }
}

public static class AddCertificateEndpoint
{
    public static void MapAddCertificate(this IEndpointRouteBuilder routes) => routes
        .MapPost("/residents/{residentId:guid}/certificates", Handle).WithName(nameof(AddCertificate))
        .WithSummary("Add a resident's certificate").For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid residentId, AddCertificate command, HttpContext http, Runner runner, ResidentVault vault, CancellationToken ct)
    {
        var identity = await vault.Find(residentId, ct);
        var done = await runner.Execute<Enrolment>(residentId, http.Envelope(), (enrolment, _) => command.Decide(enrolment, identity?.BirthDate), ct);
        return await vault.Add(residentId, command.CertificateType!, command.CertificateNumber!, ct)
            ? new(done)
            : throw new RuleBroken("RESIDENT_KNOWN", "A resident with this certificate is registered already.",
                new { residentId = await vault.FindByCertificate(command.CertificateType!, command.CertificateNumber!, ct) });
    }
}
