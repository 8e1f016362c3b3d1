using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Forming;

/// <summary>A practitioner joins a team with a part of the working time, as its leader if so wished.</summary>
/// <param name="Role">gp for a doctor, otherwise the practitioner's kind.</param>
/// <param name="Fte">1 is a whole working time, over all teams together.</param>
public sealed record AddTeamMember(
    [Required] Guid? PractitionerId, [Required, MaxLength(40)] string? Role, [Required, Range(0.001, 1)] decimal? Fte, bool Lead = false)
{
    public (IEnumerable<DomainEvent> Team, IEnumerable<DomainEvent> Load) Decide(
        Team? team, PractitionerLoad? load, Practitioner? practitioner, Moment at)
    {
        var into = Team.Changing(team);
        var member = Practitioner.Licensed(practitioner, at);
        if (into.MemberOf(member.Id) is { } known)
        {
            return known.Role == Role && known.Fte == Fte && (!Lead || into.LeaderId == member.Id) ? ([], [])
                : throw new RuleBroken("RULE_VIOLATION", "This practitioner is a member already, with another role or another part of the working time.",
                    new { known.Role, known.Fte });
        }
        if (Fte is not (> 0 and <= PractitionerLoad.WholeTime))
            throw Refusing.Invalid(nameof(Fte), "The part of the working time is more than 0 and 1 at most.");
        if (Role != RoleOf(member.Kind))
            throw new RuleBroken("RULE_VIOLATION", $"A {member.Kind} joins a team as {RoleOf(member.Kind)}.", new { member.Kind, allowed = new[] { RoleOf(member.Kind) } });

        var joined = new TeamMemberJoined(into.Id, member.Id, Role!, Fte!.Value, at.Today);
        var assigned = PractitionerLoad.Assign(load, member, into, Role!, Fte.Value);
        var capacity = into.CapacityAfter(into.Members.Add(new(member.Id, Role!, Fte.Value, at.Today)), at);
        if (!Lead)
            return (into.AndComposition([joined, .. capacity], at), [assigned]);
        if (Role != Team.Gp || into.LeaderId is not null)
            throw new RuleBroken("LEAD_NOT_ELIGIBLE", "A team is led by one family doctor; another takes over when the leader is changed.",
                new { practitionerId = member.Id, into.LeaderId });
        return (into.AndComposition([joined, new TeamLeadChanged(into.Id, null, member.Id, at.Today), .. capacity], at),
            [assigned, PractitionerLoad.Lead(load, member.Id, into.Id)]);
    }

    private static string RoleOf(string kind) => kind == "doctor" ? Team.Gp : kind;
}

public static class AddTeamMemberEndpoint
{
    public static void MapAddTeamMember(this IEndpointRouteBuilder routes) => routes
        .MapPost("/teams/{teamId:guid}/members", Handle).WithName(nameof(AddTeamMember)).WithSummary("Add a member to a team")
        .For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(Guid teamId, AddTeamMember command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await Take(command, teamId, http.Envelope(), runner, ct));

    internal static Task<Done> Take(AddTeamMember command, Guid teamId, Envelope envelope, Runner runner, CancellationToken ct) =>
        runner.Execute<Team, PractitionerLoad, Practitioner>(
            teamId, PractitionerLoad.StreamOf(command.PractitionerId!.Value), command.PractitionerId.Value, envelope, (team, load, practitioner, at) =>
            {
                var (ofTeam, ofLoad) = command.Decide(team, load, practitioner, at);
                return (ofTeam, ofLoad, []);
            }, ct);
}
