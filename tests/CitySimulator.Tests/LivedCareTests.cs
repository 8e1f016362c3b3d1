extern alias beds;
extern alias referrals;
using FamilyDoctor.Testing;
using Xunit.Abstractions;

namespace FamilyDoctor.CitySimulator.Tests;

public sealed class ReferralsOfCity() : ServiceFixture<referrals::Program>("referrals");

public sealed class BedsOfCity() : ServiceFixture<beds::Program>("beds");

/// <summary>A small city lives for weeks against the real services: all that can happen to referrals, exams, beds and visits happens, and none of it is against the rules.</summary>
public sealed class LivedCareTests(ReferralsOfCity referrals, BedsOfCity beds, ITestOutputHelper output)
    : IClassFixture<ReferralsOfCity>, IClassFixture<BedsOfCity>
{
    private const int Days = 84;

    /// <summary>What the simulator calls the things that must all have happened.</summary>
    private static readonly string[] All =
    [
        "quotas published", "referrals drafted", "slots held", "referrals submitted", "referrals accepted", "referrals declined", "referrals cancelled",
        "referrals returned for information", "information supplied", "referrals put on a waiting list", "referrals sent on", "referrals answered with advice", "advice read",
        "referrals not attended", "no-shows closed", "referrals rebooked", "arrivals", "outcomes returned", "outcomes acknowledged",
        "down-referrals", "down-referrals declined", "down-referrals sent elsewhere", "down-referrals accepted", "first contacts", "down-referrals closed",
        "exam books opened", "exams requested", "exams confirmed", "exam arrivals", "exams performed", "exam reports", "exam reports acknowledged",
        "critical results taken note of", "exams cancelled", "exams not attended", "exams rejected at the device",
        "beds requested", "assessments scheduled", "beds assessed", "beds approved", "beds declined", "bed requests cancelled", "beds opened", "care plans revised",
        "beds paused", "beds resumed", "extensions asked for", "extensions approved", "beds closed", "deaths in a family bed", "contracts ended with a bed",
        "bed offers accepted", "bed offers declined",
        "visits planned", "visits set out for", "visits begun", "visits completed", "visits missed", "visits refused", "visits with nobody at home",
        "deteriorations", "urgent deteriorations", "deteriorations acted on", "step-ups confirmed", "step-up arrivals", "step-up outcomes", "step-ups acknowledged", "batches of offline visits",
    ];

    [Fact]
    public async Task Every_referral_ends_in_one_state_and_every_hospital_s_states_add_up()
    {
        using var city = new LivingCity(new Plan(City, 1), referrals, beds);
        await city.Live(Days);
        output.WriteLine(string.Join(", ", city.Done.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Value} {d.Key}")));

        Assert.Equal(["exams requested EXAM_CONTRAINDICATED"], city.Refused.Distinct());
        Assert.Empty(All.Except(city.Done.Keys));

        var stands = await city.Stands();
        Assert.Equal(city.Submitted.Values.Sum(), stands.Count);
        foreach (var hospital in city.Submitted.Keys)
            Assert.Equal((hospital, city.Submitted[hospital]), (hospital, stands.Where(s => s.Hospital == hospital).GroupBy(s => s.Status).Sum(g => g.Count())));
        Assert.All(stands, s => Assert.Contains(s.Status,
            (string[])["Submitted", "InfoRequested", "Waitlisted", "Scheduled", "InCare", "OutcomeReturned", "NoShow", "Declined", "Cancelled", "Closed", "Advised"]));
        foreach (var closed in (string[])["Closed", "Declined", "Cancelled"])
            Assert.Contains(stands, s => s.Status == closed);
    }

    /// <summary>Small, with all that is rare often enough to be seen.</summary>
    private static CityFile City
    {
        get
        {
            var third = Samples.City("third");
            Figure Flow(string key, double value) => new(key, value, Meaning.Flow, key, third.Figures[0].Source) { From = new(2022, 1, 1), To = new(2022, 12, 31), Published = true };
            return third with
            {
                Figures = [.. third.Figures, new("institutions", 3, Meaning.Stock, "institutions", third.Figures[0].Source) { At = new(2022, 12, 31), Published = true }, Flow("referrals", 700), Flow("exams", 300), Flow("bedsOpened", 160), Flow("homeVisits", 700)],
                Assumptions = new()
                {
                    ReferralShares = new(new() { Declined = 0.05, Cancelled = 0.05, NoShow = 0.1, Admitted = 0.3, DownReferral = 0.25 }, ""),
                    AnswerShares = new(new() { Information = 0.1, Waitlisted = 0.1, Redirected = 0.1, Advised = 0.1, SentElsewhere = 0.3 }, ""),
                    ExamCourseShares = new(new() { Unsafe = 0.1, Rejected = 0.1, Cancelled = 0.1, NoShow = 0.1, Critical = 0.2 }, ""),
                    OfferShares = new(new() { Declined = 0.3 }, ""),
                    BedCourseShares = new(new() { Declined = 0.1, Cancelled = 0.1, Extended = 0.2, Paused = 0.2, Died = 0.15, ContractEnded = 0.1, PeriodEnded = 0.1, Revised = 0.7 }, ""),
                    VisitShares = new(new() { NotAtHome = 0.05, Refused = 0.05, Offline = 0.2, Review = 0.05, Urgent = 0.05 }, ""),
                    BedUse = new(0.3, ""),
                },
            };
        }
    }
}
