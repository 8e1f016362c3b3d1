using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;
using FamilyDoctor.Referrals.Viewing;

namespace FamilyDoctor.Referrals;

/// <summary>A hospital's service that may take somebody who got urgently worse.</summary>
/// <param name="ByAmbulance">No slot is asked for: it is an emergency.</param>
public sealed record GreenDoor(HospitalFacts Hospital, string Service, Guid BookId, bool ByAmbulance);

/// <summary>Where the green channel leads from a district today: first to the designated hospitals, then to those of the district, then to the others.</summary>
public sealed class GreenChannel(Copies<HospitalFacts> hospitals, Rows<QuotaDays> days, PolicyBook policies, TimeProvider clock)
{
    /// <summary>The doors to try, one after the other; the last is the ambulance's.</summary>
    public async Task<IReadOnlyList<GreenDoor>> Doors(string districtCode, CancellationToken ct)
    {
        var at = policies.At(clock.GetUtcNow());
        var known = await hospitals.All(ct);
        await days.UntilNow(ct); // nobody goes by ambulance because a slot is not on the list yet
        var withSlots = await days.Where(
            "service = any($1) and date = $2 and (urgent > urgent_taken or case when released then public > public_taken else family_doctor > family_doctor_taken end)",
            ct, at.Policy.GreenChannelServices.ToArray(), at.Today);
        return InOrder(known, [.. withSlots.Select(d => (d.HospitalId, d.Service, d.Id))], districtCode, at.Policy);
    }

    public static IReadOnlyList<GreenDoor> InOrder(
        IReadOnlyList<HospitalFacts> known, IReadOnlyList<(Guid HospitalId, string Service, Guid BookId)> withSlots, string districtCode, Policy policy)
    {
        var services = policy.GreenChannelServices.ToList();
        var designated = policy.GreenChannelHospitals.GetValueOrDefault(districtCode, []).ToList();
        List<HospitalFacts> near = [.. known
            .OrderBy(h => designated.IndexOf(h.HospitalId) is >= 0 and var place ? place : int.MaxValue)
            .ThenBy(h => h.DistrictCode == districtCode ? 0 : 1).ThenByDescending(h => h.Level).ThenBy(h => h.HospitalId)];
        var doors = near.SelectMany(h => withSlots.Where(s => s.HospitalId == h.HospitalId).OrderBy(s => services.IndexOf(s.Service))
            .Select(s => new GreenDoor(h, s.Service, s.BookId, ByAmbulance: false)));
        var ambulance = near.SelectMany(h => services.Where(h.Services.Contains).Select(s => (Hospital: h, Service: s)))
            .Concat(near.Select(h => (Hospital: h, Service: services.FirstOrDefault("emergency")))).Take(1)
            .Select(d => new GreenDoor(d.Hospital, d.Service, Ids.Of($"no quota:{d.Hospital.HospitalId}"), ByAmbulance: true));
        return [.. doors, .. ambulance];
    }
}
