using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.EventSourcing;

/// <summary>Who takes over when a team ends; nobody when there is none.</summary>
public sealed record TeamSuccessors(IReadOnlyList<Guid> Teams);

/// <summary>Whose the work of a team is that ends: a named successor's, else another team's of its institution.</summary>
public sealed class Successors(Copies<TeamFacts> teams, Copies<TeamSuccessors> successors)
{
    public Task Learn(TeamDisbandmentStarted message, CancellationToken ct) =>
        successors.Apply(message.TeamId, message.StreamVersion, new(message.Successors), ct);

    public async Task<TeamFacts?> Of(TeamFacts team, CancellationToken ct)
    {
        foreach (var named in (await successors.Find(team.TeamId, ct))?.Teams ?? [])
        {
            if (await teams.Find(named, ct) is { Status: "Active" or "Suspended" } successor)
                return successor;
        }
        return (await teams.All(ct)).Where(t => t.InstitutionId == team.InstitutionId && t.TeamId != team.TeamId && t.Status is "Active")
            .MinBy(t => t.TeamId);
    }
}
