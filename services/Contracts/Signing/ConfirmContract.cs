using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Signing;

/// <summary>The team accepts the resident, with proof of both signatures; from today it answers for him.</summary>
/// <param name="ProofMethod">esignature, otp, app or inPerson.</param>
/// <param name="GuardianRef">Who signs for a minor.</param>
public sealed record ConfirmContract(
    [Required, AllowedValues("esignature", "otp", "app", "inPerson")] string? ProofMethod, [MaxLength(100)] string? ProofRef = null,
    [MaxLength(100)] string? GuardianRef = null)
{
    public (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(Guid contractId, Enrolment? enrolment, TeamPanel? panel, Moment at)
    {
        if (enrolment!.Contract is not { Status: ContractStatus.PendingConfirmation } pending || pending.Id != contractId)
            return enrolment.Refuse(contractId, already: ContractStatus.Active, ContractStatus.PendingConfirmation);
        if (!TeamPanel.Open(panel).Accepting)
            throw new RuleBroken("TEAM_NOT_ACCEPTING", "This team does not take new residents now.", new { pending.TeamId });
        if (ProofMethod is not "inPerson" && string.IsNullOrWhiteSpace(ProofRef))
            throw new RuleBroken("PROOF_INVALID", "The proof of signing cannot be found.", new { ProofMethod });
        if (enrolment.NeedsGuardian && string.IsNullOrWhiteSpace(GuardianRef))
            throw new RuleBroken("GUARDIAN_REQUIRED", "A guardian signs for a minor.");

        var endsOn = at.Today.AddMonths(pending.TermMonths).AddDays(-1);
        return (
            [new ContractSigned(pending.Id, enrolment.ResidentId, pending.TeamId, panel!.GpId, at.Today, endsOn, at.EndOf(endsOn),
                new(ProofMethod!, ProofRef ?? ""), GuardianRef)],
            [new PanelSeatConfirmed(pending.TeamId, pending.Id)]);
    }
}

public static class ConfirmContractEndpoint
{
    public static void MapConfirmContract(this IEndpointRouteBuilder routes) => routes
        .MapPost("/contracts/{contractId:guid}/signature", Handle).WithName(nameof(ConfirmContract)).WithSummary("Sign an applied contract")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(Guid contractId, ConfirmContract command, HttpContext http, Seats seats, CancellationToken ct) =>
        new(await seats.ExecuteOnOwn(await seats.ResidentOf(contractId, ct), http.Envelope(),
            (enrolment, panel, at) => command.Decide(contractId, enrolment, panel, at), ct) with
        { Id = contractId });
}
