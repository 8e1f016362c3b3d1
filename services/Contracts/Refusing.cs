using System.Diagnostics.CodeAnalysis;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts;

/// <summary>The refusals that contracts have in common.</summary>
public static class Refusing
{
    private static readonly (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) AlreadySo = ([], []);

    /// <summary>The resident as somebody who can still act: known, alive, and registered under this id.</summary>
    public static Enrolment Alive([NotNull] this Enrolment? enrolment) => enrolment.Known() is { Death: null } alive
        ? alive
        : throw new RuleBroken("RESIDENT_DECEASED", "This resident has died.");

    /// <summary>The resident, alive or not, under the id that counts.</summary>
    public static Enrolment Known([NotNull] this Enrolment? enrolment) => enrolment switch
    {
        null => throw new UnknownId(),
        { MergedInto: { } survivorId } => throw new RuleBroken("RESIDENT_MERGED", "This registration was merged into another one.", new { survivorId }),
        { Erasure: not null } => throw Erased(),
        _ => enrolment,
    };

    public static RuleBroken Erased() => new("RESIDENT_ERASED", "This resident's data were erased.");

    /// <summary>Household registration, or more than half a year of residence, with evidence that still holds; refuses with what is missing.</summary>
    public static void RequireEligible(this Enrolment enrolment, Moment at)
    {
        string[] missing = enrolment switch
        {
            { Lost: not null } => ["evidence"],
            { Eligibility: null } => ["householdRegistration", "residence"],
            { Eligibility: { ValidTo: { } validTo } } when validTo < at.Today => ["evidence"],
            { Eligibility: { Basis: EligibilityBasis.HouseholdRegistration } } => [],
            { Eligibility: { } residence } when residence.Since.AddMonths(at.Policy.ResidencyMinMonths) < at.Today => [],
            _ => ["residence"],
        };
        if (missing.Length > 0)
            throw new RuleBroken("NOT_ELIGIBLE", "Neither household registration nor more than half a year of residence is shown.", new { missing });
    }

    /// <summary>A minor, and who cannot bind himself, acts through a guardian: the one named, or one named with the command.</summary>
    public static string? Guardian(this Enrolment enrolment, string? named)
    {
        var guardian = string.IsNullOrWhiteSpace(named) ? enrolment.GuardianRef : named;
        return !enrolment.NeedsGuardian ? named : guardian
            ?? throw new RuleBroken("GUARDIAN_REQUIRED", "A guardian signs for a minor, and for who cannot bind himself.");
    }

    /// <summary>A proof that can be found again; who is there in person needs no reference.</summary>
    public static SigningProof Proof(string? method, string? reference) =>
        method is "inPerson" || (method is "esignature" or "otp" or "app" && !string.IsNullOrWhiteSpace(reference))
            ? new(method, reference ?? "")
            : throw new RuleBroken("PROOF_INVALID", "The proof of signing cannot be found.", new { proofMethod = method });

    /// <summary>What was asked is already so, or cannot be from here.</summary>
    public static (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Refuse(
        this Enrolment enrolment, Guid contractId, ContractStatus? already, params ContractStatus[] allowed)
    {
        var status = enrolment.Contract is { } newest && newest.Id == contractId ? newest.Status : (ContractStatus?)null;
        if (status is not null && status == already)
            return AlreadySo;
        throw InvalidTransition(status, allowed);
    }

    public static RuleBroken InvalidTransition(ContractStatus? status, params ContractStatus[] allowed) =>
        new("INVALID_TRANSITION", $"This is not possible for a contract that is {status?.ToString() ?? "no longer the newest"}.",
            new { state = status?.ToString() ?? "Renewed", allowed = allowed.Select(a => a.ToString()) });

    /// <summary>The newest contract under this id while it is in force; refuses otherwise.</summary>
    public static Contract Current(this Enrolment enrolment, Guid contractId)
    {
        if (enrolment.Contract is { IsCurrent: true } contract && contract.Id == contractId)
            return contract;
        if (!enrolment.ContractIds.Contains(contractId))
            throw new UnknownId();
        var status = enrolment.Contract!.Id == contractId ? enrolment.Contract.Status.ToString() : "Renewed";
        throw new RuleBroken("CONTRACT_NOT_ACTIVE", $"This contract is {status}.", new { state = status });
    }
}
