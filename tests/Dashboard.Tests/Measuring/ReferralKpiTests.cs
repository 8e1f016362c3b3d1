using FamilyDoctor.IntegrationEvents.Referrals;
using FamilyDoctor.IntegrationEvents.Teams;
using static FamilyDoctor.Dashboard.Tests.Measuring.Asking;

namespace FamilyDoctor.Dashboard.Tests.Measuring;

[Collection(nameof(DashboardFixture))]
public class ReferralKpiTests(DashboardFixture dashboard)
{
    private readonly Saying says = new();

    private ReferralFacts Submitted(string name, DateTimeOffset at, string priority = "routine")
    {
        var facts = new ReferralFacts(says.Id(name), $"R-{name}", says.Id("resident"), null, says.Id("team"), says.Id("institution"), "330203", says.Id("hospital"),
            "cardiology", priority, "Submitted", says.Id("hospital"), at, at.AddDays(3), null, null, null);
        says.That(facts.ReferralId, at, new ReferralSubmitted(facts));
        return facts;
    }

    private ReferralFacts Scheduled(ReferralFacts facts, DateTimeOffset at, DateTimeOffset slot)
    {
        facts = facts with { Status = "Scheduled", RespondedAt = at, SlotStart = slot };
        says.That(facts.ReferralId, at, new ReferralScheduled(facts, false));
        return facts;
    }

    private ReferralFacts Arrived(ReferralFacts facts, DateTimeOffset at, bool admitted = false)
    {
        facts = facts with { Status = "InCare", ArrivedAt = at };
        says.That(facts.ReferralId, at, new PatientArrived(facts, admitted));
        return facts;
    }

    [Fact]
    public async Task K15_and_K19_tell_answers_in_time_from_those_still_waiting()
    {
        Scheduled(Submitted("in time", City(2024, 2, 20)), City(2024, 2, 21), City(2024, 2, 26));
        Scheduled(Submitted("late", City(2024, 2, 20)), City(2024, 2, 25), City(2024, 2, 26));
        var declined = Submitted("declined", City(2024, 2, 20));
        says.That(declined.ReferralId, City(2024, 2, 21), new ReferralDeclined(declined with { Status = "Declined", RespondedAt = City(2024, 2, 21) }, "grassroots"));
        Submitted("overdue", City(2024, 2, 20));
        Submitted("not due yet", City(2024, 2, 29));
        var kpis = await dashboard.Kpis(says);
        Assert.Equal((50, 2, 4), (kpis["K15"].Value, kpis["K15"].Numerator, kpis["K15"].Denominator));
        Assert.Equal(1, kpis["K19"].Value);
        Assert.Equal(0, (await dashboard.Kpis(says, asOf: new(2024, 2, 21)))["K19"].Value);
    }

    [Fact]
    public async Task K16_is_the_median_of_days_from_sending_to_arrival()
    {
        foreach (var days in new[] { 2, 4, 9 })
            Arrived(Scheduled(Submitted($"{days}", City(2024, 2, 10)), City(2024, 2, 11), City(2024, 2, 10 + days)), City(2024, 2, 10 + days));
        var k16 = (await dashboard.Kpis(says))["K16"];
        Assert.Equal((4, 3), (k16.Value, k16.Denominator));
        Assert.Equal(8, (double)k16.Further!["p90"]!);
    }

    [Fact]
    public async Task K17_and_K18_measure_the_family_doctors_pool_as_it_was_published()
    {
        var quota = new QuotaFacts(says.Id("hospital"), "cardiology", new(2024, 2, 26), 6, 2, 12, City(2024, 2, 24));
        says.That(says.Id("quota"), City(2024, 2, 12), new QuotaPublished(quota));
        says.That(says.Id("quota"), City(2024, 2, 24), new PoolReleasedToPublic(quota with { FamilyDoctor = 0, Public = 18 }, 6));
        Scheduled(Submitted("routine", City(2024, 2, 20)), City(2024, 2, 21), City(2024, 2, 26));
        Scheduled(Submitted("urgent", City(2024, 2, 20), "urgent"), City(2024, 2, 21), City(2024, 2, 26));
        var kpis = await dashboard.Kpis(says);
        Assert.Equal((30, 14), (kpis["K17"].Value, (double)kpis["K17"].Further!["medianLeadDays"]!));
        Assert.Equal(16.6667, kpis["K18"].Value);
    }

