using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;

namespace FamilyDoctor.Referrals.Returning;

/// <summary>A resident was erased: letters, reports and summaries about him are gone at once; what happened stays, without a word of him.</summary>
public sealed class WhenResidentErasedThenLetters(Documents documents) : IReaction<ResidentErased>
{
    public Task React(ResidentErased message, Envelope cause, CancellationToken ct) => documents.Erase(message.ResidentId, ct);
}
