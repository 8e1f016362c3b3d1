using System.ComponentModel.DataAnnotations;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Referrals.Returning;

/// <summary>The team has seen or spoken to the patient who came back.</summary>
public sealed record RecordFirstContact([Required, EnumDataType(typeof(ContactMode))] ContactMode? Mode)
{
    public IEnumerable<DomainEvent> Decide(DownReferral? down, Moment at)
    {
        if (down is { ContactedAt: not null })
            return []; // there is only one first contact
        if (down?.Status is not DownReferralStatus.FollowUpScheduled)
            Going.May("down-referral", down?.Status, DownReferralStatus.FollowUpScheduled, DownReferralStatus.FollowUpScheduled);
        return [new FirstContactMade(down!.Proposal.DownReferralId, Mode!.Value, at.Now)];
    }
}

public static class RecordFirstContactEndpoint
{
    public static void MapRecordFirstContact(this IEndpointRouteBuilder routes) => routes
        .MapPost("/down-referrals/{downReferralId:guid}/first-contact", Handle).WithName(nameof(RecordFirstContact))
        .WithSummary("Record the first contact after the hospital").For(Role.Clinic);

    private static async Task<Decided> Handle(
        Guid downReferralId, RecordFirstContact command, HttpContext http, Runner runner, WhoSeesToIt who, CancellationToken ct) =>
        new(await runner.Execute<DownReferral>(downReferralId, await who.OnDownReferral(downReferralId, http.Envelope(), ct), command.Decide, ct));
}
