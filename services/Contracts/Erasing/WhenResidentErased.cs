using FamilyDoctor.EventSourcing;
using Published = FamilyDoctor.IntegrationEvents.Contracts;

namespace FamilyDoctor.Contracts.Erasing;

/// <summary>A resident was erased: his keys are destroyed in every service, if that was not done at once.</summary>
public sealed class WhenResidentErased(Shredding shredding) : IReaction<Published.ResidentErased>
{
    public Task React(Published.ResidentErased message, Envelope cause, CancellationToken ct) => shredding.Shred(message.ResidentId, ct);
}
