using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Returning;

/// <summary>The patient is at the hospital, perhaps to stay.</summary>
public sealed record RecordArrival([Required] bool? Admitted)
{
    public IEnumerable<DomainEvent> Decide(Referral? referral, Moment at)
    {
        if (!Referral.MayGo(referral, ReferralStatus.InCare, ReferralStatus.Scheduled))
            return [];
        return referral!.ValidTo >= at.Today
            ? [new PatientArrived(referral.Id, at.Now, Admitted!.Value, at.Now.AddDays(at.Policy.OutcomeDueDays))]
            : throw new RuleBroken("AUTHORISATION_EXPIRED", "The referral's number is no longer valid.", new { referral.ValidTo });
    }
}

public static class RecordArrivalEndpoint
{
    public static void MapRecordArrival(this IEndpointRouteBuilder routes) => routes
        .MapPost("/referrals/{referralId:guid}/arrival", Handle).WithName(nameof(RecordArrival)).WithSummary("The patient arrived").For(Role.Hospital);

    private static async Task<Decided> Handle(Guid referralId, RecordArrival command, HttpContext http, Runner runner, CancellationToken ct) =>
        new(await runner.Execute<Referral>(referralId, http.Envelope(), command.Decide, ct));
}
