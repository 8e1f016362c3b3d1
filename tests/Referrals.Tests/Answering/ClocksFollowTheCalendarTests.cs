using System.Net.Http.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;
using FamilyDoctor.Referrals.Answering;
using FamilyDoctor.Referrals.Viewing;
using FamilyDoctor.Testing;
using Microsoft.Extensions.DependencyInjection;
using static FamilyDoctor.Referrals.Tests.Sample;

namespace FamilyDoctor.Referrals.Tests.Answering;

/// <summary>A hospital has three working days to answer; when the city changes which days those are, the clocks that run follow.</summary>
public sealed class MoveClocksTests
{
    private static readonly CalendarDays Days = CalendarDays.Sample;

    /// <summary>Sent on Tuesday 2025-09-30 at 16:00; with the holiday of October it is due on Saturday the 11th.</summary>
    private static readonly DomainEvent[] History =
    [
        Drafted(), Chosen, Submitted with { At = Time("2025-09-30 16:00"), ResponseDueAt = Time("2025-10-11 16:00") },
    ];

    [Fact]
    public void Nothing_moves_while_the_days_stay() => Moving("2025-10-01 09:00", Days, History).ThenNothing();

    [Theory]
    [InlineData("2025-10-09", "", "2025-10-13 16:00")] // one more day off: over the Sunday to Monday
    [InlineData("2025-10-09,2025-10-10", "", "2025-10-14 16:00")]
    [InlineData("", "2025-10-12", null)] // a Sunday that is worked, but after the due day
    [InlineData("", "2025-10-04", "2025-10-10 16:00")] // a Saturday of the holiday is worked
    [InlineData("", "2025-10-04,2025-10-05", "2025-10-09 16:00")]
    public void The_clock_moves_later_or_earlier(string daysOff, string worked, string? due) => Expect(
        Moving("2025-10-01 09:00", With(daysOff, worked), History), due is null ? [] : [new ReferralClockMoved(Id, Time(due), Time(due))]);

    [Fact]
    public void What_would_have_been_due_already_is_due_now_and_not_before() =>
        Moving("2025-10-10 12:00", With("", "2025-10-04,2025-10-05"), History)
            .Then(new ReferralClockMoved(Id, Time("2025-10-10 12:00"), Time("2025-10-10 12:00")));

    [Fact]
    public void The_clock_of_the_next_office_moves_and_the_hospital_stays_late()
    {
        DomainEvent[] late = [.. History, new ReferralOverdue(Id, 1, "referralOffice", Time("2025-10-15 16:00"))];
        Moving("2025-10-12 09:00", Days, late).ThenNothing();
        Moving("2025-10-12 09:00", With("2025-10-13", ""), late)
            .Then(new ReferralClockMoved(Id, Time("2025-10-11 16:00"), Time("2025-10-16 16:00")));
    }

    [Fact]
    public void What_is_urgent_knows_no_holiday() => Moving("2025-10-01 09:00", With("2025-10-09", ""), Drafted(ReferralPriority.Urgent), Chosen,
        Submitted with { At = Time("2025-09-30 16:00"), ResponseDueAt = Time("2025-10-01 16:00") }).ThenNothing();

    [Fact]
    public void What_was_answered_has_no_clock() =>
        Moving("2025-10-01 09:00", With("2025-10-09", ""), [.. History, Accepted, Scheduled, Authorised]).ThenNothing();

    [Fact]
    public void A_day_taken_off_at_the_last_moment_counts_before_anybody_hears_of_a_delay()
    {
        var book = Book(With("2025-10-10", ""));
        Spec.Given<Referral>(History).When("2025-10-11 16:00", (r, at) => EscalateReferral.Decide(r, at, book.At))
            .Then(new ReferralClockMoved(Id, Time("2025-10-13 16:00"), Time("2025-10-13 16:00")));
        Spec.Given<Referral>(History).When("2025-10-11 16:00", (r, at) => EscalateReferral.Decide(r, at, Book(Days).At)).ThenEvents(typeof(ReferralOverdue));
    }

    [Fact]
    public void A_new_number_of_days_counts_for_clocks_that_start_under_it()
    {
        var book = Book(Days);
        book.Learn(1, Time("2025-10-01 00:00"), Policy.Default with { SlaRoutineWorkingDays = 5 });
        Spec.Given<Referral>(History).When("2025-10-01 09:00", (r, at) => MoveClocks.Decide(r, at, book.At)).ThenNothing();
    }

    [Fact]
    public void News_of_the_calendar_counts_once_and_older_news_never()
    {
        var (known, followed) = (new WorkingDaysChanged(7, Time("2025-10-01 09:00")), new OpenClocksFollowed(7, Time("2025-10-01 09:02")));
        Spec.Given<OpenClocks>().When("2025-10-01 09:00", (c, at) => OpenClocks.Change(c, 7, at)).Then(known);
        foreach (var version in new[] { 7, 6 })
            Spec.Given<OpenClocks>(known).When("2025-10-01 09:01", (c, at) => OpenClocks.Change(c, version, at)).ThenNothing();
        Spec.Given<OpenClocks>(known).When("2025-10-01 09:00", (c, at) => OpenClocks.Follow(c, 7, at)).Then(followed);
        Spec.Given<OpenClocks>(known).When("2025-10-01 09:00", (c, at) => OpenClocks.Follow(c, 6, at)).ThenNothing(); // newer days came in meanwhile
        Spec.Given<OpenClocks>(known, followed).When("2025-10-01 09:02", (c, at) => OpenClocks.Follow(c, 7, at)).Then(followed with { NextAt = null });
        Spec.Given<OpenClocks>(known, followed with { NextAt = null }).When("2025-10-01 09:05", (c, at) => OpenClocks.Follow(c, 7, at)).ThenNothing();
        Assert.Equal([new Deadline(nameof(MoveClocks), known.NextAt)], OpenClocks.Deadlines(OpenClocks.Evolve(null, known)));
    }

