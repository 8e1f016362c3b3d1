using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Viewing;

[JsonConverter(typeof(JsonStringEnumConverter<TeamTask>))]
public enum TeamTask { None, Complete, Information, Rebook, Overdue, Advice, Outcome, NoShow, Report, TakeBack, Contact, CloseUp }

[JsonConverter(typeof(JsonStringEnumConverter<CaseKind>))]
public enum CaseKind { Referral, WayBack, Exam }

/// <summary>What of its referrals, exams and returning patients waits for a team, the least time left first.</summary>
/// <param name="InstitutionId">Whose work it is when no team is named: a patient who has no contract yet.</param>
/// <param name="Critical">A result that must be known within hours.</param>
public sealed record TeamWorklist(
    Guid Id, CaseKind Kind, Guid? TeamId, Guid InstitutionId, Guid ResidentId, TeamTask Task, DateTimeOffset DueAt, bool Critical) : IRow<TeamWorklist>, IWork
{
    static int IRow<TeamWorklist>.Version => 3;

    public static IEnumerable<string> Indexes => ["team_id, due_at, id", "institution_id, due_at, id", "resident_id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is ReferralPrefilled or ReferralReopened or ReferralDrafted or ReferralSubmitted or ReferralReturnedForInformation or ReferralInformationSupplied or ReferralRebookRequired
        or ReferralRescheduled or ReferralOverdue or ReferralScheduled or ReferralWaitlisted or ReferralRedirected or ReferralDeclined or ReferralAdvised
        or ReferralCancelled or ReferralNoShow or PatientArrived or OutcomeReturned or ReferralClosed or ReferralOwnerChanged
        or DownReferralProposed or DownReferralAccepted or DownReferralDeclined or DownReferralReassigned or FirstContactMade or DownReferralClosed
        or DownReferralCancelled or DownReferralReopened or DownReferralOwnerChanged or ExamOwnerChanged or ExamReopened
        or DownReferralRehomed or ExamRebookRequired or ExamRescheduled or ExamRequested or ExamReportReturned or CriticalResultFlagged or ExamCriticalAcknowledged or ExamAcknowledged or ExamCancelled or ExamNoShow
        or ExamRejected ? [recorded.StreamId] : [];

    public static TeamWorklist? Evolve(TeamWorklist? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, ReferralPrefilled e) => new(id, CaseKind.Referral, e.TeamId, e.FromOrg, e.ResidentId, TeamTask.Complete, recorded.OccurredAt, false),
        (_, ReferralDrafted e) => new(id, CaseKind.Referral, e.TeamId, e.FromOrg, e.ResidentId, TeamTask.Complete, recorded.OccurredAt, false),
        ({ } r, ReferralReturnedForInformation e) => r with { Task = TeamTask.Information, DueAt = e.At },
        ({ } r, ReferralRebookRequired) => r with { Task = TeamTask.Rebook, DueAt = recorded.OccurredAt },
        ({ } r, ReferralOverdue) => r with { Task = TeamTask.Overdue, DueAt = recorded.OccurredAt },
        ({ } r, ReferralAdvised e) => r with { Task = TeamTask.Advice, DueAt = e.At },
        ({ } r, OutcomeReturned e) => r with { Task = TeamTask.Outcome, DueAt = e.AcknowledgeBy },
        ({ } r, ReferralNoShow) => r with { Task = TeamTask.NoShow, DueAt = recorded.OccurredAt },
        ({ } r, ReferralSubmitted or ReferralInformationSupplied or ReferralRescheduled or ReferralScheduled or ReferralWaitlisted or ReferralRedirected
            or PatientArrived) => r with { Task = TeamTask.None },
        (_, DownReferralProposed e) => new(id, CaseKind.WayBack, e.TeamId, e.ToOrg, e.ResidentId, TeamTask.TakeBack, e.ContactWithin, false),
        ({ } r, DownReferralDeclined) => r with { Task = TeamTask.None, TeamId = null },
        ({ } r, DownReferralReassigned e) => r with { Task = TeamTask.TakeBack, TeamId = null, InstitutionId = e.ToOrg },
        ({ } r, DownReferralAccepted) => r with { Task = TeamTask.Contact },
        ({ } r, FirstContactMade) => r with { Task = TeamTask.CloseUp },
        (_, ExamRequested e) => new(id, CaseKind.Exam, e.TeamId, e.InstitutionId, e.ResidentId, TeamTask.None, recorded.OccurredAt, false),
        ({ } r, ExamReportReturned e) => r with { Task = TeamTask.Report, DueAt = e.At },
        ({ } r, CriticalResultFlagged e) => r with { DueAt = e.AcknowledgeBy, Critical = true },
        ({ } r, ExamCriticalAcknowledged) => r with { Critical = false },
        ({ } r, ReferralOwnerChanged e) => r with { TeamId = e.TeamId, InstitutionId = e.FromOrg },
        ({ } r, DownReferralOwnerChanged e) => r with { TeamId = e.TeamId, InstitutionId = e.ToOrg },
        ({ } r, ExamOwnerChanged e) => r with { TeamId = e.TeamId, InstitutionId = e.InstitutionId },
        // Kept, in case the death was told in error.
        ({ } r, ReferralCancelled { Reason: EndedByDeath.Reason } or DownReferralCancelled { Reason: EndedByDeath.Reason }
            or ExamCancelled { Reason: EndedByDeath.Reason }) => r with { Task = TeamTask.None },
        ({ } r, ReferralReopened e) => r with { Task = e.IsDraft ? TeamTask.Complete : TeamTask.Rebook, DueAt = recorded.OccurredAt },
        ({ } r, DownReferralReopened e) => r with { Task = e.AcceptBy is null ? TeamTask.Contact : TeamTask.TakeBack },
        ({ } r, DownReferralRehomed e) => r with { InstitutionId = e.ToOrg },
        ({ } r, ExamRebookRequired) => r with { Task = TeamTask.Rebook, DueAt = recorded.OccurredAt },
        ({ } r, ExamRescheduled or ExamReopened) => r with { Task = TeamTask.None },
        (_, ReferralDeclined or ReferralCancelled or ReferralClosed or DownReferralClosed or DownReferralCancelled or ExamAcknowledged or ExamCancelled or ExamNoShow
            or ExamRejected) => null,
        _ => row,
    };
}

