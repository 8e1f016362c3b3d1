using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.EventSourcing;

/// <summary>When somebody is away and who stands in, as Teams told last. What is over is left out.</summary>
public sealed record OpenAbsences(IReadOnlyList<AbsenceFacts> All);

/// <summary>Finds who sees to a task, whoever it is the task of: he himself, or whoever stands in for him at that moment.</summary>
public sealed class Covers(Copies<OpenAbsences> copies)
{
    /// <param name="open">All absences of the same person that are not over; messages of an earlier release tell one alone.</param>
    public Task Learn(AbsenceFacts absence, IReadOnlyList<AbsenceFacts>? open, long version, CancellationToken ct) =>
        copies.Apply(absence.PractitionerId, version, new(open ?? (absence.Status is "Planned" or "Away" ? [absence] : [])), ct);

    /// <summary>The team together with whoever stands in for one of its members.</summary>
    public async Task<TeamFacts?> With(TeamFacts? team, DateTimeOffset moment, CancellationToken ct)
    {
        if (team is null)
            return null;
        var covering = new List<TeamMemberFacts>();
        foreach (var member in team.Members)
        {
            if (await Standing(member.PractitionerId, moment, ct) is { } standsIn && standsIn != member.PractitionerId)
                covering.Add(new(standsIn, member.Role, 0));
        }
        return team with { Members = [.. team.Members, .. covering] };
    }

    /// <summary>Himself, and everybody to whom a chain of covers may lead back from him.</summary>
    public async Task<IReadOnlyCollection<Guid>> MayStandInFor(Guid practitionerId, DateTimeOffset moment, CancellationToken ct)
    {
        var (found, open) = (new HashSet<Guid> { practitionerId }, new Queue<Guid>([practitionerId]));
        while (open.TryDequeue(out var cover))
        {
            var covered = await copies.Where("facts @> jsonb_build_object('All', jsonb_build_array(jsonb_build_object('CoveredBy', $1::text)))", ct, cover.ToString());
            foreach (var absence in covered.SelectMany(a => a.All).Where(a => a.CoveredBy == cover && a.From <= moment && moment < a.To))
            {
                if (found.Add(absence.PractitionerId))
                    open.Enqueue(absence.PractitionerId);
            }
        }
        return found;
    }

    /// <summary>Follows the covers from one to the next, to somebody who is there; null when they lead back to where they began.</summary>
    public async Task<Guid?> Standing(Guid practitionerId, DateTimeOffset moment, CancellationToken ct)
    {
        var seen = new HashSet<Guid>();
        while (seen.Add(practitionerId))
        {
            var absences = await copies.Find(practitionerId, ct);
            if (absences?.All.FirstOrDefault(a => a.From <= moment && moment < a.To) is not { } absence)
                return practitionerId;
            practitionerId = absence.CoveredBy;
        }
        return null;
    }
}
