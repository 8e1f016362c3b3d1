using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Helping;

/// <summary>A family doctor, or a resident himself, asks one of the X of his team for help; it goes to somebody who is there.</summary>
/// <param name="Role">pharmacist, nutritionist, counsellor, rehabilitation, specialist ...</param>
/// <param name="AskedBy">The family doctor who asks; without it the resident asks.</param>
/// <param name="Question">A code; no free text.</param>
/// <param name="Clinical">Volunteers and grid administrators answer only what is not.</param>
public sealed record RequestHelp(
    Guid? Id, [Required] Guid? TeamId, [Required, MaxLength(40)] string? Role, Guid? AskedBy, Guid? ResidentId, [Required, MaxLength(60)] string? Question,
    bool Clinical = true)
{
    public IEnumerable<DomainEvent> Decide(Guid id, HelpRequest? help, Team? team, WhoIsThere.Found found, Absences? ofOwner, Moment at)
    {
        if (help is not null)
            return [];
        if (team is null)
            throw new UnknownId();
        if (team.Status is TeamStatus.Forming or TeamStatus.Disbanded)
            throw new RuleBroken("TEAM_NOT_ACTIVE", "This team cares for nobody.", new { teamId = team.Id, team.Status });
        if (AskedBy is { } doctor && team.MemberOf(doctor) is not { Role: Team.Gp })
            throw new RuleBroken("RULE_VIOLATION", "Help is asked for by a family doctor of the team or by a resident.", new { askedBy = doctor });
        if (AskedBy is null && ResidentId is null)
            throw Refusing.Invalid(nameof(AskedBy), "Somebody asks: a family doctor or a resident.");
        if (Role is Team.Gp or Team.Nurse || (Clinical && HelpRequest.NeverClinical.Contains(Role)))
            throw new RuleBroken("RULE_VIOLATION", "Help comes from the X of the team; volunteers and grid administrators answer nothing clinical.", new { Role, Clinical });
        if (found.Responsible is not { } responsible || team.MemberOf(responsible) is null)
            throw new RuleBroken("TEAM_INCOMPLETE", "This team has nobody in that role.", new { missingRoles = new[] { Role } });
        WhoIsThere.StillThere(ofOwner, at);
        return [
            new HelpRequested(id, team.Id, Role!, AskedBy, ResidentId, Question!, Clinical, at.Now.AddHours(at.Policy.HelpAnswerHours)),
            new HelpAssigned(id, responsible, found.Owner)];
    }
}

public static class RequestHelpEndpoint
{
    public static void MapRequestHelp(this IEndpointRouteBuilder routes) => routes
        .MapPost("/help-requests", Handle).WithName(nameof(RequestHelp)).WithSummary("Ask one of the X of a team for help")
        .For(Role.Clinic, Role.Resident);

    private static async Task<Decided> Handle(
        RequestHelp command, HttpContext http, Runner runner, IEventStore store, IdSource ids, TimeProvider clock, CancellationToken ct)
    {
        if (command.AskedBy is not null && http.User.IsInRole(Role.Resident))
            throw Refusing.Invalid(nameof(command.AskedBy), "A resident asks for himself.");
        var id = command.Id ?? ids.Next();
        return new(await Take(command, id, http.Envelope(), runner, store, clock, ct), $"/help-requests/{id}");
    }

    internal static async Task<Done> Take(
        RequestHelp command, Guid id, Envelope envelope, Runner runner, IEventStore store, TimeProvider clock, CancellationToken ct)
    {
        var (team, _) = await store.Load<Team>(command.TeamId!.Value, ct);
        var found = team is null ? new(null, null) : await WhoIsThere.For(team, command.Role!, null, clock.GetUtcNow(), store, ct);
        return await runner.Execute<HelpRequest, Team, Absences>(id, command.TeamId.Value, Absences.StreamOf(found.Owner ?? Guid.Empty), envelope,
            (help, of, absences, at) => (command.Decide(id, help, of, found, absences, at), [], []), ct);
    }
}
