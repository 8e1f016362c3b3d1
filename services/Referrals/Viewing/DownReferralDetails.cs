using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Viewing;

/// <summary>A patient's way back as it stands this moment.</summary>
public sealed record DownReferralDetails(
    Guid DownReferralId, string Number, Guid ResidentId, Guid? ContractId, Guid? TeamId, Guid InstitutionId, string DistrictCode, Guid HospitalId,
    Guid? UpReferralId, DownReferralStatus Status, Guid OwnerOrganizationId, IReadOnlyList<string> RedFlags, bool FamilyBedSuggested,
    Guid? DischargeSummaryRef, DateTimeOffset ProposedAt, DateTimeOffset AcceptBy, DateTimeOffset ContactDueAt, DateTimeOffset? ContactedAt,
    int OverdueLevel, bool InvitedToSign, IReadOnlyList<Guid> DeclinedBy, long Version);

public static class DownReferralDetailsEndpoint
{
    public static void MapDownReferralDetails(this IEndpointRouteBuilder routes) => routes
        .MapGet("/down-referrals/{downReferralId:guid}", Handle).WithName(nameof(DownReferralDetails)).WithSummary("A down-referral")
        .For(Role.Clinic, Role.Hospital, Role.Commission, Role.Service);

    private static async Task<DownReferralDetails> Handle(Guid downReferralId, HttpContext http, IEventStore store, CancellationToken ct)
    {
        var (down, version) = await store.Load<DownReferral>(downReferralId, ct);
        if (down is not { Proposal: var p })
            throw new UnknownId();
        http.Response.Headers.ETag = $"\"{version}\"";
        return new(p.DownReferralId, Ids.Human('R', p.DownReferralId), p.ResidentId, p.ContractId, down.TeamId, down.InstitutionId, down.DistrictCode,
            p.HospitalId,
            p.UpReferralId, down.Status, down.OwnerOrganizationId, p.RedFlags, p.FamilyBedSuggested, p.DischargeSummaryRef, p.ProposedAt, p.AcceptBy,
            p.ContactWithin, down.ContactedAt, down.OverdueLevel, p.InvitedToSign, down.Declined, version);
    }
}
