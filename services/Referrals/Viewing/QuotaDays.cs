using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Viewing;

/// <summary>How many slots of a service a hospital has on a day, and how many are taken, by pool.</summary>
public sealed record QuotaDays(
    Guid Id, Guid HospitalId, string Service, DateOnly Date, DateTimeOffset FirstSlot, int SlotMinutes, int FamilyDoctor, int Urgent, int Public,
    int FamilyDoctorTaken, int UrgentTaken, int PublicTaken, bool Released, DateTimeOffset ReleaseAt, int Withdrawn) : IRow<QuotaDays>
{
    static int IRow<QuotaDays>.Version => 2;

    public static IEnumerable<string> Indexes => ["hospital_id, service, date", "service, date"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is QuotaPublished or SlotHeld or SlotHoldExpired or SlotReleased or PoolReleasedToPublic or SlotsWithdrawn ? [recorded.StreamId] : [];

    public static QuotaDays? Evolve(QuotaDays? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, QuotaPublished e) => new(id, e.HospitalId, e.Service, e.Date, e.FirstSlot, e.SlotMinutes, e.Pools.FamilyDoctor, e.Pools.Urgent, e.Pools.Public,
            0, 0, 0, false, e.ReleaseAt, 0),
        ({ } r, SlotHeld e) => r.Take(e.Pool, 1),
        ({ } r, SlotHoldExpired e) => r.Take(e.Pool, -1),
        ({ } r, SlotReleased e) => r.Take(e.Pool, -1),
        ({ } r, PoolReleasedToPublic e) => r with { Released = true, FamilyDoctor = r.FamilyDoctor - e.Count, Public = r.Public + e.Count },
        ({ } r, SlotsWithdrawn e) => r with
        {
            FamilyDoctor = r.FamilyDoctor - e.Pools.FamilyDoctor,
            Urgent = r.Urgent - e.Pools.Urgent,
            Public = r.Public - e.Pools.Public,
            FamilyDoctorTaken = r.FamilyDoctorTaken - e.Taken.FamilyDoctor,
            UrgentTaken = r.UrgentTaken - e.Taken.Urgent,
            PublicTaken = r.PublicTaken - e.Taken.Public,
            Withdrawn = r.Withdrawn + e.Slots.Count,
        },
        _ => row,
    };

    private QuotaDays Take(Pool pool, int slots) => pool switch
    {
        Pool.FamilyDoctor => this with { FamilyDoctorTaken = FamilyDoctorTaken + slots },
        Pool.Urgent => this with { UrgentTaken = UrgentTaken + slots },
        _ => this with { PublicTaken = PublicTaken + slots },
    };
}

public sealed record QuotaPage(IReadOnlyList<QuotaDays> Items);

/// <summary>A hospital that has a slot on the same day.</summary>
public sealed record OtherHospital(Guid HospitalId, DateOnly Date);

public static class QuotaDaysEndpoint
{
    private const string HasFree = "(case when released then public > public_taken else family_doctor > family_doctor_taken end)";

    public static void MapQuotaDays(this IEndpointRouteBuilder routes) => routes
        .MapGet("/quotas", Handle).WithName(nameof(QuotaDays)).WithSummary("A hospital's slots of a service, day by day")
        .Public(Role.Clinic, Role.Hospital, Role.Commission, Role.Service);

    private static async Task<QuotaPage> Handle(
        Guid hospitalId, string service, DateOnly from, DateOnly to, Rows<QuotaDays> rows, CancellationToken ct) =>
        new(await rows.Where("hospital_id = $1 and service = $2 and date between $3 and $4 order by date limit 200", ct, hospitalId, service, from, to));

    /// <summary>The next days on which a family doctor would find a slot.</summary>
    public static async Task<IReadOnlyList<DateOnly>> NextDates(
        this Rows<QuotaDays> rows, Guid hospitalId, string service, DateOnly after, CancellationToken ct) =>
        [.. (await rows.Where($"hospital_id = $1 and service = $2 and date > $3 and {HasFree} order by date limit 5", ct, hospitalId, service, after))
            .Select(r => r.Date)];

    /// <summary>Other hospitals with a slot within a week.</summary>
    public static async Task<IReadOnlyList<OtherHospital>> OtherHospitals(
        this Rows<QuotaDays> rows, Guid hospitalId, string service, DateOnly from, CancellationToken ct) =>
        [.. (await rows.Where($"hospital_id <> $1 and service = $2 and date between $3 and $4 and {HasFree} order by date, hospital_id limit 50", ct,
            hospitalId, service, from, from < DateOnly.MaxValue.AddDays(-7) ? from.AddDays(7) : from))
            .DistinctBy(r => r.HospitalId).Take(5).Select(r => new OtherHospital(r.HospitalId, r.Date))];
}
