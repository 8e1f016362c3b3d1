using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Viewing;

/// <summary>All that happened to a day of slots, or to a resident's referrals and exams together: what has no id that people know.</summary>
public static class HistoriesOfReferrals
{
    public static void MapHistoriesOfReferrals(this IEndpointRouteBuilder routes)
    {
        routes.MapHistoryOf("/hospitals/{hospitalId:guid}/quotas/{service}/{date}/history", "HistoryOfQuotaBook", "All that happened to a day of slots of a service",
            (Guid hospitalId, string service, DateOnly date, History history, CancellationToken ct, long after = 0, int limit = 100) =>
                history.Of(QuotaBook.StreamOf(hospitalId, service, date), after, limit, ct));
        routes.MapHistoryOf("/hospitals/{hospitalId:guid}/exam-books/{modality}/{date}/history", "HistoryOfExamBook", "All that happened to a day of a device",
            (Guid hospitalId, string modality, DateOnly date, History history, CancellationToken ct, long after = 0, int limit = 100) =>
                history.Of(ExamBook.StreamOf(hospitalId, modality, date), after, limit, ct));
        routes.MapHistoryOf("/residents/{residentId:guid}/referrals/history", "HistoryOfResidentReferrals", "Which referrals a resident had, and when",
            (Guid residentId, History history, CancellationToken ct, long after = 0, int limit = 100) =>
                history.Of(ResidentReferrals.StreamOf(residentId), after, limit, ct));
        routes.MapHistoryOf("/residents/{residentId:guid}/exams/history", "HistoryOfResidentExams", "Which exams a resident had, and when",
            (Guid residentId, History history, CancellationToken ct, long after = 0, int limit = 100) =>
                history.Of(ResidentExams.StreamOf(residentId), after, limit, ct));
    }
}
