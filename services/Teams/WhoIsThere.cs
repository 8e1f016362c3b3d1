using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams;

/// <summary>Finds who sees to a team's task now: the member whose it is, or whoever stands in for the time being.</summary>
public static class WhoIsThere
{
    /// <param name="Responsible">The member whose task it is.</param>
    /// <param name="Owner">Whoever does it now; null while nobody can.</param>
    public sealed record Found(Guid? Responsible, Guid? Owner);

    /// <param name="before">Whose task it was so far; stays so while he belongs to the team and may work.</param>
    public static async Task<Found> For(Team team, string role, Guid? before, DateTimeOffset now, IEventStore store, CancellationToken ct)
    {
        var members = team.Members.Where(m => m.Role == role && !m.IsBarred).OrderBy(m => m.PractitionerId != before).ToList();
        var found = new List<Found>();
        foreach (var member in members)
        {
            var owner = await Standing(member.PractitionerId, now, store, ct);
            if (owner == member.PractitionerId || (owner is not null && member.PractitionerId == before))
                return new(member.PractitionerId, owner);
            found.Add(new(member.PractitionerId, owner));
        }
        return found.FirstOrDefault(f => f.Owner is not null) ?? found.FirstOrDefault() ?? new(null, null);
    }

    /// <summary>Follows the covers from one to the next, to somebody who is there and may work.</summary>
    private static async Task<Guid?> Standing(Guid practitionerId, DateTimeOffset now, IEventStore store, CancellationToken ct)
    {
        var seen = new HashSet<Guid>();
        while (seen.Add(practitionerId))
        {
            var (absences, _) = await store.Load<Absences>(Absences.StreamOf(practitionerId), ct);
            if (absences?.At(now) is { } absence)
            {
                practitionerId = absence.CoveredBy;
                continue;
            }
            var (practitioner, _) = await store.Load<Practitioner>(practitionerId, ct);
            return practitioner is { Status: PractitionerStatus.Active } ? practitionerId : null;
        }
        return null;
    }

    /// <summary>Refuses, to be asked again, when the owner has gone away this very moment.</summary>
    public static void StillThere(Absences? ofOwner, Moment at)
    {
        if (ofOwner?.At(at.Now) is not null)
            throw new Busy();
    }
}
