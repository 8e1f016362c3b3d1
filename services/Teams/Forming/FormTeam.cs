using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Forming;

/// <summary>An institution starts a team; members join it before it is activated.</summary>
/// <param name="GridCodes">The grids of the community that it looks after.</param>
/// <param name="DistrictIds">Where it signs residents besides the district of its institution.</param>
public sealed record FormTeam(
    Guid? Id, [Required] Guid? InstitutionId, [Required, MaxLength(200)] string? Name, [Required, MaxLength(200)] string? NameEn,
    IReadOnlyList<string>? GridCodes = null, IReadOnlyList<string>? DistrictIds = null)
{
    public IEnumerable<DomainEvent> Decide(Guid id, Team? team, Institution? institution)
    {
        if (team is not null)
            return [];
        var home = Institution.Active(institution);
        return [new TeamFormed(id, home.Id, home.DistrictCode, Name!, NameEn!,
            GridCodes is { Count: > 0 } ? Refusing.Words(nameof(GridCodes), GridCodes) : null,
            DistrictIds is { Count: > 0 }
                ? [home.DistrictCode, .. Refusing.Words(nameof(DistrictIds), DistrictIds).Distinct().Where(d => d != home.DistrictCode)]
                : null)];
    }
}

public static class FormTeamEndpoint
{
    public static void MapFormTeam(this IEndpointRouteBuilder routes) => routes
        .MapPost("/teams", Handle).WithName(nameof(FormTeam)).WithSummary("Form a team").For(Role.Commission, Role.Clinic);

    private static async Task<Decided> Handle(FormTeam command, HttpContext http, Runner runner, IdSource ids, CancellationToken ct)
    {
        var id = command.Id ?? ids.Next();
        return new(await Take(command, id, http.Envelope(), runner, ct), $"/teams/{id}");
    }

    internal static Task<Done> Take(FormTeam command, Guid id, Envelope envelope, Runner runner, CancellationToken ct) =>
        runner.Execute<Team, Institution>(id, command.InstitutionId!.Value, envelope,
            (team, institution, _) => (command.Decide(id, team, institution), []), ct);
}
