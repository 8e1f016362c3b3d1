using FamilyDoctor.Beds.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Covering;

/// <summary>Somebody leaves or may not work any more: his visits are his colleagues' at once, and his beds have another doctor or nurse of the team.</summary>
public sealed class WhenPractitionerChangedThenVisits(
    WhoWorks works, HandVisitsOver visits, StaffOfBeds staff, Rows<VisitsOfPractitioner> rounds, Rows<OpenBeds> beds, PolicyBook policies, TimeProvider clock)
    : IReaction<DepartureAnnounced>, IReaction<PractitionerDeparted>, IReaction<LicenceLapsed>, IReaction<LicenceRenewed>,
      IReaction<PractitionerSuspended>, IReaction<PractitionerResumed>
{
    public Task React(DepartureAnnounced message, Envelope cause, CancellationToken ct) => Follow(message.Practitioner, message, cause, ct, message.LastDay);
    public Task React(PractitionerDeparted message, Envelope cause, CancellationToken ct) => Follow(message.Practitioner, message, cause, ct, message.LastDay);
    public Task React(LicenceLapsed message, Envelope cause, CancellationToken ct) => Follow(message.Practitioner, message, cause, ct);
    public Task React(LicenceRenewed message, Envelope cause, CancellationToken ct) => Follow(message.Practitioner, message, cause, ct);
    public Task React(PractitionerSuspended message, Envelope cause, CancellationToken ct) => Follow(message.Practitioner, message, cause, ct);
    public Task React(PractitionerResumed message, Envelope cause, CancellationToken ct) => Follow(message.Practitioner, message, cause, ct);

    private async Task Follow(PractitionerFacts practitioner, IntegrationEvent message, Envelope cause, CancellationToken ct, DateOnly? lastDay = null)
    {
        var id = practitioner.PractitionerId;
        await works.Learn(practitioner, message, ct, lastDay);
        await rounds.UntilNow(ct); // whoever plans a visit from here on looks for himself
        foreach (var visit in await rounds.Where(
            "status in ('Planned', 'Assigned') and (responsible = $1 or practitioner_id = $1) order by planned_from, visit_id", ct, id))
            await visits.Take(visit.VisitId, cause, ct);
        if (await works.On(id, policies.At(clock.GetUtcNow()).Today, ct))
            return; // until his last day the beds are his
        await beds.UntilNow(ct);
        foreach (var bed in await beds.Where("gp_id = $1 or nurse_id = $1 order by bed_id", ct, id))
            await staff.Replace(bed.BedId, message switch { PractitionerDeparted => "departed", LicenceLapsed => "licenceLapsed", _ => "suspended" }, cause, ct);
    }
}
