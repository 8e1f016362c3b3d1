using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.Policies;
using FamilyDoctor.Teams.Viewing;
using Published = FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Teams.Helping;

/// <summary>Somebody went away, came back, left his team or may not work: the requests he owned or answers for go to whoever is there now.</summary>
public sealed class WhenSomebodyIsAway(Runner runner, IEventStore store, TimeProvider clock, Rows<HelpRequests> requests)
    : IReaction<Published.AbsenceStarted>, IReaction<Published.CoverNamed>, IReaction<Published.CoverEnded>,
        IReaction<Published.TeamMemberLeft>, IReaction<Published.TeamMemberBarred>, IReaction<Published.TeamMemberCleared>,
        IReaction<Published.LicenceLapsed>, IReaction<Published.PractitionerSuspended>, IReaction<Published.PractitionerDeparted>
{
    public Task React(Published.AbsenceStarted message, Envelope cause, CancellationToken ct) => Follow(message.Absence.PractitionerId, message, cause, ct);
    public Task React(Published.CoverNamed message, Envelope cause, CancellationToken ct) => Follow(message.Absence.PractitionerId, message, cause, ct);
    public Task React(Published.CoverEnded message, Envelope cause, CancellationToken ct) => Follow(message.Absence.PractitionerId, message, cause, ct);
    public Task React(Published.TeamMemberLeft message, Envelope cause, CancellationToken ct) => Follow(message.PractitionerId, message, cause, ct);
    public Task React(Published.TeamMemberBarred message, Envelope cause, CancellationToken ct) => Follow(message.PractitionerId, message, cause, ct);
    public Task React(Published.TeamMemberCleared message, Envelope cause, CancellationToken ct) => Follow(message.PractitionerId, message, cause, ct);

    public Task React(Published.LicenceLapsed message, Envelope cause, CancellationToken ct) => Follow(message.Practitioner.PractitionerId, message, cause, ct);
    public Task React(Published.PractitionerSuspended message, Envelope cause, CancellationToken ct) => Follow(message.Practitioner.PractitionerId, message, cause, ct);
    public Task React(Published.PractitionerDeparted message, Envelope cause, CancellationToken ct) => Follow(message.Practitioner.PractitionerId, message, cause, ct);

    private async Task Follow(Guid practitionerId, IntegrationEvent message, Envelope cause, CancellationToken ct)
    {
        await requests.UntilSeen(message, ct);
        var open = await requests.Where("status = 'Open' and (owner = $1 or responsible = $1 or owner is null)", ct, practitionerId);
        foreach (var request in open)
            await Take(request.HelpId, request.TeamId, cause, runner, store, clock, ct);
    }

    internal static async Task Take(Guid helpId, Guid teamId, Envelope cause, Runner runner, IEventStore store, TimeProvider clock, CancellationToken ct)
    {
        var (team, _) = await store.Load<Team>(teamId, ct);
        var (help, _) = await store.Load<HelpRequest>(helpId, ct);
        if (team is null || help is null)
            return;
        var found = await WhoIsThere.For(team, help.Asked.Role, help.Responsible, clock.GetUtcNow(), store, ct);
        await runner.Execute<HelpRequest, Absences>(helpId, Absences.StreamOf(found.Owner ?? Guid.Empty), cause,
            (current, absences, at) => (Decide(current, found, absences, at), []), ct);
    }

    public static IEnumerable<DomainEvent> Decide(HelpRequest? help, WhoIsThere.Found found, Absences? ofOwner, Moment at)
    {
        if (help is not { Status: HelpStatus.Open } || (help.Responsible == found.Responsible && help.Owner == found.Owner))
            return [];
        WhoIsThere.StillThere(ofOwner, at);
        return [new HelpAssigned(help.Id, found.Responsible, found.Owner)];
    }
}
