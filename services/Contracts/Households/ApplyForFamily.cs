using System.ComponentModel.DataAnnotations;
using FamilyDoctor.Contracts.Applying;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Households;

/// <param name="ContractId">The application that was made.</param>
/// <param name="Code">Why there is none.</param>
public sealed record FamilyApplication(Guid ResidentId, Guid? ContractId, string? Code);

/// <summary>The representative of a household applies for its members at once; each gets an application of his own, or hears why not.</summary>
public sealed record ApplyForFamily(
    [Required] Guid? RepresentativeId, [Required] Guid? TeamId, [Required, MinLength(1), MaxLength(20)] IReadOnlyList<Guid>? ResidentIds,
    int? TermMonths = null)
{
    /// <summary>Only who represents the household of a member applies for him.</summary>
    public static (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(
        Guid householdId, Guid contractId, ApplyForContract apply, Enrolment? member, TeamPanel? panel, PackageCatalogue catalogue, Moment at) =>
        member is not null && member.HouseholdId != householdId
            ? throw new RuleBroken("NOT_OF_HOUSEHOLD", "This resident does not belong to the household.", new { member.ResidentId })
            : apply.Decide(contractId, member, panel, catalogue, at);

    public void RequireRepresentative(Guid householdId, Enrolment? representative)
    {
        if (representative.Alive() is not { IsRepresentative: true } || representative.HouseholdId != householdId || representative.NeedsGuardian)
            throw new RuleBroken("NOT_OF_HOUSEHOLD", "Only the household's representative applies for its members.", new { RepresentativeId });
    }
}

public static class ApplyForFamilyEndpoint
{
    public static void MapApplyForFamily(this IEndpointRouteBuilder routes) => routes
        .MapPost("/households/{householdId:guid}/contracts", Handle).WithName(nameof(ApplyForFamily)).WithSummary("Apply for the members of a household")
        .For(Role.Clinic, Role.Resident);

    private static async Task<IReadOnlyList<FamilyApplication>> Handle(
        Guid householdId, ApplyForFamily command, HttpContext http, Seats seats, IEventStore store, Packages packages, CancellationToken ct)
    {
        var (representative, _) = await store.Load<Enrolment>(command.RepresentativeId!.Value, ct);
        command.RequireRepresentative(householdId, representative);
        var (catalogue, envelope) = (await packages.Now(ct), http.Envelope() with { ExpectedVersion = null, Idempotency = null });
        return await Task.WhenAll(command.ResidentIds!.Distinct().Select(async residentId =>
        {
            // Asked twice with one key, the same applications are made once.
            var key = http.Request.Headers["Idempotency-Key"].ToString();
            var contractId = Ids.Of(residentId, $"family:{(key.Length > 0 ? key : envelope.CorrelationId)}");
            var apply = new ApplyForContract(contractId, residentId, command.TeamId, command.TermMonths);
            try
            {
                await seats.Execute(residentId, command.TeamId!.Value, envelope, (member, panel, at) =>
                    ApplyForFamily.Decide(householdId, contractId, apply, member, panel, catalogue, at), ct);
                return new FamilyApplication(residentId, contractId, null);
            }
            catch (Exception e) when (e is RuleBroken or UnknownId)
            {
                return new FamilyApplication(residentId, null, e is RuleBroken rule ? rule.Code : "NOT_FOUND");
            }
        }));
    }
}