/// <param name="Responsible">The family doctor whose tasks these are; null when an institution's are asked for.</param>
/// <param name="Owner">Who does them now: he himself, or whoever stands in while he is away.</param>
/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record TeamWork(Guid? Responsible, Guid? Owner, IReadOnlyList<TeamWorklist> Items, string? Next);

public static class TeamWorklistEndpoint
{
    public static void MapTeamWorklist(this IEndpointRouteBuilder routes) => routes
        .MapGet("/worklists/team", Handle).WithName(nameof(TeamWorklist)).WithSummary("What waits for a team or an institution, and who does it now")
        .For(Role.Clinic, Role.Commission, Role.Service);

    private static async Task<TeamWork> Handle(
        Rows<TeamWorklist> rows, WhoSeesToIt who, CancellationToken ct, Guid? teamId = null, Guid? institutionId = null, string? after = null,
        TeamTask? task = null, int limit = 100)
    {
        var (responsible, owner) = teamId is { } team ? await who.Of(team, ct) : new(null, null);
        var page = await rows.Page("(($1 and team_id = $2) or ($3 and institution_id = $4)) and ($5 = '' or task = $5)", after, limit, ct,
            teamId is not null, teamId ?? Guid.Empty, institutionId is not null, institutionId ?? Guid.Empty, task?.ToString() ?? "");
        return new(responsible, owner, page.Items, page.Next);
    }
}
