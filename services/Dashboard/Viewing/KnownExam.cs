using FamilyDoctor.Dashboard.Receiving;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Referrals;

namespace FamilyDoctor.Dashboard.Viewing;

/// <summary>A booking of a large-equipment examination; never for whom.</summary>
public sealed record KnownExam(
    Guid Id, Guid TeamId, Guid InstitutionId, string DistrictCode, Guid HospitalId, string Modality, DateTimeOffset RequestedAt,
    DateTimeOffset SlotStart, DateTimeOffset? BookedAt, DateTimeOffset? PerformedAt, DateTimeOffset? ReportedAt,
    DateTimeOffset? CancelledAt, long Version) : IRow<KnownExam>
{
    public static IEnumerable<string> Indexes => ["booked_at"];

    private static ExamFacts? FactsOf(IntegrationEvent? message) => message switch
    {
        ExamBooked m => m.Exam,
        ExamConfirmed m => m.Exam,
        ExamArrived m => m.Exam,
        ExamPerformed m => m.Exam,
        ExamReportReturned m => m.Exam,
        ExamCancelled m => m.Exam,
        ExamNoShow m => m.Exam,
        ExamOwnerChanged m => m.Exam,
        ExamRebookRequired m => m.Exam,
        ExamRescheduled m => m.Exam,
        ExamReopened m => m.Exam,
        ExamRejected m => m.Exam,
        CriticalResultFlagged m => m.Exam,
        CriticalResultOverdue m => m.Exam,
        ExamCriticalAcknowledged m => m.Exam,
        ExamAcknowledged m => m.Exam,
        _ => null,
    };

    public static IEnumerable<Guid> Keys(Recorded recorded) => FactsOf(recorded.Message()) is { } facts ? [facts.ExamId] : [];

    public static KnownExam Evolve(KnownExam? row, Guid id, Recorded recorded)
    {
        var message = recorded.Message()!;
        var facts = FactsOf(message)!;
        row ??= new(id, facts.TeamId, facts.InstitutionId, facts.DistrictCode, facts.HospitalId, facts.Modality,
            facts.RequestedAt, facts.SlotStart, null, null, null, null, 0);
        if (message.StreamVersion > row.Version)
        {
            row = row with
            {
                TeamId = facts.TeamId,
                InstitutionId = facts.InstitutionId,
                DistrictCode = facts.DistrictCode,
                HospitalId = facts.HospitalId,
                Modality = facts.Modality,
                RequestedAt = facts.RequestedAt,
                SlotStart = facts.SlotStart,
                Version = message.StreamVersion,
            };
        }
        var at = message.OccurredAt;
        return message switch
        {
            ExamBooked => row with { BookedAt = Knowing.Earliest(row.BookedAt, at) },
            ExamPerformed => row with { PerformedAt = Knowing.Earliest(row.PerformedAt, at) },
            ExamReportReturned => row with { ReportedAt = Knowing.Earliest(row.ReportedAt, at) },
            ExamCancelled => row with { CancelledAt = Knowing.Earliest(row.CancelledAt, at) },
            _ => row,
        };
    }
}

/// <summary>What a hospital offered of one service on one day, and whether family doctors got their share.</summary>
public sealed record KnownQuota(
    Guid Id, Guid HospitalId, string Service, DateOnly Date, int FamilyDoctor, int Urgent, int Public, DateTimeOffset? PublishedAt,
    DateTimeOffset? ShortfallAt, double? PublishedPercent, double? RequiredPercent, int? LeadDays, long Version) : IRow<KnownQuota>
{
    public static IEnumerable<string> Indexes => ["date"];

    private static QuotaFacts? FactsOf(IntegrationEvent? message) => message switch
    {
        QuotaPublished m => m.Quota,
        PoolReleasedToPublic m => m.Quota,
        QuotaShortfallDetected m => m.Quota,
        SlotsWithdrawn m => m.Quota,
        _ => null,
    };

    public static IEnumerable<Guid> Keys(Recorded recorded) => FactsOf(recorded.Message()) is { } q
        ? [Ids.Of($"{q.HospitalId}:{q.Service}:{q.Date:yyyy-MM-dd}")] : [];

    public static KnownQuota Evolve(KnownQuota? row, Guid id, Recorded recorded)
    {
        var message = recorded.Message()!;
        var facts = FactsOf(message)!;
        row ??= new(id, facts.HospitalId, facts.Service, facts.Date, 0, 0, 0, null, null, null, null, null, 0);
        // Published before release is what counts, so a release does not change the pools.
        if (message is QuotaPublished && message.StreamVersion > row.Version)
            row = row with { FamilyDoctor = facts.FamilyDoctor, Urgent = facts.Urgent, Public = facts.Public, Version = message.StreamVersion };
        return message switch
        {
            QuotaPublished => row with { PublishedAt = Knowing.Earliest(row.PublishedAt, message.OccurredAt) },
            QuotaShortfallDetected m when row.ShortfallAt is null || row.ShortfallAt <= m.OccurredAt => row with
            {
                ShortfallAt = m.OccurredAt,
                PublishedPercent = m.PublishedPercent,
                RequiredPercent = m.RequiredPercent,
                LeadDays = m.LeadDays,
            },
            _ => row,
        };
    }
}
