using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Teams.Viewing;

/// <summary>The requests for help of a team, or those that somebody owns now; the first due come first.</summary>
/// <param name="Responsible">Whose task it is.</param>
/// <param name="Owner">Who does it now; null while nobody can.</param>
public sealed record HelpRequests(
    Guid HelpId, Guid TeamId, string Role, Guid? AskedBy, Guid? ResidentId, string Question, DateTimeOffset DueAt, Guid? Responsible, Guid? Owner,
    HelpStatus Status, bool IsOverdue, string? Outcome) : IRow<HelpRequests>
{
    public static IEnumerable<string> Indexes => ["team_id", "owner", "responsible"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is HelpRequested or HelpAssigned or HelpOverdue or HelpAnswered or HelpDeclined or HelpWithdrawn ? [recorded.StreamId] : [];

    public static HelpRequests? Evolve(HelpRequests? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, HelpRequested e) => new(id, e.TeamId, e.Role, e.AskedBy, e.ResidentId, e.Question, e.DueAt, null, null, HelpStatus.Open, false, null),
        ({ } r, HelpAssigned e) => r with { Responsible = e.Responsible, Owner = e.Owner },
        ({ } r, HelpOverdue) => r with { IsOverdue = true },
        ({ } r, HelpAnswered e) => r with { Status = HelpStatus.Answered, Outcome = e.Outcome },
        ({ } r, HelpDeclined e) => r with { Status = HelpStatus.Declined, Outcome = e.Reason },
        ({ } r, HelpWithdrawn e) => r with { Status = HelpStatus.Withdrawn, Outcome = e.Reason },
        _ => row,
    };
}

public static class HelpRequestsEndpoint
{
    public static void MapHelpRequests(this IEndpointRouteBuilder routes) => routes
        .MapGet("/help-requests", Handle).WithName(nameof(HelpRequests)).WithSummary("Requests for help of a team or an owner")
        .For(Role.Commission, Role.Clinic, Role.Service);

    private static async Task<List<HelpRequests>> Handle(
        Rows<HelpRequests> rows, CancellationToken ct, Guid? teamId = null, Guid? ownerId = null, HelpStatus status = HelpStatus.Open, int limit = 100) =>
        await rows.Where($"($1 = $4 or team_id = $1) and ($2 = $4 or owner = $2) and status = $3 order by due_at, help_id limit {Math.Clamp(limit, 1, 200)}",
            ct, teamId ?? Guid.Empty, ownerId ?? Guid.Empty, status.ToString(), Guid.Empty);
}
