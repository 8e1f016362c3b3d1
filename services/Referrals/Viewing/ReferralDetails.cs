using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Viewing;

/// <summary>A referral as it stands this moment.</summary>
/// <param name="Insurer">Null until the insurer has said whether it pays its share.</param>
public sealed record ReferralDetails(
    Guid ReferralId, string Number, Guid ResidentId, Guid? ContractId, Guid TeamId, Guid InstitutionId, string DistrictCode, Guid HospitalId,
    string Service, ReferralPriority Priority, ReferralStatus Status, Guid OwnerOrganizationId, string Reason, IReadOnlyList<string> ConditionCodes,
    Guid? ClinicalSummaryRef, DateOnly? SlotDate, DateTimeOffset? SlotStart, DateTimeOffset? SubmittedAt, DateTimeOffset? ResponseDueAt,
    DateTimeOffset? RespondedAt, int OverdueLevel, bool FastTracked, DateOnly? ValidTo, DateTimeOffset? ArrivedAt, bool Admitted,
    Disposition? Disposition, Guid? AdviceRef, Guid? ReportRef, Guid? PlanForGpRef, DateOnly? FollowUpDueBy, DateTimeOffset? AcknowledgeBy,
    DateOnly? TargetBy, int Rebookings, IReadOnlyList<Guid> SentOnBy, IReadOnlyList<Guid> Letters, Guid? DuplicateOf, InsurerAnswer? Insurer,
    long Version);

public static class ReferralDetailsEndpoint
{
    public static void MapReferralDetails(this IEndpointRouteBuilder routes) => routes
        .MapGet("/referrals/{referralId:guid}", Handle).WithName(nameof(ReferralDetails)).WithSummary("A referral")
        .For(Role.Clinic, Role.Hospital, Role.Commission, Role.Service);

    private static async Task<ReferralDetails> Handle(Guid referralId, HttpContext http, IEventStore store, CancellationToken ct)
    {
        var (referral, version) = await store.Load<Referral>(referralId, ct);
        if (referral is not { Draft: var d } r)
            throw new UnknownId();
        http.Response.Headers.ETag = $"\"{version}\"";
        return new(r.Id, r.Number, d.ResidentId, d.ContractId, d.TeamId, d.FromOrg, d.DistrictCode, r.HospitalId, d.Service, d.Priority, r.Status,
            r.OwnerOrganizationId, d.Reason, r.ConditionCodes, d.ClinicalSummaryRef, r.Slot?.Date, r.Slot?.Start, r.SubmittedAt, r.ResponseDueAt,
            r.RespondedAt, r.OverdueLevel, r.FastTracked, r.ValidTo, r.ArrivedAt, r.Admitted, r.Outcome?.Disposition, r.AdviceRef,
            r.Outcome?.ReportRef, r.Outcome?.PlanForGpRef, r.Outcome?.FollowUpDueBy, r.Outcome?.AcknowledgeBy,
            r.TargetBy, r.Rebookings, r.Redirection?.Before ?? [], r.Letters, d.DuplicateOf, r.Insurer, version);
    }
}
