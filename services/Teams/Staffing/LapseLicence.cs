using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Staffing;

/// <summary>A licence was not renewed in time: its holder may not work until it is.</summary>
public static class LapseLicence
{
    public static IEnumerable<DomainEvent> Decide(Practitioner? practitioner, Moment at) =>
        practitioner is { LastDay: null, HasLapsed: false, LicenceEndsAt: { } endsAt, LicenceValidTo: { } validTo } && endsAt <= at.Now
            ? [new LicenceLapsed(practitioner.Id, validTo)]
            : [];
}
