using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Referrals;

namespace FamilyDoctor.Beds.Visiting;

/// <summary>The hospital is called for somebody whom a visit found urgently worse: the visit knows, and nobody has to call again.</summary>
public sealed class WhenUrgentStepUpMade(Runner runner) : IReaction<UrgentStepUpMade>
{
    public Task React(UrgentStepUpMade message, Envelope cause, CancellationToken ct) => runner.Execute<HomeVisit>(message.VisitId, cause,
        (visit, _) => Decide(visit, message.Route, message.Referral.ReferralId), ct);

    /// <summary>What somebody did by hand before stays.</summary>
    public static IEnumerable<DomainEvent> Decide(HomeVisit? visit, string route, Guid referralId) =>
        visit is { Deterioration.Severity: Severity.Urgent, Escalation: null } ? new EscalateDeterioration(route, referralId).Decide(visit) : [];
}
