using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals;

/// <summary>What every step from one state to the next has in common.</summary>
public static class Going
{
    /// <summary>True when it may go on from a state, false when it is so already; refuses otherwise.</summary>
    public static bool May<TStatus>(string what, TStatus? status, TStatus to, params TStatus[] from) where TStatus : struct, Enum
    {
        if (status is not { } now)
            throw new UnknownId();
        if (now.Equals(to))
            return false;
        return from.Contains(now) ? true : throw new RuleBroken("INVALID_TRANSITION", $"This is not possible for a {what} that is {now}.",
            new { state = now.ToString(), allowed = from.Select(s => s.ToString()) });
    }
}
