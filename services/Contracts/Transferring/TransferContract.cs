using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Transferring;

/// <summary>A contract goes on with another team: by the resident's own wish once a term, or because the commission must place him.</summary>
/// <param name="Reason">residentWish, moved, teamOverload, institutionClosed or practitionerLeft.</param>
/// <param name="Mandated">Not by the resident's wish: without his consent, over the cap if it must be, and not counted.</param>
public sealed record TransferContract(
    [Required] Guid? ToTeamId,
    [Required, AllowedValues("residentWish", "moved", "teamOverload", "institutionClosed", "practitionerLeft")] string? Reason,
    bool Mandated = false, [MaxLength(20)] string? ConsentMethod = null, [MaxLength(100)] string? ConsentRef = null, [MaxLength(100)] string? GuardianRef = null)
{
    private static readonly ContractStatus[] Allowed = [ContractStatus.Active, ContractStatus.InGrace];

    public (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Decide(
        Guid contractId, Enrolment? enrolment, TeamPanel? from, TeamPanel? to, Actor by, Moment at)
    {
        if (enrolment.Alive().Contract is not { Status: ContractStatus.Active or ContractStatus.InGrace, Reassignment: null } contract || contract.Id != contractId)
        {
            enrolment.Refuse(contractId, already: null, Allowed);
            return ([], [], []);
        }
        if (contract.TeamId == ToTeamId)
            return ([], [], []);
        if (Mandated && by.Role is not (Role.Commission or Role.Service))
            throw new RuleBroken("FORBIDDEN_SCOPE", "Only the commission places a resident without his consent.");
        SigningProof? consent = null;
        if (!Mandated)
        {
            RequireOwnChange(contract, at);
            consent = Refusing.Proof(ConsentMethod, ConsentRef);
            enrolment.Guardian(GuardianRef);
        }
        var seat = TeamPanel.Take(to, contract.Id, overCap: Mandated);
        return ([new ContractTransferred(contract.Id, contract.TeamId, to!.TeamId, to.InstitutionId, to.GpId, Reason!, Mandated, at.Today, consent)],
            TeamPanel.Release(from, contract, transferred: true), seat);
    }

    private static void RequireOwnChange(Contract contract, Moment at)
    {
        var made = contract.OwnChanges.Count(day => day >= contract.TermFrom(at.Today));
        if (made >= at.Policy.VoluntaryChangesPerTerm && !contract.IsProvisional)
            throw new RuleBroken("TRANSFER_LIMIT_REACHED", "The team was changed as often as a term allows.",
                new { nextAllowedOn = at.Today < contract.StartsOn ? contract.StartsOn : contract.EndsOn.AddDays(1) });
    }
}

public static class TransferContractEndpoint
{
    public static void MapTransferContract(this IEndpointRouteBuilder routes) => routes
        .MapPost("/contracts/{contractId:guid}/transfer", Handle).WithName(nameof(TransferContract)).WithSummary("Go on with another team")
        .For(Role.Clinic, Role.Resident, Role.Commission);

    private static async Task<Decided> Handle(Guid contractId, TransferContract command, HttpContext http, Seats seats, CancellationToken ct)
    {
        var envelope = http.Envelope();
        return new(await seats.ExecuteToOther(await seats.ResidentOf(contractId, ct), command.ToTeamId!.Value, envelope,
            (enrolment, from, to, at) => command.Decide(contractId, enrolment, from, to, envelope.Actor, at), ct) with
        { Id = contractId });
    }
}
