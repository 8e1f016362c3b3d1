using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Forming;

/// <summary>A suspended team takes residents again, if it is complete and its institution is active.</summary>
public static class ResumeTeam
{
    public static IEnumerable<DomainEvent> Decide(Team? team, Institution? institution)
    {
        if (!Team.MayGo(team, TeamStatus.Active, TeamStatus.Suspended))
            return [];
        Institution.Active(institution);
        return [new TeamResumed(Team.Complete(team!).Id)];
    }

    public static void MapResumeTeam(this IEndpointRouteBuilder routes) => routes
        .MapPost("/teams/{teamId:guid}/resumption", Handle).WithName(nameof(ResumeTeam)).WithSummary("Resume a team")
        .For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(Guid teamId, HttpContext http, Runner runner, IEventStore store, CancellationToken ct)
    {
        var (known, _) = await store.Load<Team>(teamId, ct);
        return known is null ? throw new UnknownId() : new(await runner.Execute<Team, Institution>(
            teamId, known.InstitutionId, http.Envelope(), (team, institution, _) => (Decide(team, institution), []), ct));
    }
}
