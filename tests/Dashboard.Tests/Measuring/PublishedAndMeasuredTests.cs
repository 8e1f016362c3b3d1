using FamilyDoctor.Dashboard.Measuring;
using FamilyDoctor.IntegrationEvents.Beds;
using FamilyDoctor.IntegrationEvents.Teams;
using static FamilyDoctor.Dashboard.Tests.Measuring.Asking;

namespace FamilyDoctor.Dashboard.Tests.Measuring;

[Collection(nameof(DashboardFixture))]
public class PublishedAndMeasuredTests(DashboardFixture dashboard)
{
    private readonly Saying says = new();

    private static PublishedFigure Figure(string key, string meaning, double value = 1000, string unit = "things") =>
        new(key, value, meaning, meaning is "flow" ? null : new DateOnly(2023, 12, 31), meaning is "flow" ? new(2023, 1, 1) : null,
            meaning is "flow" ? new(2023, 12, 31) : null, unit, new("article", null), false, null);

    private Task<Dictionary<string, FigureAnswer>> Measured(params PublishedFigure[] figures) =>
        dashboard.Figures(says, new() { Scale = 100, Figures = figures });

    [Fact]
    public async Task Beds_opened_in_a_year_and_beds_established_to_date_are_two_numbers()
    {
        foreach (var year in new[] { 2022, 2023, 2024 })
        {
            var facts = new BedFacts(says.Id($"{year}"), "B", says.Id("r"), null, says.Id("t"), says.Id("i"), "330203", "team", "therapeutic", "Open", new(year, 1, 15), null);
            says.That(facts.BedId, City(year, 1, 15), new BedOpened(facts));
        }
        Assert.Equal(1, (await Measured(Figure("bedsOpened", "flow")))["bedsOpened"].Measured);
        Assert.Equal(2, (await Measured(Figure("bedsOpened", "cumulative")))["bedsOpened"].Measured);
    }

    [Fact]
    public async Task House_calls_are_shown_with_and_without_a_family_bed()
    {
        foreach (var (name, bed) in new[] { ("a", (Guid?)says.Id("bed")), ("b", null), ("c", null) })
        {
            var facts = new VisitFacts(says.Id(name), bed, says.Id("r"), says.Id("p"), says.Id("t"), says.Id("i"), "330203", "Planned", City(2023, 5, 1), City(2023, 5, 1, 11));
            says.That(facts.VisitId, City(2023, 5, 1), new VisitCompleted(facts, City(2023, 5, 1, 10)));
        }
        var visits = (await Measured(Figure("homeVisits", "flow")))["homeVisits"];
        Assert.Equal((3, 1, 2), (visits.Measured, visits.Split!["bedVisits"], visits.Split["otherVisits"]));
    }

    [Fact]
    public async Task Counts_shrink_with_the_city_but_shares_and_averages_do_not()
    {
        Reported("averageArea", 964.56, new(2021, 12, 31), new(2021, 12, 31));
        Reported("publicHealthContacts", 217_700, new(2023, 1, 1), new(2023, 12, 31));
        var figures = await Measured(Figure("averageArea", "ratio", 964.56, "m2"), Figure("publicHealthContacts", "flow", 21_770_000), Figure("hypertensionShare", "ratio", 82.4, "percent"));
        Assert.Equal((1, 964.56), (figures["averageArea"].Divisor, figures["averageArea"].Measured));
        Assert.Equal((100, 217_700), (figures["publicHealthContacts"].Divisor, figures["publicHealthContacts"].Measured));
        Assert.Null(figures["hypertensionShare"].Measured);
        Assert.Equal("not available: nobody reported it", figures["hypertensionShare"].Reason);

        void Reported(string figure, double value, DateOnly from, DateOnly to) =>
            says.That(says.Id(figure), City(2024, 1, 5), new FigureReported(figure, null, from, to, value, "", "article", new(2024, 1, 5)));
    }

    [Fact]
    public async Task A_year_in_a_key_is_a_date_of_the_same_measure()
    {
        var institution = new InstitutionFacts(says.Id("i"), "社康", "Centre", "440303", "Registered", 22, 114);
        says.That(institution.InstitutionId, City(2018, 1, 1), new InstitutionRegistered(institution));
        var figures = await Measured(Figure("institutions", "stock"), Figure("institutions2016", "stock") with { At = new(2016, 12, 31) });
        Assert.Equal((1, 0), (figures["institutions"].Measured, figures["institutions2016"].Measured));
    }

    [Fact]
    public async Task What_the_clock_has_not_reached_is_not_measured() =>
        Assert.Equal("not available: the city's clock has not come to that day",
            (await Measured(Figure("teams", "stock") with { At = new(2025, 1, 1) }))["teams"].Reason);

    [Fact]
    public async Task The_feed_of_figures_is_open_to_all_and_holds_what_the_sample_city_lived()
    {
        var figures = (await dashboard.Get<List<FigureAnswer>>("/api/figures"))!.ToDictionary(f => f.Figure);
        Assert.Equal(Enumerable.Range(2015, 9).Select(year => Math.Round(150_000 * Math.Pow(13.6, (year - 2015) / 8.0) / DashboardFixture.Scale)),
            Enumerable.Range(2015, 9).Select(year => figures[$"contracted{year}"].Measured!.Value), (a, b) => Math.Abs(a - b) <= 1);
        Assert.True(figures["contracted2016"].Interpolated);
        Assert.Equal(66.1, figures["primaryCareShare"].Measured);
    }
}

public class CityFileTests
{
    [Fact]
    public void A_city_file_is_read_with_whatever_else_it_holds()
    {
        var city = CityFile.Read(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Cities", "ningbo.json")));
        Assert.Equal(("ningbo", "宁波市", 10), (city.Key, city.Name!.Zh, city.Districts.Count));
        Assert.Equal(65, city.TargetOf("K24")!.Value);
        Assert.Null(city.TargetOf("K36"));
        Assert.Equal("contracted", city.Figures.Single(f => f.Key == "contracted2015").Measure);
    }

    [Theory]
    [InlineData("today", "2024-03-01/2024-03-01")]
    [InlineData("week", "2024-02-24/2024-03-01")]
    [InlineData(null, "2023-03-02/2024-03-01")]
    [InlineData("2023", "2023-01-01/2023-12-31")]
    [InlineData("2024-02", "2024-02-01/2024-02-29")]
    [InlineData("2023-05-01/2023-06-30", "2023-05-01/2023-06-30")]
    public void Periods(string? text, string days) => Assert.Equal(days, Period.Parse(text, new(2024, 3, 1)).ToString());

    [Theory]
    [InlineData("2023-06-30/2023-05-01")]
    [InlineData("tomorrow")]
    public void No_periods(string text) => Assert.Throws<Microsoft.AspNetCore.Http.BadHttpRequestException>(() => Period.Parse(text, new(2024, 3, 1)));

    [Theory]
    [InlineData("team:1 or true")]
    [InlineData("planet")]
    public void No_scopes(string text) => Assert.Throws<Microsoft.AspNetCore.Http.BadHttpRequestException>(() => Scope.Parse(text));

    [Fact]
    public void Every_key_figure_has_its_name_and_its_reason_in_both_languages() => Assert.All(Kpi.All, kpi =>
        Assert.All(new[] { kpi.Name, kpi.Missing }, text => Assert.False(string.IsNullOrWhiteSpace(text.En) || string.IsNullOrWhiteSpace(text.Zh))));
}
