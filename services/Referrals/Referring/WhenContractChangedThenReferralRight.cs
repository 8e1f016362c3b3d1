using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>A contract began, went on or ended: the right to be referred follows. Open referrals go on to their end.</summary>
public sealed class WhenContractChangedThenReferralRight(Copies<KnownContract> contracts)
    : IReaction<ContractSigned>, IReaction<ContractRenewed>, IReaction<ContractGraceStarted>, IReaction<ContractExpired>, IReaction<ContractTerminated>,
      IReaction<ContractReinstated>, IReaction<ContractEnteredInError>
{
    public Task React(ContractSigned message, Envelope cause, CancellationToken ct) => Know(message.Contract, message.StreamVersion, ct);
    public Task React(ContractRenewed message, Envelope cause, CancellationToken ct) => Know(message.Contract, message.StreamVersion, ct);
    public Task React(ContractGraceStarted message, Envelope cause, CancellationToken ct) => Know(message.Contract, message.StreamVersion, ct);
    public Task React(ContractExpired message, Envelope cause, CancellationToken ct) => Know(message.Contract, message.StreamVersion, ct);
    public Task React(ContractTerminated message, Envelope cause, CancellationToken ct) => Know(message.Contract, message.StreamVersion, ct);
    public Task React(ContractReinstated message, Envelope cause, CancellationToken ct) => Know(message.Contract, message.StreamVersion, ct);
    public Task React(ContractEnteredInError message, Envelope cause, CancellationToken ct) => Know(message.Contract, message.StreamVersion, ct);

    private Task Know(ContractFacts contract, long version, CancellationToken ct) =>
        contracts.Apply(contract.ResidentId, version, new(contract, version), ct);
}
