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

    /// <summary>When a clock that has stood since a moment is up, now that it goes on: as much is left as was then.</summary>
    public static DateTimeOffset GoesOn(DateTimeOffset due, DateTimeOffset stoodSince, ReferralPriority priority, Moment at)
    {
        if (due <= stoodSince)
            return due; // it was up before it stood
        if (priority is not ReferralPriority.Routine)
            return at.Now + (due - stoodSince);
        var (stood, ends) = (at.DateOf(stoodSince), at.DateOf(due));
        var daysLeft = Enumerable.Range(1, ends.DayNumber - stood.DayNumber).Count(day => at.Calendar.Contains(stood.AddDays(day)));
        return at.AfterWorkingDays(daysLeft) + (due - at.StartOf(ends) - (stoodSince - at.StartOf(stood)));
    }
}
