using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals;

/// <summary>What is known here of a resident's death, or of its having been told in error.</summary>
public sealed record KnownDeath(bool IsDead, DateTimeOffset Since);

/// <summary>A case that ended with the resident's death, which may have been told in error.</summary>
/// <param name="Status">What it was before.</param>
public sealed record EndedByDeath<TStatus>(TStatus Status, DateTimeOffset At) where TStatus : struct, Enum
{
    /// <summary>For some weeks it may be taken up again.</summary>
    public bool MayReopen(Moment at) => at.Now <= At.AddDays(at.Policy.DeathReversalDays);
}

public static class EndedByDeath
{
    public const string Reason = "residentDied";

    /// <summary>Null when it ended for another reason.</summary>
    public static EndedByDeath<TStatus>? Of<TStatus>(TStatus status, string reason, DateTimeOffset? at) where TStatus : struct, Enum =>
        reason == Reason && at is { } when ? new(status, when) : null;
}
