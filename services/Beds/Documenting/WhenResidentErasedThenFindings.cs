using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;

namespace FamilyDoctor.Beds.Documenting;

/// <summary>A resident was erased: the findings and photos of his beds and visits are destroyed.</summary>
public sealed class WhenResidentErasedThenFindings(Documents documents) : IReaction<ResidentErased>
{
    public Task React(ResidentErased message, Envelope cause, CancellationToken ct) => documents.Shred(message.ResidentId, ct);
}
