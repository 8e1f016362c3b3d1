using System.Collections.Immutable;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals;

public sealed record ReferralOpened(Guid ReferralId, string Service) : DomainEvent;
public sealed record ReferralSettled(Guid ReferralId, string Service) : DomainEvent;

/// <summary>A resident's referrals under way: one for a service at a time, unless there is a reason for another.</summary>
/// <param name="Open">The service of each.</param>
public sealed record ResidentReferrals(ImmutableSortedDictionary<Guid, string> Open) : IState<ResidentReferrals>
{
    private static readonly ResidentReferrals None = new(ImmutableSortedDictionary<Guid, string>.Empty);

    public static Guid StreamOf(Guid residentId) => Ids.Of($"ResidentReferrals:{residentId}");

    public static ResidentReferrals Evolve(ResidentReferrals? referrals, DomainEvent @event) => (referrals ?? None, @event) switch
    {
        (var r, ReferralOpened e) => r with { Open = r.Open.Add(e.ReferralId, e.Service) },
        (var r, ReferralSettled e) when r.Open.GetValueOrDefault(e.ReferralId) == e.Service => r with { Open = r.Open.Remove(e.ReferralId) },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow among a resident's referrals."),
    };

    /// <summary>The referral for the same service that is under way, or null.</summary>
    public static Guid? UnderWay(ResidentReferrals? referrals, string service) =>
        referrals?.Open.Where(o => o.Value == service).Select(o => (Guid?)o.Key).FirstOrDefault();

    /// <summary>The event that opens a referral; without a reason it refuses a second one for the same service.</summary>
    public static ReferralOpened Opened(ResidentReferrals? referrals, Guid referralId, string service, string? duplicateReason = null) =>
        UnderWay(referrals, service) is { } open && duplicateReason is null
            ? throw new RuleBroken("DUPLICATE_REFERRAL", "A referral for this service is under way: add to it, or say why another is needed.",
                new { referralId = open, merge = $"/referrals/{open}/merger", @override = "duplicateReason" })
            : new(referralId, service);

    /// <summary>The event that settles it, unless it is settled.</summary>
    public static IEnumerable<DomainEvent> Settled(ResidentReferrals? referrals, Referral referral) =>
        referrals?.Open.ContainsKey(referral.Id) is true ? [new ReferralSettled(referral.Id, referral.Draft.Service)] : [];
}
