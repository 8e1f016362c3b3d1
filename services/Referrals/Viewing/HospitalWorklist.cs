using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;

namespace FamilyDoctor.Referrals.Viewing;

[JsonConverter(typeof(JsonStringEnumConverter<DeskTask>))]
public enum DeskTask { None, Triage, Waitlist, Confirm, Arrival, Outcome }

/// <summary>What a hospital's referral desk has to do, the least time left first.</summary>
public sealed record HospitalWorklist(
    Guid Id, Guid HospitalId, Guid ResidentId, string Number, string Service, ReferralPriority Priority, DeskTask Task, DateTimeOffset DueAt,
    DateTimeOffset ResponseDueAt, DateTimeOffset? SlotStart, int OverdueLevel) : IRow<HospitalWorklist>, IWork
{
    static int IRow<HospitalWorklist>.Version => 4;

    public static IEnumerable<string> Indexes => ["hospital_id, due_at, id"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Event
        is ReferralDrafted or ReferralSlotHeld or ReferralSubmitted or ReferralFastTracked or ReferralAccepted or ReferralScheduled or ReferralOverdue
        or ReferralReturnedForInformation or ReferralInformationSupplied or ReferralWaitlisted or ReferralRedirected or ReferralRescheduled
        or ReferralRebookRequired or ReferralClockMoved or PatientArrived or ReferralDeclined or ReferralAdvised or ReferralNoShow or OutcomeReturned or ReferralClosed
        or ReferralCancelled ? [recorded.StreamId] : [];

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
        ({ } r, ReferralReturnedForInformation or ReferralRebookRequired or ReferralNoShow) => r with { Task = DeskTask.None, SlotStart = null },
        ({ } r, ReferralInformationSupplied e) => r with { Task = DeskTask.Triage, DueAt = e.ResponseDueAt, ResponseDueAt = e.ResponseDueAt },
        ({ } r, ReferralWaitlisted e) => r with { Task = DeskTask.Waitlist, DueAt = e.EscalatesAt, SlotStart = null, OverdueLevel = 0 },
        ({ } r, ReferralRedirected e) => r with
        {
            HospitalId = e.ToHospital,
            DueAt = e.NewDueAt,
            ResponseDueAt = e.NewDueAt,
            SlotStart = null,
            OverdueLevel = 0,
        },
        ({ } r, ReferralRescheduled { ResponseDueAt: { } due } e) => r with
        {
            Task = DeskTask.Triage,
            DueAt = due,
            ResponseDueAt = due,
            SlotStart = e.Start,
            OverdueLevel = 0,
        },
        ({ } r, ReferralRescheduled e) => r with { Task = DeskTask.Arrival, DueAt = e.Start, SlotStart = e.Start },
        ({ Task: DeskTask.Triage } r, ReferralClockMoved e) => r with { DueAt = e.ResponseDueAt, ResponseDueAt = e.ResponseDueAt },
        ({ } r, PatientArrived e) => r with { Task = DeskTask.Outcome, DueAt = e.OutcomeDueAt },
        ({ } r, ReferralCancelled { Reason: EndedByDeath.Reason }) => r with { Task = DeskTask.None, SlotStart = null }, // it may have been told in error
        (_, ReferralDeclined or ReferralAdvised or OutcomeReturned or ReferralClosed or ReferralCancelled) => null,
        _ => row,
    };
}

public static class HospitalWorklistEndpoint
{
    public static void MapHospitalWorklist(this IEndpointRouteBuilder routes) => routes
        .MapGet("/worklists/hospital", Handle).WithName(nameof(HospitalWorklist)).WithSummary("What a hospital's referral desk has to do")
        .For(Role.Hospital, Role.Commission, Role.Service);

    private static Task<WorkPage<HospitalWorklist>> Handle(
        Guid hospitalId, Rows<HospitalWorklist> rows, CancellationToken ct, string? after = null, DeskTask? task = null, int limit = 100) =>
        rows.Page("hospital_id = $1 and ($2 = '' or task = $2)", after, limit, ct, hospitalId, task?.ToString() ?? "");
}
