using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;
using FamilyDoctor.Referrals.Viewing;

namespace FamilyDoctor.Referrals.Answering;

/// <summary>The city's working days changed: each hospital that has not answered yet gets as many as it was promised, and never less than until now.</summary>
public sealed class MoveClocks(Runner runner, PolicyBook book, IEventStore store, Copies<CalendarChanged> calendars, Rows<HospitalWorklist> desks)
{
    private const int Page = 200;

    public async Task Work(Envelope by, CancellationToken ct)
    {
        var (clocks, _) = await store.Load<OpenClocks>(OpenClocks.Stream, ct);
        foreach (var calendar in await calendars.All(ct))
            book.Learn(calendar.StreamVersion, new CalendarDays(calendar.Holidays, calendar.MakeUpDays));
        var (now, after) = (by with { OccurredAt = null }, Guid.Empty);
        while (await desks.Where($"id > $1 and task = 'Triage' and priority = 'Routine' order by id limit {Page}", ct, after) is { Count: > 0 } page)
        {
            await Task.WhenAll(page.Select(row => runner.Execute<Referral>(row.Id, now, (referral, at) => Decide(referral, at, book.At), ct)));
            after = page[^1].Id;
        }
        await runner.Execute<OpenClocks>(OpenClocks.Stream, now, (c, at) => OpenClocks.Follow(c, clocks!.CalendarVersion, at), ct);
    }

    /// <param name="then">Policy and calendar for a clock that started at another time.</param>
    public static IEnumerable<DomainEvent> Decide(Referral? referral, Moment at, Func<DateTimeOffset, Moment> then)
    {
        if (referral is not { Status: ReferralStatus.Submitted, EscalatesAt: { } due, ClockFrom: { } from })
            return [];
        var moved = ResponseClock.DueAt(referral.Draft.Priority, then(from));
        moved = moved > at.Now ? moved : at.Now;
        return moved == due ? [] : [new ReferralClockMoved(referral.Id, referral.OverdueLevel == 0 ? moved : referral.ResponseDueAt!.Value, moved)];
    }
}
