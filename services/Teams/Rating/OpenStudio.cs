using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Rating;

/// <summary>A doctor who holds five stars opens a studio of his own within his team.</summary>
public sealed record OpenStudio(Guid? Id, [Required] Guid? LeaderId, [Required] Guid? TeamId)
{
    public IEnumerable<DomainEvent> Decide(Guid id, Practitioner? leader, Team? team, Moment at)
    {
        if (leader is null || team is null)
            throw new UnknownId();
        if (leader.Studio?.StudioId == id)
            return [];
        if (leader.Studio is { } other)
            throw new RuleBroken("STUDIO_OPEN", "This doctor has a studio.", new { other.StudioId });
        if (team.Status is not TeamStatus.Active)
            throw new RuleBroken("TEAM_NOT_ACTIVE", "A studio belongs to an active team.", new { teamId = team.Id, team.Status });
        if (team.MemberOf(leader.Id) is not { Role: Team.Gp })
            throw new RuleBroken("LEAD_NOT_ELIGIBLE", "A studio is led by a family doctor of the team.", new { teamId = team.Id });
        Practitioner.Licensed(leader, at);
        if (leader.StarsAt(at.Now) is not 5)
            throw new RuleBroken("STAR_PREREQUISITE", "A studio needs a leader who holds five stars.", new { stars = leader.StarsAt(at.Now) });
        return [new StudioOpened(id, leader.Id, team.Id, team.InstitutionId, team.DistrictCode)];
    }
}

public static class OpenStudioEndpoint
{
    public static void MapOpenStudio(this IEndpointRouteBuilder routes) => routes
        .MapPost("/studios", Handle).WithName(nameof(OpenStudio)).WithSummary("Open a studio").For(Role.Commission);

    private static async Task<Decided> Handle(OpenStudio command, HttpContext http, Runner runner, IdSource ids, CancellationToken ct)
    {
        var id = command.Id ?? ids.Next();
        return new(await Take(command, id, http.Envelope(), runner, ct) with { Id = id }, $"/studios/{id}");
    }

    internal static Task<Done> Take(OpenStudio command, Guid id, Envelope envelope, Runner runner, CancellationToken ct) =>
        runner.Execute<Practitioner, Team>(command.LeaderId!.Value, command.TeamId!.Value, envelope,
            (leader, team, at) => (command.Decide(id, leader, team, at), []), ct);
}
