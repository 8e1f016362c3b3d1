using FamilyDoctor.Dashboard.Measuring;
using FamilyDoctor.Dashboard.Viewing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Referrals;
using static FamilyDoctor.Dashboard.Tests.Measuring.Asking;

namespace FamilyDoctor.Dashboard.Tests.Measuring;

/// <summary>Hospital by hospital, what was sent is the sum of where it is now.</summary>
[Collection(nameof(DashboardFixture))]
public class ReferralFunnelTests(DashboardFixture dashboard)
{
    private static readonly Guid[] Hospitals = [.. Enumerable.Range(0, 4).Select(i => new Guid(i, 0, 7, [1, 2, 3, 4, 5, 6, 7, 8]))];

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5)]
    public void It_adds_up_after_any_sequence_whatever_the_order_and_however_often_a_message_comes(int seed)
    {
        var random = new Random(seed);
        var (says, expected) = (new Saying(), new List<(Guid Hospital, string Status)>());
        for (var i = 0; i < 300; i++)
            expected.Add(Life(says, $"{seed}:{i}", random));
        var twice = says.All.Concat(says.All.Where(_ => random.Next(2) == 0)).ToArray();
        random.Shuffle(twice);

        var known = twice.Fold<KnownReferral>().Values.ToList();
        var funnel = ReferralFunnel.Of(known.GroupBy(r => (r.HospitalId, r.Status)).Select(g => (g.Key.HospitalId, g.Key.Status, g.Count())));
        Assert.Equal(expected.Count, funnel.Sum(h => h.Sent));
        Assert.All(known, r => Assert.NotNull(r.SubmittedAt));
        foreach (var hospital in funnel)
        {
            Assert.Equal(hospital.Sent, hospital.Sum);
            Assert.Equal(0, hospital.Other); // every state has its place
            int Ended(string status) => expected.Count(e => e == (hospital.HospitalId, status));
            Assert.Equal(
                [Ended("Submitted"), Ended("InfoRequested"), Ended("Waitlisted"), Ended("Scheduled"), Ended("RebookRequired"), Ended("InCare"), Ended("OutcomeReturned"),
                    Ended("Closed"), Ended("Declined"), Ended("Advised"), Ended("NoShow"), Ended("Cancelled")],
                new[] { hospital.Waiting, hospital.AskedBack, hospital.Waitlisted, hospital.Scheduled, hospital.ToRebook, hospital.InCare, hospital.OutcomeBack,
                    hospital.Closed, hospital.Declined, hospital.Advised, hospital.NoShow, hospital.Cancelled });
        }
        Assert.Equal(Hospitals.Order(), funnel.Select(h => h.HospitalId).Order());
    }

    [Fact]
    public async Task Of_a_period_it_counts_what_was_sent_in_it_and_only_that()
    {
        var (says, random, expected) = (new Saying(), new Random(7), new List<(Guid Hospital, string Status)>());
        for (var i = 0; i < 60; i++)
            expected.Add(Life(says, $"{i}", random));
        Life(says, "before", random, City(2023, 1, 10));
        var funnel = await dashboard.Funnel(says);
        Assert.Equal(expected.GroupBy(e => e.Hospital).Select(g => (g.Key, g.Count())).Order(), funnel.Select(h => (h.HospitalId, h.Sent)).Order());
        Assert.All(funnel, h => Assert.Equal(h.Sent, h.Sum));
    }

    [Fact]
    public async Task Everybody_may_see_it_and_the_sample_city_adds_up()
    {
        var funnel = (await dashboard.Get<List<HospitalFunnel>>("/api/referrals?period=year"))!;
        Assert.NotEmpty(funnel);
        Assert.All(funnel, h => Assert.Equal(h.Sent, h.Sum));
    }

    [Fact]
    public async Task K23_is_the_share_that_was_asked_back_at_least_once()
    {
        var says = new Saying();
        foreach (var (name, times) in new[] { ("never", 0), ("once", 1), ("twice", 2), ("last year", 0) })
        {
            var facts = Facts(says, name, Hospitals[0], name == "last year" ? City(2023, 2, 10) : City(2024, 2, 10));
            says.That(facts.ReferralId, facts.SubmittedAt!.Value, new ReferralSubmitted(facts));
            for (var i = 0; i < times; i++)
            {
                says.That(facts.ReferralId, City(2024, 2, 11 + i), new ReferralReturnedForInformation(facts with { Status = "InfoRequested" }, ["labs"]));
                says.That(facts.ReferralId, City(2024, 2, 11 + i, 15), new ReferralInformationSupplied(facts));
            }
        }
        var k23 = (await dashboard.Kpis(says))["K23"];
        Assert.Equal((2, 3), (k23.Numerator, k23.Denominator));
        Assert.Equal(66.7, Math.Round(k23.Value!.Value, 1));
    }

    private static ReferralFacts Facts(Saying says, string name, Guid hospital, DateTimeOffset at) => new(says.Id(name), $"R-{name}", says.Id("resident"), null,
        says.Id("team"), says.Id("institution"), "330203", hospital, "cardiology", "routine", "Submitted", hospital, at, at.AddDays(3), null, null, null);

    /// <summary>A referral goes its way at random; returns where it is in the end.</summary>
    private static (Guid Hospital, string Status) Life(Saying says, string name, Random random, DateTimeOffset? sent = null)
    {
        var at = sent ?? City(2024, 2, 5 + random.Next(20));
        var facts = Facts(says, name, Hospitals[random.Next(Hospitals.Length)], at);
        Say(f => new ReferralSubmitted(f), "Submitted");
        for (var steps = random.Next(8); steps > 0; steps--)
        {
            switch (facts.Status, random.Next(6))
            {
                case ("Submitted", 0): Say(f => new ReferralReturnedForInformation(f, ["labs"]), "InfoRequested"); break;
                case ("Submitted", 1): Say(f => new ReferralWaitlisted(f, new(2024, 3, 1)), "Waitlisted"); break;
                case ("Submitted", 2): facts = facts with { HospitalId = Hospitals[random.Next(Hospitals.Length)] }; Say(f => new ReferralRedirected(f, Hospitals[0], "notOurs"), "Submitted"); break;
                case ("Submitted" or "Waitlisted", 3): Say(f => new ReferralDeclined(f, "notOurs"), "Declined"); break;
                case ("Submitted", 4): Say(f => new ReferralAdvised(f), "Advised"); break;
                case ("Submitted" or "Waitlisted", _): Say(f => new ReferralScheduled(f, false), "Scheduled"); break;
                case ("InfoRequested", _): Say(f => new ReferralInformationSupplied(f), "Submitted"); break;
                case ("Scheduled", 0): Say(f => new ReferralRebookRequired(f, "doctorIll"), "RebookRequired"); break;
                case ("Scheduled", 1): Say(f => new ReferralNoShow(f), "NoShow"); break;
                case ("Scheduled" or "RebookRequired", 2): Say(f => new ReferralCancelled(f, "clinic", "residentDied"), "Cancelled"); break;
                case ("Scheduled", 3): Say(f => new UrgentStepUpMade(f, Guid.Empty, "greenChannel", at), "Scheduled"); break;
                case ("Scheduled", _): Say(f => new PatientArrived(f, false), "InCare"); break;
                case ("RebookRequired", _): Say(f => new ReferralRescheduled(f), "Scheduled"); break;
                case ("NoShow", 0): Say(f => new ReferralRescheduled(f), "Scheduled"); break;
                case ("Cancelled", 0): Say(f => new ReferralReopened(f), "RebookRequired"); break;
                case ("InCare", _): Say(f => new OutcomeReturned(f, "discharged", null), "OutcomeReturned"); break;
                case ("OutcomeReturned" or "Advised" or "NoShow", 5): Say(f => new ReferralClosed(f, facts.Status == "OutcomeReturned"), "Closed"); break;
                default: break;
            }
        }
        return (facts.HospitalId, facts.Status);

        void Say(Func<ReferralFacts, IntegrationEvent> message, string status)
        {
            facts = facts with { Status = status };
            at = at.AddHours(1);
            says.That(facts.ReferralId, at, message(facts));
        }
    }
}
