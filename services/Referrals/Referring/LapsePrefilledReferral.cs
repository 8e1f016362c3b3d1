using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>Nobody completed what a consultation had prefilled: it is off the worklist. Nothing was sent, so nobody waits.</summary>
public static class LapsePrefilledReferral
{
    public static IEnumerable<DomainEvent> Decide(Referral? referral, Moment at) =>
        referral is { Status: ReferralStatus.Prefilled, EscalatesAt: { } due } && due <= at.Now
            ? [new ReferralCancelled(referral.Id, "service", "notCompleted")] : [];
}
