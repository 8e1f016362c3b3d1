using System.Collections.Immutable;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals;

public sealed record ReferralOpened(Guid ReferralId, string Service) : DomainEvent;
public sealed record ReferralSettled(Guid ReferralId, string Service) : DomainEvent;

/// <summary>A resident's referrals under way: one for a service at a time.</summary>
/// <param name="Open">By service.</param>
public sealed record ResidentReferrals(ImmutableDictionary<string, Guid> Open) : IState<ResidentReferrals>
{
    private static readonly ResidentReferrals None = new(ImmutableDictionary<string, Guid>.Empty);

    public static Guid StreamOf(Guid residentId) => Ids.Of($"ResidentReferrals:{residentId}");

    public static ResidentReferrals Evolve(ResidentReferrals? referrals, DomainEvent @event) => (referrals ?? None, @event) switch
    {
        (var r, ReferralOpened e) => r with { Open = r.Open.Add(e.Service, e.ReferralId) },
        (var r, ReferralSettled e) when r.Open.GetValueOrDefault(e.Service) == e.ReferralId => r with { Open = r.Open.Remove(e.Service) },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow among a resident's referrals."),
    };

    /// <summary>The event that opens a referral; refuses a second one for the same service.</summary>
    public static ReferralOpened Opened(ResidentReferrals? referrals, Guid referralId, string service) =>
        referrals is not null && referrals.Open.TryGetValue(service, out var open)
            ? throw new RuleBroken("DUPLICATE_REFERRAL", "A referral for this service is under way.", new { referralId = open })
            : new(referralId, service);
}
