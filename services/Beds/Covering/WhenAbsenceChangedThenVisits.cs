using FamilyDoctor.Beds.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Beds.Covering;

/// <summary>Somebody will be away, went away or came back: the visits that were planned for him go to whoever is there at their time, and back.</summary>
public sealed class WhenAbsenceChangedThenVisits(Covers covers, HandVisitsOver visits, Rows<VisitsOfPractitioner> rounds)
    : IReaction<CoverNamed>, IReaction<AbsenceStarted>, IReaction<CoverEnded>
{
    public Task React(CoverNamed message, Envelope cause, CancellationToken ct) => Follow(message.Absence, message.Open, message.StreamVersion, cause, ct);
    public Task React(AbsenceStarted message, Envelope cause, CancellationToken ct) => Follow(message.Absence, message.Open, message.StreamVersion, cause, ct);
    public Task React(CoverEnded message, Envelope cause, CancellationToken ct) => Follow(message.Absence, message.Open, message.StreamVersion, cause, ct);

    private async Task Follow(AbsenceFacts absence, IReadOnlyList<AbsenceFacts>? open, long version, Envelope cause, CancellationToken ct)
    {
        await covers.Learn(absence, open, version, ct);
        await rounds.UntilNow(ct); // whoever plans a visit from here on looks for absences himself
        // Also what others stand in for, since covers may lead from one to the next.
        foreach (var visit in await rounds.Where("""
            status in ('Planned', 'Assigned') and (responsible = $1 or practitioner_id = $1 or practitioner_id is distinct from responsible) order by planned_from, visit_id
            """, ct, absence.PractitionerId))
            await visits.Take(visit.VisitId, cause, ct);
    }
}
