using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Teams.Forming;

/// <summary>A team with its leading family doctor and its nurse, all licensed, starts to take residents.</summary>
public static class ActivateTeam
{
    /// <param name="members">Read when the command came in: a licence is looked at again whenever it counts.</param>
    public static IEnumerable<DomainEvent> Decide(
        Team? team, Institution? institution, IReadOnlyDictionary<Guid, Practitioner> members, Moment at)
    {
        if (!Team.MayGo(team, TeamStatus.Active, TeamStatus.Forming))
            return [];
        Institution.Active(institution);
        if (team!.Members.Any(m => !members.ContainsKey(m.PractitionerId)))
            throw new Busy(); // joined this very moment; asked again, the licence is at hand
        var unlicensed = team.Members.Where(m => !members[m.PractitionerId].IsLicensed(at.Today)).Select(m => m.PractitionerId).ToList();
        if (unlicensed.Count > 0)
            throw new RuleBroken("LICENCE_INVALID", "A member holds no valid licence today.", new { practitionerIds = unlicensed });
        Team.Complete(team);
        var basis = Team.BasisOf(team.Members, at);
        if (Team.Highest(basis) == 0)
            throw new RuleBroken("TEAM_INCOMPLETE", "Its family doctors have no time for a single resident.", new { missingRoles = new[] { Team.Gp } });
        return [new TeamActivated(team.Id, at.Today), new TeamCapacitySet(team.Id, Team.Highest(basis), basis, at.PolicyVersion)];
    }

    public static void MapActivateTeam(this IEndpointRouteBuilder routes) => routes
        .MapPost("/teams/{teamId:guid}/activation", Handle).WithName(nameof(ActivateTeam)).WithSummary("Activate a team")
        .For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(Guid teamId, HttpContext http, Runner runner, IEventStore store, CancellationToken ct) =>
        new(await Take(teamId, http.Envelope(), runner, store, ct));

    internal static async Task<Done> Take(Guid teamId, Envelope envelope, Runner runner, IEventStore store, CancellationToken ct)
    {
        var (known, _) = await store.Load<Team>(teamId, ct);
        if (known is null)
            throw new UnknownId();
        var histories = await store.Read([.. known.Members.Select(m => (m.PractitionerId, 0L))], ct, withHeaders: false);
        var members = histories.ToDictionary(h => h.Key, h => h.Value.Aggregate(default(Practitioner), (p, r) => Practitioner.Evolve(p, r.Event))!);
        return await runner.Execute<Team, Institution>(teamId, known.InstitutionId, envelope,
            (team, institution, at) => (Decide(team, institution, members, at), []), ct);
    }
}
