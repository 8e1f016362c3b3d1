using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Referrals.Returning;

/// <summary>An institution opened, paused or went on: who may take a returning patient follows.</summary>
public sealed class WhenInstitutionChangedThenWhoTakesBack(Copies<InstitutionFacts> institutions)
    : IReaction<InstitutionRegistered>, IReaction<InstitutionActivated>, IReaction<InstitutionSuspended>, IReaction<InstitutionResumed>
{
    public Task React(InstitutionRegistered message, Envelope cause, CancellationToken ct) => Know(message.Institution, message.StreamVersion, ct);
    public Task React(InstitutionActivated message, Envelope cause, CancellationToken ct) => Know(message.Institution, message.StreamVersion, ct);
    public Task React(InstitutionSuspended message, Envelope cause, CancellationToken ct) => Know(message.Institution, message.StreamVersion, ct);
    public Task React(InstitutionResumed message, Envelope cause, CancellationToken ct) => Know(message.Institution, message.StreamVersion, ct);

    private Task Know(InstitutionFacts institution, long version, CancellationToken ct) =>
        institutions.Apply(institution.InstitutionId, version, institution, ct);
}
