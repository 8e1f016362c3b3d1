using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Linking;

/// <summary>A counterpart answered, or did not; what was answered once stays so.</summary>
public static class RecordAnswer
{
    public static IEnumerable<DomainEvent> Decide(LinkedCase? linked, LinkedCasesOfCity open, CounterpartAnswer answer, Moment at)
    {
        if (!LinkedCase.IsOpen(linked, open.Version))
            return [];
        var (id, kind, subject, version, resident) = (open.CaseId, open.Kind, open.SubjectId, open.Version, open.ResidentId);
        var attempts = (linked?.Version == version ? linked.Attempts : 0) + 1;
        return [answer.Outcome switch
        {
            CounterpartOutcome.Accepted => new LinkedCaseAccepted(id, kind, subject, version, resident, answer.Word),
            CounterpartOutcome.Rejected => new LinkedCaseRejected(id, kind, subject, version, resident, answer.Word),
            CounterpartOutcome.Withdrawn => new LinkedCaseWithdrawn(id, kind, subject, version, resident, answer.Word),
            _ => new LinkedCaseDelayed(id, kind, subject, version, resident, attempts, answer.Word, at.Now + LinkedCase.PauseAfter(attempts, answer.Word)),
        }];
    }
}
