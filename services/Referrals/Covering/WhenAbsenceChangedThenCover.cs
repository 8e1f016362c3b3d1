using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Referrals.Covering;

/// <summary>A doctor will be away, went away or came back: outcomes, reports and returning patients wait for whoever is there.</summary>
public sealed class WhenAbsenceChangedThenCover(Covers covers) : IReaction<CoverNamed>, IReaction<AbsenceStarted>, IReaction<CoverEnded>
{
    public Task React(CoverNamed message, Envelope cause, CancellationToken ct) => covers.Learn(message.Absence, message.Open, message.StreamVersion, ct);
    public Task React(AbsenceStarted message, Envelope cause, CancellationToken ct) => covers.Learn(message.Absence, message.Open, message.StreamVersion, ct);
    public Task React(CoverEnded message, Envelope cause, CancellationToken ct) => covers.Learn(message.Absence, message.Open, message.StreamVersion, ct);
}
