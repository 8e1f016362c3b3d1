using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Covering;

/// <summary>An absence is over: what the cover took over goes back.</summary>
public static class FinishAbsence
{
    public static IEnumerable<DomainEvent> Decide(Absences? absences, Moment at) =>
        [.. (absences?.All ?? []).Where(a => a.Status is AbsenceStatus.Away && a.To <= at.Now)
            .Select(a => new CoverEnded(a.Id, absences!.PractitionerId, a.CoveredBy, "over"))];
}
