using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;

namespace FamilyDoctor.Beds.Ending;

/// <summary>A contract was terminated or expired: the resident's bed is closed after a care bridge, a request at once.</summary>
public sealed class WhenContractEnded(CareContracts contracts) : IReaction<ContractTerminated>, IReaction<ContractExpired>
{
    public Task React(ContractTerminated message, Envelope cause, CancellationToken ct) =>
        contracts.Learn(new(message.Contract, message.StreamVersion, message.OccurredAt, message.Reason), cause, ct);

    public Task React(ContractExpired message, Envelope cause, CancellationToken ct) =>
        contracts.Learn(new(message.Contract, message.StreamVersion, message.OccurredAt), cause, ct);
}
