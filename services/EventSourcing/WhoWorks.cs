using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.EventSourcing;

/// <summary>Whether somebody may work, as Teams told last.</summary>
public sealed record WorkingStatus(string Status);

/// <summary>Somebody leaves, or has left.</summary>
public sealed record LastWorkingDay(DateOnly Date);

/// <summary>Who works on a day: not whoever has left by then, is suspended or has no valid licence. Whoever is not known here works.</summary>
public sealed class WhoWorks(Copies<WorkingStatus> statuses, Copies<LastWorkingDay> departures)
{
    /// <param name="lastDay">Told with a departure only.</param>
    public async Task Learn(PractitionerFacts practitioner, IntegrationEvent message, CancellationToken ct, DateOnly? lastDay = null)
    {
        await statuses.Apply(practitioner.PractitionerId, message.StreamVersion, new(practitioner.Status), ct);
        if (lastDay is { } day)
            await departures.Apply(practitioner.PractitionerId, message.StreamVersion, new(day), ct);
    }

    public async Task<bool> On(Guid practitionerId, DateOnly day, CancellationToken ct) =>
        await statuses.Find(practitionerId, ct) is not { Status: "Suspended" or "Departed" }
        && (await departures.Find(practitionerId, ct) is not { } last || day <= last.Date);
}
