using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Viewing;

/// <summary>How many slots a hospital's large device has on a day, and how many are taken.</summary>
/// <param name="Slots">Without those that were withdrawn.</param>
public sealed record ExamDays(
    Guid Id, Guid HospitalId, string Modality, DateOnly Date, DateTimeOffset FirstSlot, int SlotMinutes, int Slots, int Taken, int Withdrawn) : IRow<ExamDays>
{
    static int IRow<ExamDays>.Version => 2;

    public static IEnumerable<string> Indexes => ["hospital_id, modality, date"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event is ExamBookOpened or ExamSlotTaken or ExamSlotFreed or ExamSlotsWithdrawn ? [recorded.StreamId] : [];

    public static ExamDays? Evolve(ExamDays? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, ExamBookOpened e) => new(id, e.HospitalId, e.Modality, e.Date, e.FirstSlot, e.SlotMinutes, e.Slots, 0, 0),
        ({ } r, ExamSlotTaken) => r with { Taken = r.Taken + 1 },
        ({ } r, ExamSlotFreed) => r with { Taken = r.Taken - 1 },
        ({ } r, ExamSlotsWithdrawn e) => r with { Slots = r.Slots - e.Slots.Count, Taken = r.Taken - e.Taken, Withdrawn = r.Withdrawn + e.Slots.Count },
        _ => row,
    };
}

public sealed record ExamDaysPage(IReadOnlyList<ExamDays> Items);

public static class ExamDaysEndpoint
{
    public static void MapExamDays(this IEndpointRouteBuilder routes) => routes
        .MapGet("/exam-books", Handle).WithName(nameof(ExamDays)).WithSummary("A large device's slots, day by day")
        .For(Role.Clinic, Role.Hospital, Role.Commission, Role.Service);

    private static async Task<ExamDaysPage> Handle(
        Guid hospitalId, string modality, DateOnly from, DateOnly to, Rows<ExamDays> rows, CancellationToken ct) =>
        new(await rows.Where("hospital_id = $1 and modality = $2 and date between $3 and $4 order by date limit 200", ct, hospitalId, modality, from, to));

    /// <summary>The next days with a free slot.</summary>
    public static async Task<IReadOnlyList<DateOnly>> NextDates(
        this Rows<ExamDays> rows, Guid hospitalId, string modality, DateOnly after, CancellationToken ct) =>
        [.. (await rows.Where("hospital_id = $1 and modality = $2 and date > $3 and slots > taken order by date limit 5", ct, hospitalId, modality, after))
            .Select(r => r.Date)];
}
