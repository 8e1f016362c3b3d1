using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Viewing;

/// <summary>An exam as it stands this moment.</summary>
public sealed record ExamDetails(
    Guid ExamId, Guid ResidentId, Guid ContractId, Guid TeamId, Guid InstitutionId, string DistrictCode, Guid HospitalId, string Modality,
    string BodySite, ExamStatus Status, DateTimeOffset RequestedAt, DateTimeOffset SlotStart, DateTimeOffset? PerformedAt, bool? Critical,
    Guid? ReportRef, DateTimeOffset? AcknowledgeBy, DateTimeOffset? CriticalKnownAt, int OverdueLevel, Guid? DuplicateOf, string? OverrideReason, long Version);

public static class ExamDetailsEndpoint
{
    public static void MapExamDetails(this IEndpointRouteBuilder routes) => routes
        .MapGet("/exams/{examId:guid}", Handle).WithName(nameof(ExamDetails)).WithSummary("An exam")
        .For(Role.Clinic, Role.Hospital, Role.Commission, Role.Service);

    private static async Task<ExamDetails> Handle(Guid examId, HttpContext http, IEventStore store, CancellationToken ct)
    {
        var (exam, version) = await store.Load<Exam>(examId, ct);
        if (exam is not { Request: var q })
            throw new UnknownId();
        http.Response.Headers.ETag = $"\"{version}\"";
        return new(q.ExamId, q.ResidentId, q.ContractId, q.TeamId, q.InstitutionId, q.DistrictCode, q.HospitalId, q.Modality, q.BodySite, exam.Status,
            q.RequestedAt, exam.Slot!.Start, exam.PerformedAt, exam.Report?.Critical, exam.Report?.ReportRef, exam.AcknowledgeBy, exam.CriticalKnownAt,
            exam.OverdueLevel, q.DuplicateOf,
            q.OverrideReason, version);
    }
}
