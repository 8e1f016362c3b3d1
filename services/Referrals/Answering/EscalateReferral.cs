using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Answering;

/// <summary>The hospital has not answered in time, not seen who waits, or not confirmed whom the green channel brings: the referral stays where it is, and one more office hears of it.</summary>
public static class EscalateReferral
{
    public static readonly IReadOnlyList<string> Offices = ["referralOffice", "district", "commission"];

    /// <summary>By the calendar of today: days that were taken off meanwhile count for the hospital.</summary>
    public static IEnumerable<DomainEvent> Decide(Referral? referral, Moment at, Func<DateTimeOffset, Moment> then) =>
        MoveClocks.Decide(referral, at, then).ToList() is { Count: > 0 } moved ? moved : Decide(referral, at);

    public static IEnumerable<DomainEvent> Decide(Referral? referral, Moment at)
    {
        if (referral is not (({ Status: ReferralStatus.Submitted or ReferralStatus.Waitlisted } or { AwaitsConfirmation: true }) and { EscalatesAt: { } due })
            || due > at.Now)
            return [];
        var level = referral.OverdueLevel + 1;
        return [new ReferralOverdue(referral.Id, level, Offices[level - 1],
            level < Offices.Count ? ResponseClock.DueAt(referral.StepUp is null ? referral.Draft.Priority : ReferralPriority.Emergency, at) : null)];
    }
}