    [Fact]
    public async Task K20_and_K21_follow_those_who_arrived_until_their_thirty_days_are_over()
    {
        var closed = Arrived(Scheduled(Submitted("closed", City(2024, 1, 10)), City(2024, 1, 11), City(2024, 1, 20)), City(2024, 1, 20), admitted: true);
        says.That(closed.ReferralId, City(2024, 2, 5), new OutcomeReturned(closed with { Status = "OutcomeReturned" }, "admitted", null));
        says.That(closed.ReferralId, City(2024, 2, 6), new ReferralClosed(closed with { Status = "Closed" }, true));
        Arrived(Scheduled(Submitted("open", City(2024, 1, 10)), City(2024, 1, 11), City(2024, 1, 20)), City(2024, 1, 20));
        Arrived(Scheduled(Submitted("too new", City(2024, 2, 10)), City(2024, 2, 11), City(2024, 2, 20)), City(2024, 2, 20));
        Down("one", City(2024, 2, 6), contactAfterHours: 10);
        var kpis = await dashboard.Kpis(says);
        Assert.Equal((50, 2), (kpis["K20"].Value, kpis["K20"].Denominator));
        Assert.Equal(1, kpis["K21"].Value);
    }

    [Fact]
    public async Task K22_asks_for_a_contact_within_three_days_and_shows_seven()
    {
        Down("soon", City(2024, 2, 10), contactAfterHours: 71);
        Down("late", City(2024, 2, 10), contactAfterHours: 100);
        Down("never", City(2024, 2, 10), contactAfterHours: null);
        var k22 = (await dashboard.Kpis(says))["K22"];
        Assert.Equal((1, 3), (k22.Numerator, k22.Denominator));
        Assert.Equal(2, (int)k22.Further!["within7Days"]!);
    }

    private void Down(string name, DateTimeOffset at, int? contactAfterHours)
    {
        var facts = new DownReferralFacts(says.Id($"down {name}"), $"D-{name}", says.Id("resident"), null, says.Id("team"), says.Id("institution"), "330203",
            says.Id("hospital"), "Proposed", says.Id("institution"), false, at, at.AddHours(72), null);
        says.That(facts.DownReferralId, at, new DownReferralProposed(facts));
        says.That(facts.DownReferralId, at.AddHours(1), new DownReferralAccepted(facts));
        if (contactAfterHours is { } hours)
            says.That(facts.DownReferralId, at.AddHours(hours), new FirstContactMade(facts, "phone", at.AddHours(hours)));
    }

    [Fact]
    public async Task K24_is_made_of_two_reported_counts_of_the_same_days()
    {
        Reported("primaryCareVisits", 66);
        Assert.Null((await dashboard.Kpis(says))["K24"].Value);
        Reported("hospitalVisits", 34);
        var k24 = (await dashboard.Kpis(says))["K24"];
        Assert.Equal((66, 100), (k24.Value, k24.Denominator));

        void Reported(string figure, double value) => says.That(says.Id(figure), City(2024, 1, 5),
            new FigureReported(figure, null, new(2023, 1, 1), new(2023, 12, 31), value, "visits", "hospital feed", new(2024, 1, 5)));
    }

    [Fact]
    public async Task K26_counts_bookings_even_of_exams_that_were_cancelled_later()
    {
        for (var n = 0; n < 3; n++)
        {
            var facts = new ExamFacts(says.Id($"exam {n}"), says.Id("resident"), null, says.Id("team"), says.Id("institution"), "330203", says.Id("hospital"), "CT", "chest", "Held",
                City(2024, 2, 10), City(2024, 2, 12 + n));
            says.That(facts.ExamId, City(2024, 2, 10), new ExamBooked(facts));
            if (n == 0)
                says.That(facts.ExamId, City(2024, 2, 11), new ExamCancelled(facts, "patient"));
        }
        var k26 = (await dashboard.Kpis(says))["K26"];
        Assert.Equal(3, k26.Value);
        Assert.Equal(3, (double)k26.Further!["medianWaitDays"]!);
    }
}
