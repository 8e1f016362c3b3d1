using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;

namespace FamilyDoctor.Beds.Ending;

/// <summary>A resident was erased: findings and summaries about him are gone at once; what happened stays, without a word of him.</summary>
public sealed class WhenResidentErasedThenFindings(Documents documents) : IReaction<ResidentErased>
{
    public Task React(ResidentErased message, Envelope cause, CancellationToken ct) => documents.Erase(message.ResidentId, ct);
}
