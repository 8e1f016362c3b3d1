using FamilyDoctor.EventSourcing;
using FamilyDoctor.Teams.Viewing;
using Published = FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Teams.Closing;

/// <summary>An institution closed: its teams and people move to the successor, one after the other, however often it is told.</summary>
public sealed class WhenInstitutionClosed(Runner runner, IEventStore store, Rows<TeamsOfInstitution> teams, Rows<Practitioners> people)
    : IReaction<Published.InstitutionClosed>
{
    public async Task React(Published.InstitutionClosed message, Envelope cause, CancellationToken ct)
    {
        var closed = message.Institution.InstitutionId;
        await teams.UntilSeen(message, ct);
        foreach (var team in await teams.Where("institution_id = $1 and status <> 'Disbanded'", ct, closed))
        {
            await Move<Team>(team.TeamId, message.SuccessorId, cause, (t, home) =>
                t is not null && t.InstitutionId == closed && t.Status is not TeamStatus.Disbanded
                    ? [new TeamRehomed(t.Id, t.InstitutionId, home.Id, home.DistrictCode)] : [], ct);
        }
        await people.UntilSeen(message, ct);
        foreach (var person in await people.Where("institution_id = $1 and status <> 'Departed'", ct, closed))
        {
            await Move<Practitioner>(person.PractitionerId, message.SuccessorId, cause, (p, home) =>
                p is not null && p.InstitutionId == closed && p.Status is not PractitionerStatus.Departed
                    ? [new PractitionerMoved(p.Id, p.InstitutionId, home.Id, home.DistrictCode)] : [], ct);
        }
    }

    /// <summary>A successor that has closed meanwhile has a successor itself.</summary>
    private async Task Move<T>(Guid id, Guid to, Envelope cause, Func<T?, Institution, IEnumerable<DomainEvent>> decide, CancellationToken ct)
        where T : class, IState<T>
    {
        while ((await store.Load<Institution>(to, ct)).State is { Status: InstitutionStatus.Closed, SuccessorId: { } next })
            to = next;
        await runner.Execute<T, Institution>(id, to, cause, (moved, home, _) =>
            (home is { Status: not InstitutionStatus.Closed } ? decide(moved, home) : throw new Busy(), []), ct);
    }
}
