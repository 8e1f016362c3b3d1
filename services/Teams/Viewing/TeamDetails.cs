using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>A team with its members, leader and capacity, as it stands this moment.</summary>
/// <param name="MissingRoles">What of the leading family doctor and the nurse is missing.</param>
public sealed record TeamDetails(
    Guid TeamId, Guid InstitutionId, string DistrictCode, string Name, string NameEn, TeamStatus Status, Guid? LeaderId, IReadOnlyList<Member> Members,
    int MaxPanel, IReadOnlyList<CapacityShare> Basis, IReadOnlyList<string> MissingRoles, DateOnly? CompositionBreachSince, long Version);

public static class TeamDetailsEndpoint
{
    public static void MapTeamDetails(this IEndpointRouteBuilder routes) => routes
        .MapGet("/teams/{teamId:guid}", Handle).WithName(nameof(TeamDetails)).WithSummary("A team").For(Readers.Everyone);

    private static async Task<TeamDetails> Handle(Guid teamId, HttpContext http, IEventStore store, CancellationToken ct)
    {
        var (t, version) = await store.Load<Team>(teamId, ct);
        if (t is null)
            throw new UnknownId();
        http.Response.Headers.ETag = $"\"{version}\"";
        return new(t.Id, t.InstitutionId, t.DistrictCode, t.Name, t.NameEn, t.Status, t.LeaderId, t.Members, t.MaxPanel, t.Basis,
            [.. t.MissingRoles()], t.CompositionBreachSince, version);
    }
}
