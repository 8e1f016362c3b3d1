using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Returning;

/// <summary>The hospital tells the family doctor what came of the referral and how to go on.</summary>
public sealed record ReturnOutcome(
    [Required, EnumDataType(typeof(Disposition))] Disposition? Disposition, [MaxLength(100_000)] string? Report = null,
    [MaxLength(20_000)] string? PlanForGp = null, DateOnly? FollowUpDueBy = null)
{
    public (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Others) Decide(Referral? referral, Guid? reportRef, Guid? planRef, Moment at)
    {
        if (referral?.Outcome is not null)
            throw new RuleBroken("OUTCOME_ALREADY_RETURNED", "The outcome of this referral was returned before.", new { state = referral.Status.ToString() });
        Referral.MayGo(referral, ReferralStatus.OutcomeReturned, ReferralStatus.InCare);
        return (
            [new OutcomeReturned(referral!.Id, Disposition!.Value, reportRef, planRef, FollowUpDueBy, at.Now.AddDays(at.Policy.AcknowledgeDays))],
            [new ReferralSettled(referral.Id, referral.Draft.Service)]);
    }
}

public static class ReturnOutcomeEndpoint
{
    public static void MapReturnOutcome(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/outcome", Handle).WithName(nameof(ReturnOutcome)).WithSummary("Return the outcome to the family doctor")
        .For(Role.Hospital);

    private static async Task<Decided> Handle(
        Guid referralId, ReturnOutcome command, HttpContext http, SlotsOfReferrals slots, ReferralLetters letters, CancellationToken ct)
    {
        var reportRef = await letters.Keep(referralId, ReferralLetters.Report, command.Report, ct);
        var planRef = await letters.Keep(referralId, ReferralLetters.Plan, command.PlanForGp, ct);
        return new(await slots.Execute(referralId, http.Envelope(), (referral, _, _, at) =>
        {
            var (own, others) = command.Decide(referral, reportRef, planRef, at);
            return (own, [], others);
        }, ct));
    }
}
