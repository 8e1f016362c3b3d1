using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Viewing;

[JsonConverter(typeof(JsonStringEnumConverter<ExamTask>))]
public enum ExamTask { None, Confirm, Arrival, Perform, Report }

/// <summary>What a hospital's exam desk has to do, the least time left first.</summary>
public sealed record ExamDesk(
    Guid Id, Guid HospitalId, Guid ResidentId, string Modality, string BodySite, ExamTask Task, DateTimeOffset DueAt, DateTimeOffset? SlotStart)
    : IRow<ExamDesk>, IWork
{
    static int IRow<ExamDesk>.Version => 2;

    public static IEnumerable<string> Indexes => ["hospital_id, due_at, id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is ExamRequested or ExamSlotHeld or ExamConfirmed or ExamArrived or ExamPerformed or ExamReportReturned or ExamCancelled or ExamNoShow
        or ExamRejected or ExamRebookRequired or ExamRescheduled or ExamReopened ? [recorded.StreamId] : [];

    public static ExamDesk? Evolve(ExamDesk? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, ExamRequested e) => new(id, e.HospitalId, e.ResidentId, e.Modality, e.BodySite, ExamTask.None, e.RequestedAt, null),
        ({ } r, ExamSlotHeld e) => r with { Task = ExamTask.Confirm, DueAt = e.Start, SlotStart = e.Start },
        ({ } r, ExamConfirmed) => r with { Task = ExamTask.Arrival },
        ({ } r, ExamArrived) => r with { Task = ExamTask.Perform },
        ({ } r, ExamPerformed e) => r with { Task = ExamTask.Report, DueAt = e.At },
        ({ } r, ExamRebookRequired or ExamCancelled { Reason: EndedByDeath.Reason }) => r with { Task = ExamTask.None },
        ({ } r, ExamRescheduled e) => r with { Task = ExamTask.Confirm, DueAt = e.Start, SlotStart = e.Start },
        ({ } r, ExamReopened) => r with { Task = ExamTask.Confirm },
        (_, ExamReportReturned or ExamCancelled or ExamNoShow or ExamRejected) => null,
        _ => row,
    };
}

public static class ExamDeskEndpoint
{
    public static void MapExamDesk(this IEndpointRouteBuilder routes) => routes
        .MapGet("/worklists/exams", Handle).WithName(nameof(ExamDesk)).WithSummary("What a hospital's exam desk has to do")
        .For(Role.Hospital, Role.Commission, Role.Service);

    private static Task<WorkPage<ExamDesk>> Handle(
        Guid hospitalId, Rows<ExamDesk> rows, CancellationToken ct, string? modality = null, string? after = null, ExamTask? task = null, int limit = 100) =>
        rows.Page("hospital_id = $1 and ($2 = '' or modality = $2) and ($3 = '' or task = $3)", after, limit, ct,
            hospitalId, modality ?? "", task?.ToString() ?? "");
}
