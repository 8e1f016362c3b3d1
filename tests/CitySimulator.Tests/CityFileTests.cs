namespace FamilyDoctor.CitySimulator.Tests;

/// <summary>A city file that cannot be founded is refused with the place and the reason.</summary>
public sealed class CityFileTests
{
    [Theory]
    [InlineData("\"population\": 30011", "\"population\": 0", "districts[0].population: above 0")]
    [InlineData("\"code\": \"990102\"", "\"code\": \"990101\"", "districts[1].code: '990101' is there twice")]
    [InlineData("\"timeZone\": \"Asia/Shanghai\"", "\"timeZone\": \"Asia/Nowhere\"", "timeZone: 'Asia/Nowhere' is not known here")]
    [InlineData("\"value\": 400,", "\"value\": -1,", "figures[0] (contracted2019).value: 0 or more")]
    [InlineData("\"at\": \"2019-06-30\"", "\"from\": \"2019-06-30\"", "figures[0] (contracted2019): either at, or from and to")]
    [InlineData("\"at\": \"2019-06-30\"", "\"at\": \"2029-06-30\"", "figures[0] (contracted2019): its date must lie before clockStart")]
    [InlineData("\"value\": 1999", "\"value\": 399", "figures (contracted2022): below contracted2019; a falling number of contracts cannot be founded")]
    [InlineData("\"value\": 1999", "\"value\": 99999", "figures (contracted2022): more than all people of the districts")]
    [InlineData("\"key\": \"nurses\"", "\"key\": \"doctors\"", "figures (doctors): fewer than teams, but each team is led by a doctor")]
    [InlineData("\"key\": \"teams\"", "\"key\": \"fiveStar\"", "figures (threeStar, fourStar, fiveStar): more than there are doctors")]
    [InlineData("\"seed\": 7", "\"seed\": \"seven\"", "$.seed: ")]
    [InlineData("\"seed\": 7", "\"sed\": 7", "sed")]
    [InlineData("\"figures\": [", "\"assumptions\": { \"noShowShare\": { \"value\": 4, \"why\": \"\" } }, \"figures\": [", "assumptions.noShowShare: between 0 and 1")]
    [InlineData("\"figures\": [", "\"assumptions\": { \"terms\": { \"value\": { \"13\": 1 }, \"why\": \"\" } }, \"figures\": [", "assumptions.terms: '13' is not one of 12, 24, 36 months")]
    public void Says_what_is_wrong_and_where(string right, string wrong, string expected)
    {
        Assert.Contains(right, Samples.Third, StringComparison.Ordinal);
        var bad = Assert.Throws<BadCityFile>(() => CityFileReading.Parse("mine.json", Samples.Third.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Contains(bad.Faults, fault => fault.StartsWith(expected, StringComparison.Ordinal) || (!expected.Contains(':') && fault.Contains(expected, StringComparison.Ordinal)));
        Assert.StartsWith("mine.json is not a city file as described:", bad.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_name_is_told() =>
        Assert.Contains("there is no such file", Assert.Throws<BadCityFile>(() => CityFileReading.Read("atlantis")).Message, StringComparison.Ordinal);

    [Theory, InlineData("ningbo"), InlineData("shenzhen")]
    public void Every_published_figure_names_its_source_and_every_other_says_that_it_is_ours(string name)
    {
        var city = CityFileReading.Read(name);
        Assert.All(city.Figures, f => Assert.True(f.Published != f.Interpolated && f.Source.Title.Length > 0, f.Key));
        Assert.All(city.Figures.Where(f => f.Interpolated), f => Assert.StartsWith("Our ", f.Source.Title, StringComparison.Ordinal));
    }

    [Fact]
    public void A_city_that_publishes_next_to_nothing_is_founded_all_the_same()
    {
        var city = Samples.City("third") with { Figures = [] };
        var plan = new Plan(city, 1);
        Assert.NotEmpty(plan.Staffing.Teams);
        Assert.Empty(plan.Population.Residents);
        Assert.NotEmpty(Samples.AllRows(plan));
    }
}
