using FamilyDoctor.EventSourcing;
using FamilyDoctor.Referrals.Quotas;
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
    public void Slots_fit_into_a_day(int familyDoctor, int urgent, int forPublic) =>
        Given<QuotaBook>().When("2024-03-01 09:00",
            (book, at) => (Publish with { FamilyDoctor = familyDoctor, Urgent = urgent, Public = forPublic }).Decide(book, null, at)).ThenRefused("RULE_VIOLATION");

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
