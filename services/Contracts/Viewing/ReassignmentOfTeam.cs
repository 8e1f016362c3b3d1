using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Contracts.Viewing;

/// <summary>How far the contracts of a team that is being disbanded have found another one.</summary>
/// <param name="Remaining">Contracts and applications still with the team.</param>
public sealed record ReassignmentOfTeam(
    Guid TeamId, ReassignmentStatus Status, DateOnly EffectiveOn, string Reason, int Remaining, int Transferred, int Terminated,
    DateTimeOffset Since) : IRow<ReassignmentOfTeam>
{
    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event switch
    {
        ReassignmentStarted e => [e.TeamId],
        ReassignmentProgressed e => [e.TeamId],
        ReassignmentCalledOff e => [e.TeamId],
        ReassignmentForced e => [e.TeamId],
        ReassignmentUndone e => [e.TeamId],
        PanelEmptied e => [e.TeamId],
        _ => [],
    };

    public static ReassignmentOfTeam? Evolve(ReassignmentOfTeam? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, ReassignmentStarted e) => new(id, ReassignmentStatus.Running, e.EffectiveOn, e.Reason, 0, 0, 0, recorded.OccurredAt),
        ({ } r, ReassignmentProgressed e) => r with { Remaining = e.Remaining, Transferred = e.Transferred, Terminated = e.Terminated },
        ({ } r, ReassignmentForced) => r with { Status = ReassignmentStatus.Forced },
        ({ } r, ReassignmentCalledOff) => r with { Status = ReassignmentStatus.CallingOff },
        ({ } r, ReassignmentUndone) => r with { Status = ReassignmentStatus.CalledOff },
        ({ } r, PanelEmptied) => r with { Status = ReassignmentStatus.Emptied },
        _ => row,
    };
}

public static class ReassignmentOfTeamEndpoint
{
    public static void MapReassignmentOfTeam(this IEndpointRouteBuilder routes) => routes
        .MapGet("/teams/{teamId:guid}/reassignment", Handle).WithName(nameof(ReassignmentOfTeam))
        .WithSummary("How far a disbandment is").Public(Role.Clinic, Role.Commission, Role.Service);

    private static async Task<ReassignmentOfTeam> Handle(Guid teamId, Rows<ReassignmentOfTeam> rows, CancellationToken ct) =>
        await rows.Find(teamId, ct) ?? throw new UnknownId();
}
