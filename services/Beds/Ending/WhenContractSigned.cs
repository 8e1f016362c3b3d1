using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;

namespace FamilyDoctor.Beds.Ending;

/// <summary>A resident signed, renewed or is in grace: he has a right to a bed, and one that was to be closed stays.</summary>
public sealed class WhenContractSigned(CareContracts contracts)
    : IReaction<ContractSigned>, IReaction<ContractRenewed>, IReaction<ContractGraceStarted>
{
    public Task React(ContractSigned message, Envelope cause, CancellationToken ct) =>
        contracts.Learn(new(message.Contract, message.StreamVersion, message.OccurredAt), cause, ct);

    public Task React(ContractRenewed message, Envelope cause, CancellationToken ct) =>
        contracts.Learn(new(message.Contract, message.StreamVersion, message.OccurredAt), cause, ct);

    public Task React(ContractGraceStarted message, Envelope cause, CancellationToken ct) =>
        contracts.Learn(new(message.Contract, message.StreamVersion, message.OccurredAt), cause, ct);
}
