using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;

namespace FamilyDoctor.Beds.Ending;

/// <summary>A resident died, or that was told in error: his bed ends at once, or is opened again.</summary>
public sealed class WhenResidentDied(CareContracts contracts) : IReaction<ResidentDied>, IReaction<ResidentDeathReversed>
{
    public Task React(ResidentDied message, Envelope cause, CancellationToken ct) =>
        contracts.LearnDeath(message.ResidentId, message.StreamVersion, new(true, message.OccurredAt), cause, ct);

    public Task React(ResidentDeathReversed message, Envelope cause, CancellationToken ct) =>
        contracts.LearnDeath(message.ResidentId, message.StreamVersion, new(false, message.OccurredAt), cause, ct);
}
