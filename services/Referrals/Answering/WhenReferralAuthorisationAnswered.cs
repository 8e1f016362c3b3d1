using FamilyDoctor.EventSourcing;
using Published = FamilyDoctor.IntegrationEvents.Contracts;

namespace FamilyDoctor.Referrals.Answering;

/// <summary>The insurer pays its share of a referral, or does not; the referral goes on either way.</summary>
public sealed class WhenReferralAuthorisationAnswered(Runner runner)
    : IReaction<Published.ReferralAuthorisationGranted>, IReaction<Published.ReferralAuthorisationRejected>
{
    public Task React(Published.ReferralAuthorisationGranted message, Envelope cause, CancellationToken ct) =>
        runner.Execute<Referral>(message.ReferralId, cause,
            (referral, _) => Decide(referral, new ReferralInsured(message.ReferralId, message.Reference)), ct);

    public Task React(Published.ReferralAuthorisationRejected message, Envelope cause, CancellationToken ct) =>
        runner.Execute<Referral>(message.ReferralId, cause,
            (referral, _) => Decide(referral, new ReferralInsuranceRefused(message.ReferralId, message.Code)), ct);

    /// <summary>Only what was authorised is answered, and once.</summary>
    public static IEnumerable<DomainEvent> Decide(Referral? referral, DomainEvent answer) => referral is { ValidTo: not null, Insurer: null } ? [answer] : [];
}
