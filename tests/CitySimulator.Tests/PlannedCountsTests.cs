using FamilyDoctor.CitySimulator.Planning;

namespace FamilyDoctor.CitySimulator.Tests;

/// <summary>Every published figure comes out at 1:N, half a unit away at most.</summary>
public sealed class PlannedCountsTests
{
    public static TheoryData<string, int> Cities => new()
    {
        { "ningbo", 100 }, { "ningbo", 1000 }, { "ningbo", 37 },
        { "shenzhen", 100 }, { "shenzhen", 1000 }, { "shenzhen", 37 },
        { "third", 1 }, { "third", 10 },
    };

    [Theory, MemberData(nameof(Cities))]
    public void Stocks_of_contracted_residents_at_every_known_date(string name, int scale)
    {
        var plan = Samples.Plan(name, scale);
        foreach (var figure in plan.City.Series("contracted"))
            Assert.Equal(Samples.Scaled(figure.Value, scale), plan.Population.Residents.Count(r => r.SignedOn <= figure.At && (r.LeftOn is not { } left || left > figure.At)));
    }

    [Theory, MemberData(nameof(Cities))]
    public void Nobody_is_in_grace_on_the_day_of_a_stock(string name, int scale)
    {
        var plan = Samples.Plan(name, scale);
        foreach (var figure in plan.City.Series("contracted"))
            Assert.DoesNotContain(plan.Population.Residents, r => r.LeftOn < figure.At && r.LeftOn?.AddDays(30) >= figure.At);
    }

    [Theory, MemberData(nameof(Cities))]
    public void Institutions_teams_and_staff(string name, int scale)
    {
        var plan = Samples.Plan(name, scale);
        AtLeastOne("institutions", plan.Staffing.Institutions.Count);
        AtLeastOne("teams", plan.Staffing.Teams.Count);
        AtLeastOne("doctors", plan.Staffing.Practitioners.Count(p => p.Kind == "doctor"));
        AtLeastOne("nurses", plan.Staffing.Practitioners.Count(p => p.Kind == "nurse"));
        Exactly("publicHealthStaff", plan.Staffing.Practitioners.Count(p => p.Kind == "publicHealth"));
        Exactly("volunteers", plan.Staffing.Practitioners.Count(p => p.Kind == "volunteer"));
        Exactly("staff", plan.Staffing.Practitioners.Count);
        Exactly("threeStar", plan.Ratings.Awards.GroupBy(a => a.Doctor).Count(g => g.MaxBy(a => a.Period)!.Stars == 3));
        Exactly("fourStar", plan.Ratings.Awards.GroupBy(a => a.Doctor).Count(g => g.MaxBy(a => a.Period)!.Stars == 4));
        Exactly("fiveStar", plan.Ratings.Awards.GroupBy(a => a.Doctor).Count(g => g.MaxBy(a => a.Period)!.Stars == 5));
        Exactly("studios", plan.Ratings.Studios.Count);

        void AtLeastOne(string key, int planned)
        {
            if (plan.City.Find(key) is { } figure)
                Assert.Equal((key, Math.Max(1, Samples.Scaled(figure.Value, scale))), (key, planned));
        }

        void Exactly(string key, int planned)
        {
            if (plan.City.Find(key) is { } figure)
                Assert.Equal((key, Samples.Scaled(figure.Value, scale)), (key, planned));
        }
    }

    [Theory, MemberData(nameof(Cities))]
    public void Staff_and_institutions_of_earlier_years(string name, int scale)
    {
        var plan = Samples.Plan(name, scale);
        foreach (var figure in plan.City.Series("institutions"))
            Assert.Equal(Math.Max(1, Samples.Scaled(figure.Value, scale)), plan.Staffing.Institutions.Count(i => i.OpenedOn <= figure.At));
        foreach (var figure in plan.City.Series("staff"))
            Assert.Equal(Samples.Scaled(figure.Value, scale), plan.Staffing.Practitioners.Count(p => plan.Days.DateOf(p.RegisteredAt) <= figure.At));
    }

    [Theory, MemberData(nameof(Cities))]
    public void Appointments_of_the_published_year(string name, int scale)
    {
        var plan = Samples.Plan(name, scale);
        Assert.Equal(plan.City.Find("appointments") is { } figure ? Samples.Scaled(figure.Value, scale) : 0, plan.Booking.Appointments.Count);
        if (plan.PeriodOf("appointments") is not { } period)
            return;
        Assert.All(plan.Booking.Appointments, a => Assert.InRange(plan.Days.DateOf(a.Row.OccurredAt), period.From, period.To));
        var missed = plan.Booking.Appointments.Count(a => a.Row.NoShowAt is not null);
        Assert.Equal(Apportioning.ShareOf(plan.Booking.Appointments.Count, plan.City.Assumptions.NoShowShare.Value), missed);
    }

    [Theory, MemberData(nameof(Cities))]
    public void Census_and_the_share_of_primary_care(string name, int scale)
    {
        var plan = Samples.Plan(name, scale);
        var figures = ReportedFigures.Of(plan).ToList();
        var all = figures.Single(f => f is { Figure: "usualResidents", DistrictCode: null });
        Assert.Equal(Samples.Scaled(plan.City.Districts.Sum(d => (double)d.Population), scale), all.Value);
        Assert.Equal(all.Value, figures.Where(f => f is { Figure: "usualResidents", DistrictCode: not null }).Sum(f => f.Value));
        if ((plan.City.Find("primaryCareShare") ?? plan.City.Find("outpatientShare")) is { } share)
        {
            var (primary, hospital) = (figures.Single(f => f.Figure == "primaryCareVisits").Value, figures.Single(f => f.Figure == "hospitalVisits").Value);
            Assert.Equal(share.Value, 100 * primary / (primary + hospital), 2);
        }
        Assert.All(figures, f => Assert.True(plan.Days.At(f.PublishedOn, 0) <= f.OccurredAt && f.OccurredAt < plan.End));
    }
}
