using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Referrals.Covering;

/// <summary>A doctor leaves, may not work, or may again: outcomes and critical results wait for a doctor of his team who does.</summary>
public sealed class WhenPractitionerChangedThenOwner(WhoWorks works)
    : IReaction<DepartureAnnounced>, IReaction<PractitionerDeparted>, IReaction<LicenceLapsed>, IReaction<LicenceRenewed>,
      IReaction<PractitionerSuspended>, IReaction<PractitionerResumed>
{
    public Task React(DepartureAnnounced message, Envelope cause, CancellationToken ct) => works.Learn(message.Practitioner, message, ct, message.LastDay);
    public Task React(PractitionerDeparted message, Envelope cause, CancellationToken ct) => works.Learn(message.Practitioner, message, ct, message.LastDay);
    public Task React(LicenceLapsed message, Envelope cause, CancellationToken ct) => works.Learn(message.Practitioner, message, ct);
    public Task React(LicenceRenewed message, Envelope cause, CancellationToken ct) => works.Learn(message.Practitioner, message, ct);
    public Task React(PractitionerSuspended message, Envelope cause, CancellationToken ct) => works.Learn(message.Practitioner, message, ct);
    public Task React(PractitionerResumed message, Envelope cause, CancellationToken ct) => works.Learn(message.Practitioner, message, ct);
}
