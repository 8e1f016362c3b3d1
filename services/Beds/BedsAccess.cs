using FamilyDoctor.Beds.Viewing;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Beds;

/// <summary>Who reaches which row of this service: the institution whose bed, visit or offer it is, the one that has the resident now, and he himself.</summary>
public static class BedsAccess
{
    public static Access Table { get; } = new Access()
        .Resident(OfResident)
        .Row<FamilyBed>("bedId", b => new(b.Request.ResidentId, [b.Request.InstitutionId], OrWho: true))
        .Row<HomeVisit>("visitId", v => new(v.Plan.ResidentId, [v.Plan.InstitutionId], OrWho: true))
        .Row<DischargeBedOffer>("offerId", o => new(o.Offer.ResidentId, [o.Offer.InstitutionId], OrWho: true))
        .Row("practitionerId", OfPractitioner)
        .Place("institutionId", Role.Clinic, Access.Itself)
        .HistoryOf<BedCapacity>(c => new(null, [c.InstitutionId]))
        .Histories()
        .Names("after", "reference", "by", "gpId", "nurseId", "reviewedBy", "teamId", "referralId", "downReferralId", "summaryRef");

    private static async Task<Whose?> OfResident(IServiceProvider services, Guid residentId, CancellationToken ct)
    {
        if (await services.GetRequiredService<Copies<CareContract>>().Find(residentId, ct) is { } contract)
            return new(residentId, [contract.Facts.InstitutionId], IsFree: !contract.IsCurrent);
        var (beds, _) = await services.GetRequiredService<IEventStore>().Load<ResidentBeds>(ResidentBeds.StreamOf(residentId), ct);
        return beds is null ? null : new(residentId, [], IsFree: true);
    }

    /// <summary>The institutions for which he makes visits.</summary>
    private static async Task<Whose?> OfPractitioner(IServiceProvider services, Guid practitionerId, CancellationToken ct) =>
        new(null, await services.GetRequiredService<Rows<VisitsOfPractitioner>>().Query(
            "select distinct institution_id from {view} where practitioner_id = $1 or responsible = $1", row => row.GetGuid(0), ct, practitionerId));
}
