using System.ComponentModel.DataAnnotations;
using FamilyDoctor.Contracts.Registering;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Signing;

/// <summary>The team accepts the resident, with proof of both signatures; from today it answers for him.</summary>
/// <param name="ProofMethod">esignature, otp, app or inPerson.</param>
/// <param name="GuardianRef">Who signs for a minor, or for a resident who cannot bind himself.</param>
public sealed record ConfirmContract(
    [Required, AllowedValues("esignature", "otp", "app", "inPerson")] string? ProofMethod, [MaxLength(100)] string? ProofRef = null,
    [MaxLength(100)] string? GuardianRef = null)
{
    /// <param name="catalogue">Null for a term of the past, whose services are not counted any more.</param>
    /// <param name="remindFrom">For a term of the past: who should have been reminded before is not reminded any more.</param>
    public (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(
        Guid contractId, Enrolment? enrolment, TeamPanel? panel, PackageCatalogue? catalogue, Moment at, DateTimeOffset remindFrom = default)
    {
        if (enrolment.Alive().Contract is not { Status: ContractStatus.PendingConfirmation } pending || pending.Id != contractId)
            return enrolment.Refuse(contractId, already: ContractStatus.Active, ContractStatus.PendingConfirmation);
        if (!TeamPanel.Open(panel).TakesResidents)
            throw new RuleBroken("TEAM_NOT_ACCEPTING", "This team does not take new residents now.", new { pending.TeamId });
        var proof = Refusing.Proof(ProofMethod, ProofRef);
        var guardian = enrolment.Guardian(GuardianRef);

        var endsOn = at.Today.AddMonths(pending.TermMonths).AddDays(-1);
        var signed = new ContractSigned(pending.Id, enrolment.ResidentId, pending.TeamId, panel!.GpId, at.Today, endsOn, at.EndOf(endsOn),
            proof, guardian, SendRenewalReminder.At(endsOn, at, remindFrom),
            FeeSplit.Of(enrolment, pending.TermMonths, at));
        return ([signed, .. catalogue?.Due(pending.Id, pending.PackageIds, at.Today, endsOn, at) ?? []],
            [new PanelSeatConfirmed(pending.TeamId, pending.Id)]);
    }
}

public static class ConfirmContractEndpoint
{
    public static void MapConfirmContract(this IEndpointRouteBuilder routes) => routes
        .MapPost("/contracts/{contractId:guid}/signature", Handle).WithName(nameof(ConfirmContract)).WithSummary("Sign an applied contract")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid contractId, ConfirmContract command, HttpContext http, Seats seats, FollowAge ages, Packages packages, CancellationToken ct)
    {
        var (residentId, envelope) = (await seats.ResidentOf(contractId, ct), http.Envelope());
        var catalogue = await packages.Now(ct);
        await ages.Follow(residentId, envelope, catalogue, ct);
        return new(await seats.ExecuteOnOwn(residentId, envelope,
            (enrolment, panel, at) => command.Decide(contractId, enrolment, panel, catalogue, at), ct) with
        { Id = contractId });
    }
}
