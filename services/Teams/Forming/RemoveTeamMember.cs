using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Forming;

/// <summary>A member leaves a team today; an active team that lacks its leader or nurse then is known as incomplete.</summary>
public sealed record RemoveTeamMember([Required, MaxLength(100)] string? Reason)
{
    public (IEnumerable<DomainEvent> Team, IEnumerable<DomainEvent> Load) Decide(Guid practitionerId, Team? team, PractitionerLoad? load, Moment at)
    {
        var from = Team.Changing(team);
        if (from.MemberOf(practitionerId) is null)
            return ([], []);
        var left = new TeamMemberLeft(from.Id, practitionerId, at.Today, Reason!);
        var released = new PractitionerReleased(practitionerId, from.Id);
        var capacity = from.CapacityAfter(from.Members.Where(m => m.PractitionerId != practitionerId), at);
        return from.LeaderId == practitionerId && load?.Leads == from.Id
            ? ([new TeamLeadChanged(from.Id, practitionerId, null, at.Today), left, .. capacity], [new LeadReleased(practitionerId, from.Id), released])
            : ([left, .. capacity], [released]);
    }
}

public static class RemoveTeamMemberEndpoint
{
    public static void MapRemoveTeamMember(this IEndpointRouteBuilder routes) => routes
        .MapPost("/teams/{teamId:guid}/members/{practitionerId:guid}/removal", Handle).WithName(nameof(RemoveTeamMember))
        .WithSummary("Remove a member from a team").For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(
        Guid teamId, Guid practitionerId, RemoveTeamMember command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Team, PractitionerLoad>(teamId, PractitionerLoad.StreamOf(practitionerId), http.Envelope(),
            (team, load, at) => command.Decide(practitionerId, team, load, at), ct));
}
