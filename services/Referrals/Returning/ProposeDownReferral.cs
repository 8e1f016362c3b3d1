using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Returning;

/// <summary>A hospital hands a stable or discharged patient back to his own team.</summary>
/// <param name="InstitutionId">The one nearest to where he lives: it takes whoever has no contract, and invites him to sign.</param>
public sealed record ProposeDownReferral(
    Guid? Id, [Required] Guid? ResidentId, [Required] Guid? HospitalId, Guid? UpReferralId = null, [MaxLength(100_000)] string? DischargeSummary = null,
    [CodeList] IReadOnlyList<string>? RedFlags = null, bool FamilyBedSuggested = false, Guid? InstitutionId = null)
{
    /// <summary>How long the team may leave it unanswered before its institution hears of it, and again the district.</summary>
    public static readonly TimeSpan AcceptWithin = TimeSpan.FromHours(48);

    /// <param name="up">The referral the patient came with, when one is named.</param>
    /// <param name="nearest">The institution that takes whoever has no contract, when one is named and known.</param>
    public IEnumerable<DomainEvent> Decide(
        Guid id, DownReferral? down, Referral? up, KnownContract? contract, InstitutionFacts? nearest, Guid? summaryRef, Moment at)
    {
        if (down is not null)
            return []; // proposing twice is proposing once
        if (up is not null && (up.Draft.ResidentId != ResidentId || up.HospitalId != HospitalId))
            throw new RuleBroken("RULE_VIOLATION", "The named referral did not bring this resident to this hospital.");
        if (nearest is { Status: "Active" } && !ReferralRight.Is(contract, ReferralPriority.Urgent, at))
        {
            return [new DownReferralProposed(id, ResidentId!.Value, null, 0, null, nearest.InstitutionId, nearest.DistrictCode, HospitalId!.Value,
                UpReferralId, summaryRef, RedFlags ?? [], FamilyBedSuggested, at.Now, at.Now + AcceptWithin,
                at.Now.AddHours(at.Policy.DischargeContactHours), InvitedToSign: true)];
        }
        // Care goes on in the grace after a contract's end, so the way back stays open too.
        var c = ReferralRight.Of(contract, ReferralPriority.Urgent, at);
        return [new DownReferralProposed(id, ResidentId!.Value, c.Facts.ContractId, c.Version, c.Facts.TeamId, c.Facts.InstitutionId,
            c.Facts.DistrictCode, HospitalId!.Value, UpReferralId, summaryRef, RedFlags ?? [], FamilyBedSuggested, at.Now,
            at.Now + AcceptWithin, at.Now.AddHours(at.Policy.DischargeContactHours))];
    }
}

public static class ProposeDownReferralEndpoint
{
    public static void MapProposeDownReferral(this IEndpointRouteBuilder routes) => routes
        .MapPost("/down-referrals", Handle).WithName(nameof(ProposeDownReferral)).WithSummary("Hand a patient back to his team").For(Role.Hospital).OnlyNames("residentId");

    private static async Task<Decided> Handle(
        ProposeDownReferral command, HttpContext http, Runner runner, IEventStore store, IdSource ids, ReferralLetters letters,
        Copies<KnownContract> contracts, Copies<InstitutionFacts> institutions, CancellationToken ct)
    {
        var (id, residentId) = (command.Id ?? ids.Next(), command.ResidentId!.Value);
        var contract = await contracts.Find(residentId, ct);
        var nearest = command.InstitutionId is { } near ? await institutions.Find(near, ct) : null;
        // Neither the resident of a referral nor the hospital that took him ever changes, so reading it here is enough.
        var up = command.UpReferralId is { } upId ? (await store.Load<Referral>(upId, ct)).State ?? throw new UnknownId() : null;
        var summaryRef = await letters.Keep(id, residentId, ReferralLetters.DischargeSummary, command.DischargeSummary, ct);
        return new(await runner.Execute<DownReferral>(id, http.Envelope(),
            (down, at) => command.Decide(id, down, up, contract, nearest, summaryRef, at), ct), $"/down-referrals/{id}");
    }
}
