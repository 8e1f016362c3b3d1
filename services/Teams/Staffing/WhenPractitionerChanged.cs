using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.Policies;
using Published = FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Teams.Staffing;

/// <summary>Somebody may not work any more, may again, or has left: the teams know, and one without its leader or nurse is known as incomplete.</summary>
public sealed class WhenPractitionerChanged(Runner runner, IEventStore store)
    : IReaction<Published.LicenceLapsed>, IReaction<Published.LicenceRenewed>, IReaction<Published.PractitionerSuspended>,
        IReaction<Published.PractitionerResumed>, IReaction<Published.PractitionerDeparted>
{
    public Task React(Published.LicenceLapsed message, Envelope cause, CancellationToken ct) => Follow(message.Practitioner, message, cause, ct);
    public Task React(Published.LicenceRenewed message, Envelope cause, CancellationToken ct) => Follow(message.Practitioner, message, cause, ct);
    public Task React(Published.PractitionerSuspended message, Envelope cause, CancellationToken ct) => Follow(message.Practitioner, message, cause, ct);
    public Task React(Published.PractitionerResumed message, Envelope cause, CancellationToken ct) => Follow(message.Practitioner, message, cause, ct);
    public Task React(Published.PractitionerDeparted message, Envelope cause, CancellationToken ct) => Follow(message.Practitioner, message, cause, ct);

    private async Task Follow(Published.PractitionerFacts practitioner, IntegrationEvent message, Envelope cause, CancellationToken ct)
    {
        var loadStream = PractitionerLoad.StreamOf(practitioner.PractitionerId);
        var (load, _) = await store.Load<PractitionerLoad>(loadStream, ct);
        foreach (var team in load?.Teams.Keys ?? [])
        {
            await runner.Execute<Team, PractitionerLoad, Practitioner>(team, loadStream, practitioner.PractitionerId,
                cause with { OccurredAt = message.OccurredAt }, (t, l, p, at) =>
                {
                    var (ofTeam, ofLoad) = Decide(t, l, p, at);
                    return (ofTeam, ofLoad, []);
                }, ct);
        }
    }

    public static (IEnumerable<DomainEvent> Team, IEnumerable<DomainEvent> Load) Decide(Team? team, PractitionerLoad? load, Practitioner? practitioner, Moment at)
    {
        if (team is null || practitioner is null || load?.Teams.ContainsKey(team.Id) is not true)
            return ([], []);
        if (practitioner.Status is PractitionerStatus.Departed)
            return team.Leave(practitioner.Id, load, "departed", at);
        if (team.Status is TeamStatus.Disbanded || team.MemberOf(practitioner.Id) is not { } member)
            return ([], []);
        var works = practitioner.IsLicensed(at.Today);
        if (works == !member.IsBarred)
            return ([], []);
        DomainEvent changed = works ? new TeamMemberCleared(team.Id, practitioner.Id, at.Today)
            : new TeamMemberBarred(team.Id, practitioner.Id, at.Today, practitioner.HasLapsed ? "licenceLapsed" : "suspended");
        return (team.AndComposition([changed], at), []);
    }
}
