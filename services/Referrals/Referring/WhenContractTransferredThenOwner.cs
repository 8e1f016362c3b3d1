using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>A resident has another team, or his team another institution: it refers him from now on, and what is under way about him is its own.</summary>
public sealed class WhenContractTransferredThenOwner(Runner runner, Copies<KnownContract> contracts, CasesOfResident cases)
    : IReaction<ContractTransferred>, IReaction<ContractRehomed>
{
    public Task React(ContractTransferred message, Envelope cause, CancellationToken ct) => Follow(message.Contract, message.StreamVersion, cause, ct);
    public Task React(ContractRehomed message, Envelope cause, CancellationToken ct) => Follow(message.Contract, message.StreamVersion, cause, ct);

    private async Task Follow(ContractFacts contract, long version, Envelope cause, CancellationToken ct)
    {
        await contracts.Apply(contract.ResidentId, version, new(contract, version), ct);
        var owner = NewOwner.Of((await contracts.Find(contract.ResidentId, ct))!.Facts); // messages come in any order: the newest counts
        await Task.WhenAll((await cases.Of(contract.ResidentId, ct)).Select(c => owner.Take(c, runner, cause, ct)));
    }
}
