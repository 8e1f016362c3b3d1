using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>A team with its members, leader and capacity, as it stands this moment.</summary>
/// <param name="MissingRoles">What of the leading family doctor and the nurse is missing.</param>
public sealed record TeamDetails(
    Guid TeamId, Guid InstitutionId, string DistrictCode, string Name, string NameEn, TeamStatus Status, Guid? LeaderId, IReadOnlyList<Member> Members,
    int MaxPanel, IReadOnlyList<CapacityShare> Basis, IReadOnlyList<string> MissingRoles, DateOnly? CompositionBreachSince,
    DateTimeOffset? SuspendsAt, DisbandmentOfTeam? Disbandment, IReadOnlyList<string> DistrictIds, long Version);

/// <summary>How far a disbandment has come.</summary>
/// <param name="Contracts">When it started.</param>
/// <param name="AsOf">When Contracts counted last.</param>
public sealed record DisbandmentOfTeam(
    DateOnly EffectiveOn, string Reason, IReadOnlyList<Guid> Successors, int Contracts, int Remaining, int Transferred, int Terminated,
    DateTimeOffset? AsOf, bool IsOverdue);

public static class TeamDetailsEndpoint
{
    public static void MapTeamDetails(this IEndpointRouteBuilder routes) => routes
        .MapGet("/teams/{teamId:guid}", Handle).WithName(nameof(TeamDetails)).WithSummary("A team").Public(Readers.Everyone);

    private static async Task<TeamDetails> Handle(Guid teamId, HttpContext http, IEventStore store, CancellationToken ct)
    {
        var (t, version) = await store.Load<Team>(teamId, ct);
        if (t is null)
            throw new UnknownId();
        http.Response.Headers.ETag = $"\"{version}\"";
        return new(t.Id, t.InstitutionId, t.DistrictCode, t.Name, t.NameEn, t.Status, t.LeaderId, t.Members, t.MaxPanel, t.Basis,
            [.. t.MissingRoles()], t.CompositionBreachSince, t.SuspendsAt, t.Disbandment is { } d
                ? new(d.Start.EffectiveOn, d.Start.Reason, d.Start.Successors, d.Start.Contracts, d.Remaining, d.Transferred, d.Terminated, d.AsOf, d.IsOverdue)
                : null, t.Districts, version);
    }
}
