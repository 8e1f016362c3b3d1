using System.Globalization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Referrals.Quotas;
using FamilyDoctor.Testing;
using static FamilyDoctor.Referrals.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Referrals.Tests.Quotas;

public sealed class QuotaDecisionsTests
{
    private static readonly PublishQuota Publish = new(HospitalId, "cardiology", Day, new(8, 0), 10, 2, 1, 1);
    private static readonly SlotHeld SecondHeld = new(OtherId, 1, Pool.FamilyDoctor, Time("2024-03-01 09:20"));

    [Fact]
    public void A_day_is_published_two_weeks_ahead() =>
        Given<QuotaBook>().When("2024-03-01 09:00", (book, at) => Publish.Decide(book, Hospital, at)).Then(Published);

    [Fact]
    public void Publishing_twice_is_publishing_once() =>
        Given<QuotaBook>(Published).When("2024-03-02 09:00", (book, at) => Publish.Decide(book, Hospital, at)).ThenNothing();

    [Fact]
    public void Once_released_the_same_publication_is_still_the_same() =>
        Given<QuotaBook>(Published, new PoolReleasedToPublic(2))
            .When("2024-03-14 09:00", (book, at) => Publish.Decide(book, Hospital, at)).ThenNothing();

    [Fact]
    public void Other_slots_for_a_published_day_are_refused() =>
        Given<QuotaBook>(Published).When("2024-03-01 09:00", (book, at) => (Publish with { Public = 9 }).Decide(book, Hospital, at))
            .ThenRefused("INVALID_TRANSITION");

    [Fact]
    public void Too_few_slots_for_family_doctors_are_noted() =>
        Given<QuotaBook>().When("2024-03-01 09:00", (book, at) => (Publish with { FamilyDoctor = 1, Public = 3 }).Decide(book, Hospital, at))
            .Then(Published with { Pools = new(1, 1, 3) }, new QuotaShortfallDetected(20, 30, 14, 14));

    [Fact]
    public void A_day_published_late_is_noted() =>
        Given<QuotaBook>().When("2024-03-02 09:00", (book, at) => Publish.Decide(book, Hospital, at))
            .Then(Published, new QuotaShortfallDetected(50, 30, 13, 14));

    [Fact]
    public void After_the_cut_off_nothing_is_reserved_any_more() =>
        Given<QuotaBook>().When("2024-03-14 09:00", (book, at) => Publish.Decide(book, Hospital, at))
            .ThenEvents(typeof(QuotaPublished), typeof(QuotaShortfallDetected), typeof(PoolReleasedToPublic));

