using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Contracts.Fulfilling;

/// <summary>The day by which a service was due has passed: what was not delivered was missed.</summary>
public static class MissObligation
{
    public static IEnumerable<DomainEvent> Decide(Enrolment? enrolment, Moment at) =>
        enrolment?.Obligations.Where(o => o.DueAt <= at.Now).Select(o => new ObligationMissed(o.Id, o.Delivered, o.Times)) ?? [];
}
