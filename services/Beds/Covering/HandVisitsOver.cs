using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds.Covering;

/// <summary>
/// A visit is made by whoever is there at its time: whom it was planned for, or whoever stands in. When he does not work
/// any more it is a colleague's of the same team and role; it is nobody's yet, while nobody has time.
/// </summary>
public sealed class HandVisitsOver(
    Runner runner, IEventStore store, PolicyBook policies, Covers covers, WhoWorks works, Copies<TeamFacts> teams, TimeProvider clock)
{
    /// <summary>Who is there at the time of a visit; a visit that is late waits for somebody who is there now.</summary>
    public async Task<Guid?> Standing(Guid responsible, DateTimeOffset from, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        from = from > now ? from : now;
        return await covers.Standing(responsible, from, ct) is { } there && await Works(there, from, ct) ? there : null;
    }

    public async Task Take(Guid visitId, Envelope cause, CancellationToken ct)
    {
        for (var tries = 0; await store.Load<HomeVisit>(visitId, ct) is ({ IsOpen: true } visit, _); tries++)
        {
            if (visit.Responsible == Guid.Empty)
                return; // it is nobody's yet
            if (tries == 20)
                throw new Busy();
            if (await Works(visit.Responsible, visit.Plan.From, ct))
            {
                var to = await Standing(visit.Responsible, visit.Plan.From, ct);
                if (to == visit.MadeBy || await Give(visit, to, visit.Responsible, cause, ct) is not null)
                    return;
            }
            else if (await Reassign(visit, cause, ct))
                return;
        }
    }

    /// <summary>A colleague who works, is there and has time; the team's leader first. Without one the institution has to find somebody.</summary>
    private async Task<bool> Reassign(HomeVisit visit, Envelope cause, CancellationToken ct)
    {
        var team = await teams.Find(visit.Plan.TeamId, ct);
        var role = visit.Plan.Role is "doctor" ? "gp" : visit.Plan.Role;
        foreach (var colleague in (team?.Members ?? []).Where(m => m.Role == role && m.PractitionerId != visit.Responsible)
            .OrderBy(m => m.PractitionerId == team!.LeaderId ? 0 : 1).Select(m => m.PractitionerId))
        {
            if (await Standing(colleague, visit.Plan.From, ct) != colleague)
                continue;
            if (await Give(visit, colleague, colleague, cause, ct) is not { } given)
                return false; // somebody else was faster
            if (given == colleague)
                return true;
        }
        return await Give(visit, null, Guid.Empty, cause, ct) is not null;
    }

    /// <summary>Who makes it then, empty while nobody does; null when the visit is not as it was.</summary>
    private async Task<Guid?> Give(HomeVisit visit, Guid? to, Guid responsible, Envelope cause, CancellationToken ct)
    {
        var (moved, given) = (false, visit.PractitionerId);
        await runner.Execute<HomeVisit, PractitionerDay, PractitionerDay>(
            visit.Id, Day(visit.PractitionerId, visit.Plan), Day(to ?? Guid.Empty, visit.Plan), cause with { OccurredAt = null }, (now, from, free, at) =>
            {
                moved = now?.MadeBy != visit.MadeBy || now?.Responsible != visit.Responsible;
                if (moved)
                    return ([], [], []);
                var decided = Decide(now, from, to, free, at, responsible);
                given = decided.Visit.Aggregate(now, HomeVisit.Evolve)?.PractitionerId ?? Guid.Empty;
                return decided;
            }, ct);
        return moved ? null : given;
    }

    private Guid Day(Guid practitioner, VisitPlanned plan) => PractitionerDay.StreamOf(practitioner, policies.At(plan.From).DateOf(plan.From));

    private Task<bool> Works(Guid practitioner, DateTimeOffset from, CancellationToken ct) => works.On(practitioner, policies.At(from).DateOf(from), ct);

    /// <param name="day">Of whoever was to make the visit.</param>
    /// <param name="free">The day of whoever is there; when another visit is in the way, the institution has to find somebody.</param>
    /// <param name="responsible">Whose it is now; another colleague's only if he has time, and nobody's when nobody has.</param>
    public static (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Free) Decide(
        HomeVisit? visit, PractitionerDay? day, Guid? to, PractitionerDay? free, Moment at, Guid? responsible = null)
    {
        if (visit is not { IsOpen: true, Plan: var plan })
            return ([], [], []);
        var owner = to is not null && PractitionerDay.IsFree(free, plan.From, plan.To) ? to : null;
        var isReassigned = responsible is { } other && other != visit.Responsible;
        if (isReassigned ? owner is null && to is not null : owner == visit.MadeBy)
            return ([], [], []);
        return (
            [isReassigned && owner is { } colleague ? new VisitAssigned(plan.VisitId, colleague) : new VisitHandedOver(plan.VisitId, owner, responsible ?? visit.Responsible)],
            PractitionerDay.Free(day, plan.VisitId),
            owner is { } by ? [new PractitionerTimeTaken(by, at.DateOf(plan.From), plan.VisitId, plan.From, plan.To)] : []);
    }
}
