using FamilyDoctor.EventSourcing;
using FamilyDoctor.Referrals.Viewing;

namespace FamilyDoctor.Referrals;

/// <summary>What else there is when a day is full: other days, other hospitals, and how many wait already.</summary>
public sealed class FreeSlots(IEventStore store, Rows<QuotaDays> days, Rows<HospitalWorklist> desks)
{
    public async Task<RuleBroken> Instead(RuleBroken full, Guid referralId, DateOnly date, CancellationToken ct)
    {
        var (referral, _) = await store.Load<Referral>(referralId, ct);
        var (hospital, service) = (referral!.HospitalId, referral.Draft.Service);
        return new(full.Code, full.Message, new
        {
            date,
            nextDates = await days.NextDates(hospital, service, date, ct),
            otherHospitals = await days.OtherHospitals(hospital, service, date, ct),
            waitlist = (await desks.Query("select count(*) from {view} where hospital_id = $1 and service = $2 and task = 'Waitlist'",
                row => row.GetInt64(0), ct, hospital, service))[0],
        });
    }
}
