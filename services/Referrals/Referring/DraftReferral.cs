using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Referring;

/// <summary>A family doctor begins to send a resident to a hospital.</summary>
/// <param name="Id">Also of what a consultation prefilled: that is completed so.</param>
public sealed record DraftReferral(
    Guid? Id, [Required] Guid? ResidentId, [Required] Guid? HospitalId, [Required, Code] string? Service,
    [Required, EnumDataType(typeof(ReferralPriority))] ReferralPriority? Priority, [Required, Code] string? ReasonCode,
    [CodeList] IReadOnlyList<string>? ConditionCodes = null, [MaxLength(20_000)] string? ClinicalSummary = null, [Code] string? SkipLevelReason = null,
    [Code] string? DuplicateReason = null)
{
    // Who may go to a big hospital without a reason to skip the one between.
    private static readonly string[] FreeToChoose = ["elderly", "child0to6", "pregnantPostpartum", "severeMentalDisorder"];

    public (IEnumerable<DomainEvent> Referral, IEnumerable<DomainEvent> Others) Decide(
        Guid id, Referral? referral, ResidentReferrals? others, KnownContract? contract, TeamFacts? team, HospitalFacts? hospital, Guid? summaryRef,
        Actor by, Moment at)
    {
        if (referral is not null and not { Status: ReferralStatus.Prefilled })
            return ([], []); // drafting twice is drafting once
        if (referral is not null && referral.Draft.ResidentId != ResidentId)
            throw new RuleBroken("RULE_VIOLATION", "What a consultation prefilled is another resident's.");
        var priority = Priority!.Value;
        var isEmergency = priority is ReferralPriority.Emergency;
        var right = isEmergency && contract is not null ? contract : ReferralRight.Of(contract, priority, at);
        if (!isEmergency)
            ReferralRight.OfDoctor(by, right.Facts, team);
        if (hospital is null || !hospital.Services.Contains(Service!))
            throw new RuleBroken("SERVICE_NOT_OFFERED", "This hospital does not offer the service.", new { hospital?.Services });
        if (priority is ReferralPriority.Routine && hospital.Level >= 3 && SkipLevelReason is null
            && !right.Facts.PriorityGroups.Any(FreeToChoose.Contains))
            throw new RuleBroken("LEVEL_SKIP_REASON_REQUIRED", "Passing over the hospitals between needs a reason.", new { hospital.Level });

        var duplicateOf = ResidentReferrals.UnderWay(others, Service!);
        var opened = ResidentReferrals.Opened(others, id, Service!, DuplicateReason);
        var c = right.Facts;
        return ([new ReferralDrafted(id, "up", c.ResidentId, c.Status is "Active" or "InGrace" ? c.ContractId : null, right.Version, c.TeamId,
            c.InstitutionId, c.DistrictCode, hospital.HospitalId, Service!, priority, ReasonCode!, ConditionCodes ?? [], SkipLevelReason, summaryRef,
            hospital.Level, duplicateOf, duplicateOf is null ? null : DuplicateReason)], [opened]);
    }
}

public static class DraftReferralEndpoint
{
    public static void MapDraftReferral(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals", Handle).WithName(nameof(DraftReferral)).WithSummary("Begin a referral to a hospital").For(Role.Clinic);

    private static async Task<Decided> Handle(
        DraftReferral command, HttpContext http, Runner runner, IdSource ids, ReferralLetters letters, Copies<KnownContract> contracts,
        Copies<TeamFacts> teams, Copies<HospitalFacts> hospitals, WhoSeesToIt who, CancellationToken ct)
    {
        var (id, residentId, envelope) = (command.Id ?? ids.Next(), command.ResidentId!.Value, http.Envelope());
        var contract = await contracts.Find(residentId, ct);
        var team = contract is null ? null : await teams.Find(contract.Facts.TeamId, ct);
        envelope = team is null ? envelope : await who.Acting(envelope, team.TeamId, ct);
        var hospital = await hospitals.Find(command.HospitalId!.Value, ct);
        var summaryRef = await letters.Keep(id, residentId, ReferralLetters.ClinicalSummary, command.ClinicalSummary, ct);
        return new(await runner.Execute<Referral, ResidentReferrals>(id, ResidentReferrals.StreamOf(residentId), envelope,
            (referral, others, at) => command.Decide(id, referral, others, contract, team, hospital, summaryRef, envelope.Actor, at), ct),
            $"/referrals/{id}");
    }
}
