using System.Globalization;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Viewing;

[JsonConverter(typeof(JsonStringEnumConverter<DeskTask>))]
public enum DeskTask { None, Triage, Confirm, Arrival, Outcome }

/// <summary>What a hospital's referral desk has to do, the least time left first.</summary>
public sealed record HospitalWorklist(
    Guid Id, Guid HospitalId, Guid ResidentId, string Number, string Service, ReferralPriority Priority, DeskTask Task, DateTimeOffset DueAt,
    DateTimeOffset ResponseDueAt, DateTimeOffset? SlotStart, int OverdueLevel) : IRow<HospitalWorklist>
{
    static int IRow<HospitalWorklist>.Version => 2;

    public static IEnumerable<string> Indexes => ["hospital_id, due_at, id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is ReferralDrafted or ReferralSlotHeld or ReferralSubmitted or ReferralFastTracked or ReferralAccepted or ReferralScheduled or ReferralOverdue
        or ReferralClockMoved or PatientArrived or ReferralDeclined or ReferralNoShow or OutcomeReturned or ReferralCancelled ? [recorded.StreamId] : [];

    public static HospitalWorklist? Evolve(HospitalWorklist? row, Guid id, Recorded recorded) => (row, recorded.Event) switch
    {
        (_, ReferralDrafted e) => new(id, e.HospitalId, e.ResidentId, Ids.Human('R', id), e.Service, e.Priority, DeskTask.None, recorded.OccurredAt,
            recorded.OccurredAt, null, 0),
        ({ } r, ReferralSlotHeld e) => r with { SlotStart = e.Start },
        ({ } r, ReferralSubmitted e) => r with { Task = DeskTask.Triage, DueAt = e.ResponseDueAt, ResponseDueAt = e.ResponseDueAt },
        ({ } r, ReferralFastTracked e) => r with { Task = DeskTask.Confirm, SlotStart = e.SlotStart },
        // A confirmed bay has no time of its own: the patient is on his way.
        ({ Task: DeskTask.Confirm } r, ReferralAccepted) => r with { Task = DeskTask.Arrival, DueAt = r.SlotStart ?? r.ResponseDueAt },
        ({ } r, ReferralScheduled e) => r with { Task = DeskTask.Arrival, DueAt = e.Start, SlotStart = e.Start },
        ({ } r, ReferralOverdue e) => r with { OverdueLevel = e.Level },
        ({ Task: DeskTask.Triage } r, ReferralClockMoved e) => r with { DueAt = e.ResponseDueAt, ResponseDueAt = e.ResponseDueAt },
        ({ } r, PatientArrived e) => r with { Task = DeskTask.Outcome, DueAt = e.OutcomeDueAt },
        (_, ReferralDeclined or ReferralNoShow or OutcomeReturned or ReferralCancelled) => null,
        _ => row,
    };
}

/// <param name="Next">Ask again with after=Next; null at the end.</param>
public sealed record WorklistPage(IReadOnlyList<HospitalWorklist> Items, string? Next);

public static class HospitalWorklistEndpoint
{
    public static void MapHospitalWorklist(this IEndpointRouteBuilder routes) => routes
        .MapGet("/worklists/hospital", Handle).WithName(nameof(HospitalWorklist)).WithSummary("What a hospital's referral desk has to do")
        .For(Role.Hospital, Role.Commission, Role.Service);

    private static async Task<WorklistPage> Handle(
        Guid hospitalId, Rows<HospitalWorklist> rows, CancellationToken ct, string? after = null, DeskTask? task = null, int limit = 100)
    {
        limit = Math.Clamp(limit, 1, 200);
        var (dueAt, id) = Position(after);
        var items = await rows.Where($"hospital_id = $1 and task <> 'None' and (due_at, id) > ($2, $3) and ($4 = '' or task = $4) order by due_at, id limit {limit}",
            ct, hospitalId, dueAt, id, task?.ToString() ?? "");
        return new(items, items.Count == limit ? $"{items[^1].DueAt.UtcTicks}.{items[^1].Id:N}" : null);
    }

    private static (DateTimeOffset DueAt, Guid Id) Position(string? after)
    {
        if (after is null)
            return (DateTimeOffset.UnixEpoch, Guid.Empty);
        var parts = after.Split('.');
        return parts.Length == 2 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var ticks) && Guid.TryParse(parts[1], out var id)
            && ticks >= DateTimeOffset.UnixEpoch.Ticks && ticks < DateTimeOffset.MaxValue.Ticks
            ? (new DateTimeOffset(ticks, TimeSpan.Zero), id)
            : throw new BadHttpRequestException("after must be the Next of a page.");
    }
}
