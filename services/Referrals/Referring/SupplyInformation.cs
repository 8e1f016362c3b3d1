using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>The family doctor tells the hospital what was missing; its clock goes on from where it stood.</summary>
public sealed record SupplyInformation(
    [MaxLength(20_000)] string? ClinicalSummary = null, [CodeList] IReadOnlyList<string>? ConditionCodes = null)
{
    public IEnumerable<DomainEvent> Decide(Referral? referral, Guid? letterRef, Moment at)
    {
        if (referral is not { Status: ReferralStatus.InfoRequested, StandsSince: { } since, ResponseDueAt: { } due })
        {
            Going.May("referral", referral?.Status, ReferralStatus.InfoRequested, ReferralStatus.InfoRequested);
            return [];
        }
        if (letterRef is null && ConditionCodes is not { Count: > 0 })
            throw new RuleBroken("CHECKLIST_INCOMPLETE", "Nothing was told.", new { missing = new[] { "clinicalSummary", "conditionCodes" } });
        var priority = referral.Draft.Priority;
        return [new ReferralInformationSupplied(referral.Id, ConditionCodes ?? [], letterRef, at.Now, ResponseClock.GoesOn(due, since, priority, at),
            referral.EscalatesAt is { } escalates ? ResponseClock.GoesOn(escalates, since, priority, at) : null)];
    }
}

public static class SupplyInformationEndpoint
{
    public static void MapSupplyInformation(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/information", Handle).WithName(nameof(SupplyInformation)).WithSummary("Tell the hospital what was missing")
        .For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid referralId, SupplyInformation command, HttpContext http, Runner runner, ReferralLetters letters, WhoSeesToIt who, CancellationToken ct)
    {
        var letterRef = await letters.Keep(referralId, ReferralLetters.ClinicalSummary, command.ClinicalSummary, ct);
        return new(await runner.Execute<Referral>(referralId, await who.OnReferral(referralId, http.Envelope(), ct), (referral, at) => command.Decide(referral, letterRef, at), ct));
    }
}
