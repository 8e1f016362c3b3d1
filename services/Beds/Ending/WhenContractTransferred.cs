using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;

namespace FamilyDoctor.Beds.Ending;

/// <summary>A contract goes on, with another team, at another institution or after a death told in error: the resident's bed goes along.</summary>
public sealed class WhenContractTransferred(CareContracts contracts) : IReaction<ContractTransferred>, IReaction<ContractRehomed>, IReaction<ContractReinstated>
{
    public Task React(ContractTransferred message, Envelope cause, CancellationToken ct) =>
        contracts.Learn(new(message.Contract, message.StreamVersion, message.OccurredAt), cause, ct);

    public Task React(ContractRehomed message, Envelope cause, CancellationToken ct) =>
        contracts.Learn(new(message.Contract, message.StreamVersion, message.OccurredAt), cause, ct);

    public Task React(ContractReinstated message, Envelope cause, CancellationToken ct) =>
        contracts.Learn(new(message.Contract, message.StreamVersion, message.OccurredAt), cause, ct);
}