    private static Outcome Moving(string now, CalendarDays days, params DomainEvent[] history) =>
        Spec.Given<Referral>(history).When(now, (r, at) => MoveClocks.Decide(r, at, Book(days).At));

    private static void Expect(Outcome outcome, params DomainEvent[] events) => outcome.Then(events);

    private static PolicyBook Book(CalendarDays days)
    {
        var book = new PolicyBook(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        book.Learn(1L, days);
        return book;
    }

    private static CalendarDays With(string daysOff, string worked) => new([.. Days.Holidays, .. Dates(daysOff)], [.. Days.MakeUpDays, .. Dates(worked)]);

    private static IEnumerable<DateOnly> Dates(string list) =>
        list.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(d => DateOnly.ParseExact(d, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
}

[Collection("referrals")]
public sealed class ClocksFollowTheCalendarTests(ReferralsFixture city)
{
    [Fact]
    public async Task A_changed_calendar_moves_the_clock_of_a_referral_that_waits_later_and_earlier_whatever_comes_twice_or_late()
    {
        var hospital = await city.Hospital();
        var id = await city.Sent(hospital, await city.Day(hospital));
        var sent = (await Details(id))!.SubmittedAt!.Value;
        var days = CalendarDays.Sample;
        Assert.Equal(Due(sent, days), (await Details(id))!.ResponseDueAt);

        // Three days off that would have been worked.
        var off = days with { Holidays = [.. days.Holidays, .. Enumerable.Range(1, 9).Select(city.Today.AddDays).Where(new WorkingDays(days).Contains).Take(3)] };
        await city.Publish(Changed(off, version: 5));
        await Moved(id, Due(sent, off));
        await city.Publish(Changed(off, version: 5));
        await city.Publish(Changed(days, version: 4));
        city.Clock.Now = Due(sent, days).AddMinutes(1);
        var second = await city.Sent(hospital, await city.Day(hospital));
        Assert.Equal(Due(city.Clock.Now, off), (await Details(second))!.ResponseDueAt);
        Assert.Equal((0, ReferralStatus.Submitted, Due(sent, off)), (await Details(id)) is { } waits ? (waits.OverdueLevel, waits.Status, waits.ResponseDueAt!.Value) : default);

        // Worked again, and every weekend too.
        var worked = days with { MakeUpDays = [.. days.MakeUpDays, .. Enumerable.Range(1, 30).Select(city.Today.AddDays).Where(d => d.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)] };
        await city.Publish(Changed(worked, version: 6));
        await Moved(second, Due(city.Clock.Now, worked));
        await Talking.Eventually(() => Details(id), d => d.OverdueLevel == 1); // it would have been due before; nobody answered to this moment
        Assert.Equal(city.Clock.Now, (await Details(id))!.ResponseDueAt);
        Assert.Equal(["referral_clock_moved", "referral_clock_moved", "referral_overdue"], (await city.Stored(id)).Select(e => e.Type).TakeLast(3));
        Assert.Equal(2, (await city.Feed(id)).Count(m => m.Type == "ReferralClockMoved"));
        await city.Publish(Changed(days, version: 7)); // as the other tests know it
        await Moved(second, Due(city.Clock.Now, days));
    }

    private async Task Moved(Guid id, DateTimeOffset due)
    {
        await Talking.Eventually(() => Details(id), d => d.ResponseDueAt == due);
        await Talking.Eventually(async () => (await city.First.Services.GetRequiredService<Rows<HospitalWorklist>>().Find(id, CancellationToken.None)), row => row.DueAt == due);
    }

    private Task<ReferralDetails?> Details(Guid id) => city.Clinic.GetFromJsonAsync<ReferralDetails>($"/referrals/{id}");

    private static DateTimeOffset Due(DateTimeOffset from, CalendarDays days)
    {
        var date = DateOnly.FromDateTime(from.ToOffset(TimeSpan.FromHours(8)).DateTime);
        return from.AddDays(new WorkingDays(days).Add(date, Policy.Default.SlaRoutineWorkingDays).DayNumber - date.DayNumber);
    }

    private CalendarChanged Changed(CalendarDays days, long version) => new(days.Holidays, days.MakeUpDays)
    {
        EventId = Guid.CreateVersion7(),
        CityId = "330200",
        StreamId = Ids.Of("Calendar:330200"),
        StreamVersion = version,
        OccurredAt = city.Clock.Now,
        RecordedAt = city.Clock.Now,
        CorrelationId = Guid.CreateVersion7().ToString("N"),
    };
}
