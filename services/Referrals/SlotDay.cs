using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals;

/// <summary>A day's row of equal slots.</summary>
public static class SlotDay
{
    /// <summary>When the first slot begins; refuses a day that cannot be.</summary>
    public static DateTimeOffset FirstStart(DateOnly date, TimeOnly firstSlot, int slotMinutes, int slots, Moment at)
    {
        if (date.Year is < 1990 or > 2199 || slotMinutes is < 1 or > 1440 || slots is < 1 or > 1440
            || firstSlot.ToTimeSpan() + TimeSpan.FromMinutes(slots * slotMinutes) > TimeSpan.FromDays(1))
            throw new RuleBroken("RULE_VIOLATION", "These slots do not fit into one day.", new { date, firstSlot, slotMinutes, slots });
        return at.StartOf(date) + firstSlot.ToTimeSpan();
    }
}
