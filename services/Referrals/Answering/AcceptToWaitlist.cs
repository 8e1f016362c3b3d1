using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Answering;

/// <summary>The hospital takes the patient, but has no slot yet: he waits, and nobody forgets him.</summary>
/// <param name="TargetBy">The day by which he should be seen; after it the offices above hear of it.</param>
public sealed record AcceptToWaitlist([Required] DateOnly? TargetBy)
{
    public (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Book) Decide(Referral? referral, QuotaBook? book, Moment at)
    {
        if (!Referral.MayGo(referral, ReferralStatus.Waitlisted, ReferralStatus.Submitted))
            return ([], []);
        if (TargetBy < at.Today || TargetBy is { Year: > 2199 })
            throw new RuleBroken("RULE_VIOLATION", "The day by which he should be seen is today at the earliest.", new { at.Today });
        return ([new ReferralWaitlisted(referral!.Id, TargetBy!.Value, at.Now, at.EndOf(TargetBy.Value))], QuotaBook.Release(book, referral.Id));
    }
}

public static class AcceptToWaitlistEndpoint
{
    public static void MapAcceptToWaitlist(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/waitlisting", Handle).WithName(nameof(AcceptToWaitlist)).WithSummary("Put a patient on the waiting list")
        .For(Role.Hospital);

    private static async Task<Decided> Handle(
        Guid referralId, AcceptToWaitlist command, HttpContext http, SlotsOfReferrals slots, CancellationToken ct) =>
        new(await slots.Execute(referralId, http.Envelope(), (referral, book, _, at) =>
        {
            var (own, quota) = command.Decide(referral, book, at);
            return (own, quota, []);
        }, ct));
}
