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
        return from.MemberOf(practitionerId) is null ? ([], []) : from.Leave(practitionerId, load, Reason!, at);
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