    [Fact]
    public void A_service_that_is_not_offered_has_no_slots() =>
        Given<QuotaBook>().When("2024-03-01 09:00", (book, at) => (Publish with { Service = "dentistry" }).Decide(book, Hospital, at))
            .ThenRefused("SERVICE_NOT_OFFERED");

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(500, 500, 500)]
    [InlineData(-1, 1, 1)]
    [InlineData(1, -1, 1)]
    [InlineData(1, 1, -1)]
    public void Slots_fit_into_a_day(int familyDoctor, int urgent, int forPublic) =>
        Given<QuotaBook>().When("2024-03-01 09:00",
            (book, at) => (Publish with { FamilyDoctor = familyDoctor, Urgent = urgent, Public = forPublic }).Decide(book, null, at)).ThenRefused("RULE_VIOLATION");

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0)]
    [InlineData(3, 1, 6)]
    public void A_pool_may_be_empty_and_three_tenths_are_enough_for_family_doctors(int familyDoctor, int urgent, int forPublic) =>
        Assert.Equal(familyDoctor == 0, Given<QuotaBook>().When("2024-03-01 09:00", (book, at) =>
            (Publish with { FamilyDoctor = familyDoctor, Urgent = urgent, Public = forPublic }).Decide(book, Hospital, at)).Events.Any(e => e is QuotaShortfallDetected));

    [Theory]
    [InlineData("2024-03-15", 10, "08:00", true)]
    [InlineData("2024-03-15", 360, "00:00", true)] // four slots fill the day
    [InlineData("2024-03-15", 360, "00:01", false)]
    [InlineData("2024-03-15", 0, "08:00", false)]
    [InlineData("1989-12-31", 10, "08:00", false)]
    [InlineData("2200-01-01", 10, "08:00", false)]
    public void Slots_fit_into_a_day_of_the_calendar(string date, int minutes, string first, bool fits)
    {
        var publish = Publish with { Date = Dated(date), SlotMinutes = minutes, FirstSlot = TimeOnly.ParseExact(first, "HH:mm", CultureInfo.InvariantCulture) };
        var outcome = Given<QuotaBook>().When("2024-03-01 09:00", (book, at) => publish.Decide(book, Hospital, at));
        if (fits)
            Assert.IsType<QuotaPublished>(outcome.Events[0]);
        else
            outcome.ThenRefused("RULE_VIOLATION");
    }

    [Fact]
    public void The_last_slot_is_held_until_it_begins_by_whoever_has_a_right_to_it()
    {
        Given<QuotaBook>(Published).When("2024-03-15 08:30", (book, at) => [QuotaBook.Hold(book, Id, ReferralPriority.Routine, true, at)])
            .Then(new SlotHeld(Id, 3, Pool.FamilyDoctor, Time("2024-03-15 08:45")));
        var without = Referral.Evolve(null, Drafted() with { ContractId = null });
        Given<QuotaBook>(Published).When("2024-03-04 09:00", (book, at) => [QuotaBook.Choose(book, without, at).Held]).ThenRefused("QUOTA_EXHAUSTED");
    }

    [Fact]
    public void A_slot_is_withdrawn_until_it_begins_and_its_pool_is_smaller()
    {
        var withdraw = new WithdrawSlots([0], "doctorIll");
        Given<QuotaBook>(Published).When("2024-03-15 08:00", withdraw.Decide).ThenEvents(typeof(SlotsWithdrawn));
        Given<QuotaBook>(Published).When("2024-03-04 09:00", (withdraw with { Slots = [-1] }).Decide).ThenRefused("RULE_VIOLATION");
        var book = new DomainEvent[] { Published, new SlotsWithdrawn([0], new(0, 0, 1), new(0, 0, 0), [], [], "doctorIll", Time("2024-03-04 09:00")) }
            .Aggregate(default(QuotaBook), QuotaBook.Evolve)!;
        Assert.Equal((2, 1, 0), (book.Free(Pool.FamilyDoctor), book.Free(Pool.Urgent), book.Free(Pool.Public)));
    }

    [Fact]
    public void Whoever_has_another_slot_by_now_keeps_it_when_he_is_told()
    {
        DomainEvent[] book = [.. ADayWithHisRequest, new SlotsWithdrawn([0], new(1, 0, 0), new(1, 0, 0), [Id], [Id], "doctorIll", Time("2024-03-04 09:00"))];
        Telling(ASubmittedReferral, book).Then(new ReferralRebookRequired(Id, "doctorIll"), new WithdrawalTold(Id));
        Telling([.. ASubmittedReferral[..1], Chosen with { Start = Time("2024-03-15 08:10") }, Submitted], book).Then(new WithdrawalTold(Id));
        Telling(ASubmittedReferral, [.. book, Held with { Slot = 1 }]).Then(new WithdrawalTold(Id));

        static Outcome Telling(DomainEvent[] referral, DomainEvent[] book) =>
            Given<Referral>(referral).And<QuotaBook>(book).When("2024-03-04 09:00", (r, b, _) => TellOfWithdrawal.Decide(Id, r, b));
    }

    private static DateOnly Dated(string date) => DateOnly.ParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("2024-03-13 07:59", false)]
    [InlineData("2024-03-13 08:00", true)]
    public void What_family_doctors_leave_goes_to_the_public_two_days_before(string now, bool released)
    {
        var outcome = Given<QuotaBook>(Published, Held, new SlotRequested(Id)).When(now, ReleasePoolToPublic.Decide);
        if (released)
            outcome.Then(new PoolReleasedToPublic(1));
        else
            outcome.ThenNothing();
    }

    [Fact]
    public void A_pool_is_released_once() =>
        Given<QuotaBook>(Published, new PoolReleasedToPublic(2)).When("2024-03-14 09:00", ReleasePoolToPublic.Decide).ThenNothing();

    [Fact]
    public void Holds_end_after_a_quarter_of_an_hour_each_at_its_time() =>
        Given<QuotaBook>(Published, Held, SecondHeld).When("2024-03-01 09:15", ExpireHolds.Decide)
            .Then(new SlotHoldExpired(Id, 0, Pool.FamilyDoctor));

    [Fact]
    public void A_slot_of_a_sent_referral_is_never_taken_away() =>
        Given<QuotaBook>(ADayWithHisRequest).When("2024-03-31 09:00", ExpireHolds.Decide).ThenNothing();

    [Fact]
    public void A_hold_that_ends_after_the_cut_off_goes_to_the_public() =>
        Given<QuotaBook>(Published, Held with { ExpiresAt = Time("2024-03-13 08:05") }, new PoolReleasedToPublic(1))
            .When("2024-03-13 08:05", ExpireHolds.Decide)
            .Then(new SlotHoldExpired(Id, 0, Pool.FamilyDoctor), new PoolReleasedToPublic(1));

    [Fact]
    public void The_book_waits_for_the_next_hold_and_for_the_cut_off()
    {
        var book = new DomainEvent[] { Published, Held, SecondHeld }.Aggregate(default(QuotaBook), QuotaBook.Evolve);
        Assert.Equal(
            [new("ReleasePoolToPublic", Published.ReleaseAt), new("ExpireHolds", Held.ExpiresAt)], QuotaBook.Deadlines(book!));
        book = new DomainEvent[] { new SlotHoldExpired(Id, 0, Pool.FamilyDoctor), new SlotRequested(OtherId), new PoolReleasedToPublic(1) }
            .Aggregate(book, QuotaBook.Evolve);
        Assert.Empty(QuotaBook.Deadlines(book!));
    }

    [Fact]
    public void Whatever_is_asked_no_pool_gives_more_than_it_has()
    {
        var random = new Random(20240301);
        for (var run = 0; run < 300; run++)
        {
            var book = QuotaBook.Evolve(null, Published with { Pools = new(random.Next(4), random.Next(3), 1 + random.Next(3)) });
            for (var step = 0; step < 60; step++)
            {
                var (at, who) = (At($"2024-03-{random.Next(1, 15):00} {random.Next(24):00}:00"), Ids.Of($"{random.Next(8)}"));
                foreach (var @event in Decide(book, random.Next(5), who, (ReferralPriority)random.Next(3), at))
                    book = QuotaBook.Evolve(book, @event);
                foreach (var pool in Enum.GetValues<Pool>())
                    Assert.True(book.Free(pool) >= 0, $"{pool} of {book}");
                Assert.Equal(book.Taken.Count, book.Taken.Values.Select(t => t.Slot).Distinct().Count());
            }
        }

        static List<DomainEvent> Decide(QuotaBook book, int what, Guid who, ReferralPriority priority, FamilyDoctor.Policies.Moment at)
        {
            try
            {
                return [.. what switch
                {
                    0 => QuotaBook.Release(book, who),
                    1 => ExpireHolds.Decide(book, at),
                    2 => ReleasePoolToPublic.Decide(book, at),
                    _ when book.Taken.ContainsKey(who) => [new SlotRequested(who)],
                    _ => [QuotaBook.Hold(book, who, priority, contracted: true, at)],
                }];
            }
            catch (RuleBroken)
            {
                return [];
            }
        }
    }
}
