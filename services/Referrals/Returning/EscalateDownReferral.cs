using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Returning;

/// <summary>Nobody took a patient back in time: first the institution hears of it, then the district. The owner stays.</summary>
public static class EscalateDownReferral
{
    public static readonly IReadOnlyList<string> Offices = ["institution", "district"];

    public static IEnumerable<DomainEvent> Decide(DownReferral? down, Moment at)
    {
        if (down is not { EscalatesAt: { } due } || due > at.Now)
            return [];
        var level = down.OverdueLevel + 1;
        return [new DownReferralOverdue(down.Proposal.DownReferralId, level, Offices[level - 1],
            level < Offices.Count ? at.Now + ProposeDownReferral.AcceptWithin : null)];
    }
}
