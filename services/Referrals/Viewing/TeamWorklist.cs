using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Viewing;

[JsonConverter(typeof(JsonStringEnumConverter<TeamTask>))]
public enum TeamTask { None, Outcome, NoShow, Report, TakeBack, Contact, CloseUp }

/// <summary>What of its referrals, exams and returning patients waits for a team, the least time left first.</summary>
public sealed record TeamWorklist(Guid Id, Guid TeamId, Guid ResidentId, TeamTask Task, DateTimeOffset DueAt, bool Critical) : IRow<TeamWorklist>
{
    public static IEnumerable<string> Indexes => ["team_id, due_at, id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is ReferralDrafted or ReferralDeclined or ReferralCancelled or ReferralNoShow or OutcomeReturned or ReferralClosed
        or DownReferralProposed or DownReferralAccepted or FirstContactMade or DownReferralClosed
        or ExamRequested or ExamReportReturned or CriticalResultFlagged or ExamAcknowledged or ExamCancelled or ExamNoShow ? [recorded.StreamId] : [];

    public static TeamWorklist? Evolve(TeamWorklist? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, ReferralDrafted e) => new(id, e.TeamId, e.ResidentId, TeamTask.None, recorded.OccurredAt, false),
        ({ } r, OutcomeReturned e) => r with { Task = TeamTask.Outcome, DueAt = e.AcknowledgeBy },
        ({ } r, ReferralNoShow) => r with { Task = TeamTask.NoShow, DueAt = recorded.OccurredAt },
        (_, DownReferralProposed e) => new(id, e.TeamId, e.ResidentId, TeamTask.TakeBack, e.ContactWithin, false),
        ({ } r, DownReferralAccepted) => r with { Task = TeamTask.Contact },
        ({ } r, FirstContactMade) => r with { Task = TeamTask.CloseUp },
        (_, ExamRequested e) => new(id, e.TeamId, e.ResidentId, TeamTask.None, recorded.OccurredAt, false),
        ({ } r, ExamReportReturned e) => r with { Task = TeamTask.Report, DueAt = e.At },
        ({ } r, CriticalResultFlagged e) => r with { DueAt = e.AcknowledgeBy, Critical = true },
        (_, ReferralDeclined or ReferralCancelled or ReferralClosed or DownReferralClosed or ExamAcknowledged or ExamCancelled or ExamNoShow) => null,
        _ => row,
    };
}

/// <param name="Responsible">The family doctor whose tasks these are.</param>
/// <param name="Owner">Who does them now: he himself, or whoever stands in while he is away.</param>
public sealed record TeamWork(Guid? Responsible, Guid? Owner, IReadOnlyList<TeamWorklist> Items);

public static class TeamWorklistEndpoint
{
    public static void MapTeamWorklist(this IEndpointRouteBuilder routes) => routes
        .MapGet("/worklists/team", Handle).WithName(nameof(TeamWorklist)).WithSummary("What waits for a team, and who does it now")
        .For(Role.Clinic, Role.Commission, Role.Service);

    private static async Task<TeamWork> Handle(Guid teamId, Rows<TeamWorklist> rows, WhoSeesToIt who, CancellationToken ct, TeamTask? task = null, int limit = 100)
    {
        var (responsible, owner) = await who.Of(teamId, ct);
        return new(responsible, owner, await rows.Where(
            $"team_id = $1 and task <> 'None' and ($2 = '' or task = $2) order by due_at, id limit {Math.Clamp(limit, 1, 200)}", ct, teamId, task?.ToString() ?? ""));
    }
}
