using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Opening;

/// <summary>The period of a bed ends soon: time to ask for an extension or to plan the end.</summary>
public static class WarnOfPeriodEnd
{
    public static IEnumerable<DomainEvent> Decide(FamilyBed? bed, Moment at) =>
        bed?.Period?.WarnAt <= at.Now ? Announce(bed) : [];

    public static IEnumerable<DomainEvent> Announce(FamilyBed? bed) =>
        bed is { IsInCare: true, Period: { Warned: false } period } ? [new BedPeriodEndingSoon(bed.Id, period.EndsOn)] : [];
}
