using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;

namespace FamilyDoctor.Referrals;

/// <summary>Who reaches which row of this service: the institution whose case it is, and the hospitals it was sent to.</summary>
public static class ReferralsAccess
{
    public static Access Table { get; } = new Access()
        .Resident(OfResident)
        .Row<Referral>("referralId", Of)
        .Row<Referral>("upReferralId", Of)
        .Row<DownReferral>("downReferralId", Of)
        .Row<Exam>("examId", Of)
        .HistoryOf<QuotaBook>(q => new(null, [q.HospitalId])).HistoryOf<ExamBook>(b => new(null, [b.HospitalId]))
        .Histories()
        .Place("quotaId", Role.Hospital, async (services, id, ct) => (await services.GetRequiredService<IEventStore>().Load<QuotaBook>(id, ct)).State?.HospitalId)
        .Place("bookId", Role.Hospital, async (services, id, ct) => (await services.GetRequiredService<IEventStore>().Load<ExamBook>(id, ct)).State?.HospitalId)
        .Place("teamId", Role.Clinic, async (services, id, ct) => (await services.GetRequiredService<Copies<TeamFacts>>().Find(id, ct))?.InstitutionId)
        .Place("institutionId", Role.Clinic, Access.Itself)
        .Place("hospitalId", Role.Hospital, Access.Itself)
        .Names("practitionerId", "reference", "deviceId", "duplicateOf", "redirectTo");

    /// <summary>What was not sent yet is the institution's alone.</summary>
    private static Whose Of(Referral r) => new(r.Draft.ResidentId,
        r.SubmittedAt is null ? [r.Draft.FromOrg] : [r.Draft.FromOrg, r.HospitalId, .. r.Redirection?.Before ?? []]);

    private static Whose Of(DownReferral d) =>
        new(d.Proposal.ResidentId, [d.InstitutionId, d.OwnerOrganizationId, d.Proposal.HospitalId, .. d.Declined]);

    private static Whose Of(Exam x) => new(x.Request.ResidentId, [x.Request.InstitutionId, x.Request.HospitalId]);

    private static async Task<Whose?> OfResident(IServiceProvider services, Guid residentId, CancellationToken ct)
    {
        if ((await services.GetRequiredService<Copies<KnownContract>>().Find(residentId, ct))?.Facts is { } contract)
            return new(residentId, [contract.InstitutionId], IsFree: contract.Status is not ("Active" or "InGrace" or "AwaitingReassignment"));
        var (cases, _) = await services.GetRequiredService<IEventStore>().Load<ResidentReferrals>(ResidentReferrals.StreamOf(residentId), ct);
        return cases is null ? null : new(residentId, [], IsFree: true);
    }
}
