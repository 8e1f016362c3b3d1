using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>The resident needs something else of the same service: it goes with the referral under way, not with a second one.</summary>
public sealed record MergeIntoReferral(
    [Required, Code] string? ReasonCode, [CodeList] IReadOnlyList<string>? ConditionCodes = null, [MaxLength(20_000)] string? ClinicalSummary = null)
{
    public IEnumerable<DomainEvent> Decide(Referral? referral, Guid? letterRef)
    {
        ReferralStatus[] underWay = [.. Referral.BeforeArrival.Where(s => s is not ReferralStatus.Prefilled)];
        if (referral is null || !underWay.Contains(referral.Status))
            Going.May("referral", referral?.Status, ReferralStatus.Draft, underWay);
        return [new ReferralMerged(referral!.Id, ReasonCode!, ConditionCodes ?? [], letterRef)];
    }
}

public static class MergeIntoReferralEndpoint
{
    public static void MapMergeIntoReferral(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/merger", Handle).WithName(nameof(MergeIntoReferral)).WithSummary("Add to a referral under way")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid referralId, MergeIntoReferral command, HttpContext http, Runner runner, ReferralLetters letters, WhoSeesToIt who, CancellationToken ct)
    {
        var letterRef = await letters.Keep(referralId, ReferralLetters.ClinicalSummary, command.ClinicalSummary, ct);
        return new(await runner.Execute<Referral>(referralId, await who.OnReferral(referralId, http.Envelope(), ct), (referral, _) => command.Decide(referral, letterRef), ct));
    }
}
