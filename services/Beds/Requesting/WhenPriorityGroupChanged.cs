using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Requesting;

/// <summary>A resident came into a priority group for which a family bed is often right, or left it: the institution has a hint, or none any more.</summary>
public sealed class WhenPriorityGroupChanged(Runner runner) : IReaction<PriorityGroupAssigned>, IReaction<PriorityGroupEnded>
{
    public Task React(PriorityGroupAssigned message, Envelope cause, CancellationToken ct) => Follow(message.Contract, message.StreamVersion, cause, ct);
    public Task React(PriorityGroupEnded message, Envelope cause, CancellationToken ct) => Follow(message.Contract, message.StreamVersion, cause, ct);

    private Task Follow(ContractFacts contract, long version, Envelope cause, CancellationToken ct) => runner.Execute<BedHint>(
        BedHint.StreamOf(contract.ResidentId), cause, (hint, at) => Decide(hint, contract, version, at), ct);

    public static IEnumerable<DomainEvent> Decide(BedHint? hint, ContractFacts contract, long version, Moment at)
    {
        if (version <= (hint?.Version ?? 0))
            return []; // newer news is known
        var groups = contract.Status is "Active" or "InGrace" or "AwaitingReassignment"
            ? contract.PriorityGroups.Intersect(at.Policy.BedHintGroups).Order(StringComparer.Ordinal).ToList() : [];
        if (groups.Count > 0)
            return [new BedHinted(contract.ResidentId, contract.TeamId, contract.InstitutionId, groups, version)];
        return hint is { Groups.Count: > 0 } ? [new BedHintDropped(contract.ResidentId, version)] : [];
    }
}
