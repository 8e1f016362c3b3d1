using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Beds.Knowing;

/// <summary>An institution is known here with its district, so that its bed capacity can be set.</summary>
public sealed class WhenInstitutionRegistered(Copies<InstitutionFacts> institutions) : IReaction<InstitutionRegistered>
{
    public Task React(InstitutionRegistered message, Envelope cause, CancellationToken ct) =>
        institutions.Apply(message.Institution.InstitutionId, message.StreamVersion, message.Institution, ct);
}
