using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals;

/// <summary>How long a hospital may take to answer.</summary>
public static class ResponseClock
{
    public static DateTimeOffset DueAt(ReferralPriority priority, Moment at) => priority switch
    {
        ReferralPriority.Emergency => at.Now.AddMinutes(at.Policy.SlaEmergencyMinutes),
        ReferralPriority.Urgent => at.Now.AddHours(at.Policy.SlaUrgentHours),
        _ => at.AfterWorkingDays(at.Policy.SlaRoutineWorkingDays),
    };
}
