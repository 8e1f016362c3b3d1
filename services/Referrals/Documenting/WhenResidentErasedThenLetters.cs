using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;

namespace FamilyDoctor.Referrals.Documenting;

/// <summary>A resident was erased: his letters, reports and photos of referrals and exams are destroyed.</summary>
public sealed class WhenResidentErasedThenLetters(Documents documents) : IReaction<ResidentErased>
{
    public Task React(ResidentErased message, Envelope cause, CancellationToken ct) => documents.Shred(message.ResidentId, ct);
}
