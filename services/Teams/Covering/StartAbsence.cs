using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Covering;

/// <summary>A planned absence begins: whatever waits for the absent is the cover's now.</summary>
public static class StartAbsence
{
    public static IEnumerable<DomainEvent> Decide(Absences? absences, Moment at) =>
        [.. (absences?.All ?? []).Where(a => a.Status is AbsenceStatus.Planned && a.From <= at.Now)
            .Select(a => new AbsenceStarted(a.Id, absences!.PractitionerId, a.CoveredBy))];
}
