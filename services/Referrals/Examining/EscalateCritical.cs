using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Examining;

/// <summary>Nobody has taken note of a critical result in time: his institution hears of it, then the district, then the commission.</summary>
public static class EscalateCritical
{
    public static readonly IReadOnlyList<string> Offices = ["institution", "district", "commission"];

    public static IEnumerable<DomainEvent> Decide(Exam? exam, Moment at)
    {
        if (exam is not { IsCriticalUnread: true, EscalatesAt: { } due } || due > at.Now)
            return [];
        var level = exam.OverdueLevel + 1;
        return [new CriticalResultOverdue(exam.Request.ExamId, level, Offices[level - 1],
            level < Offices.Count ? at.Now.AddHours(at.Policy.CriticalResultHours) : null)];
    }
}
