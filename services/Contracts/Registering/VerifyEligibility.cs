using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Registering;

/// <summary>A resident's right to a contract is shown, by the household register or by his residence.</summary>
/// <param name="EvidenceType">register, residencePermit, permit or gridVerification.</param>
/// <param name="Since">Start of the household registration or of the residence in the city.</param>
/// <param name="ValidTo">Last day on which the evidence holds; without it, it does not run out.</param>
public sealed record VerifyEligibility(
    [Required] EligibilityBasis? Basis, [Required, MaxLength(50)] string? EvidenceType, [Required] DateOnly? Since, DateOnly? ValidTo = null)
{
    private static readonly string[] OfResidence = ["residencePermit", "permit", "gridVerification"];

    public IEnumerable<DomainEvent> Decide(Enrolment? enrolment, Moment at)
    {
        var verified = Verified(at);
        return enrolment.Alive() is { Lost: null } known && known.Eligibility == verified ? [] : [verified];
    }

    internal EligibilityVerified Verified(Moment at)
    {
        string[] accepted = Basis is EligibilityBasis.HouseholdRegistration ? ["register"] : OfResidence;
        if (!accepted.Contains(EvidenceType))
            throw new RuleBroken("EVIDENCE_INVALID", $"'{EvidenceType}' does not show this right.", new { accepted });
        if (Since > at.Today || ValidTo < at.Today || ValidTo > at.Today.AddYears(100))
            throw new RuleBroken("EFFECTIVE_DATE_INVALID", "The evidence holds today.", new { Since, ValidTo });
        return new(Basis!.Value, EvidenceType!, Since!.Value, ValidTo, ValidTo is { } to ? at.EndOf(to) : null);
    }
}

public static class VerifyEligibilityEndpoint
{
    public static void MapVerifyEligibility(this IEndpointRouteBuilder routes) => routes
        .MapPost("/residents/{residentId:guid}/eligibility", Handle).WithName(nameof(VerifyEligibility))
        .WithSummary("Show a resident's right to a contract").For(Role.Clinic);

    private static async Task<Decided> Handle(Guid residentId, VerifyEligibility command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Enrolment>(residentId, http.Envelope(), command.Decide, ct));
}
