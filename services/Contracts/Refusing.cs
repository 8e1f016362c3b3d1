using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts;

/// <summary>The refusals that contracts have in common.</summary>
public static class Refusing
{
    private static readonly (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) AlreadySo = ([], []);

    /// <summary>What was asked is already so, or cannot be from here.</summary>
    public static (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Refuse(
        this Enrolment enrolment, Guid contractId, ContractStatus? already, params ContractStatus[] allowed)
    {
        var status = enrolment.Contract is { } newest && newest.Id == contractId ? newest.Status : (ContractStatus?)null;
        if (status is not null && status == already)
            return AlreadySo;
        throw new RuleBroken("INVALID_TRANSITION", $"This is not possible for a contract that is {status?.ToString() ?? "no longer the newest"}.",
            new { state = status?.ToString() ?? "Superseded", allowed = allowed.Select(a => a.ToString()) });
    }
}
