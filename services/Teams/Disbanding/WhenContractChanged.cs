using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;

namespace FamilyDoctor.Teams.Disbanding;

/// <summary>A resident joined, stayed with or left a team: how many each has is known here, for a disbandment to find successors with room.</summary>
public sealed class WhenContractChanged(Copies<PanelResident> residents)
    : IReaction<ContractSigned>, IReaction<ContractRenewed>, IReaction<ContractExpired>, IReaction<ContractTerminated>,
        IReaction<ContractTransferred>, IReaction<ContractEnteredInError>, IReaction<ContractReinstated>
{
    public Task React(ContractSigned message, Envelope cause, CancellationToken ct) => Know(message.Contract, message.StreamVersion, ct);
    public Task React(ContractRenewed message, Envelope cause, CancellationToken ct) => Know(message.Contract, message.StreamVersion, ct);
    public Task React(ContractExpired message, Envelope cause, CancellationToken ct) => Know(message.Contract, message.StreamVersion, ct);
    public Task React(ContractTerminated message, Envelope cause, CancellationToken ct) => Know(message.Contract, message.StreamVersion, ct);
    public Task React(ContractTransferred message, Envelope cause, CancellationToken ct) => Know(message.Contract, message.StreamVersion, ct);
    public Task React(ContractEnteredInError message, Envelope cause, CancellationToken ct) => Know(message.Contract, message.StreamVersion, ct);
    public Task React(ContractReinstated message, Envelope cause, CancellationToken ct) => Know(message.Contract, message.StreamVersion, ct);

    private Task Know(ContractFacts contract, long version, CancellationToken ct) => residents.Apply(
        contract.ResidentId, version, new(contract.Status is "Expired" or "Terminated" or "EnteredInError" ? null : contract.TeamId), ct);
}
