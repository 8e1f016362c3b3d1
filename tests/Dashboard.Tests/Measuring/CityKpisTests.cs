using System.Text.Json;

namespace FamilyDoctor.Dashboard.Tests.Measuring;

[Collection(nameof(DashboardFixture))]
public class CityKpisTests(DashboardFixture dashboard)
{
    [Fact]
    public async Task Every_key_figure_has_a_value_or_says_what_is_missing()
    {
        var kpis = await dashboard.Get<List<JsonElement>>("/api/kpis");
        foreach (var n in Enumerable.Range(1, 38))
        {
            var kpi = Assert.Single(kpis!, k => k.GetProperty("code").GetString() == $"K{n}");
            if (kpi.GetProperty("value").ValueKind is JsonValueKind.Null)
                Assert.NotEqual("", kpi.GetProperty("reason").GetString());
        }
    }

    [Theory]
    [InlineData("district:330203")]
    [InlineData("institution:institution:0")]
    [InlineData("team:team:0")]
    public async Task Every_area_is_answered_down_to_where_facts_are_kept(string area)
    {
        var parts = area.Split(':', 2);
        var scope = parts[0] == "district" ? area : $"{parts[0]}:{new Saying().Id(parts[1])}";
        var kpis = (await dashboard.Get<List<JsonElement>>($"/api/kpis?scope={scope}&period=2023"))!.ToDictionary(k => k.GetProperty("code").GetString()!);
        Assert.All(kpis.Values, k => Assert.True(k.GetProperty("value").ValueKind is JsonValueKind.Number || k.GetProperty("reason").GetString() is { Length: > 0 }));
        Assert.Equal(scope, kpis["K11"].GetProperty("scope").GetString());
        Assert.True(kpis["K11"].GetProperty("value").GetDouble() > 0);
        Assert.StartsWith("not available: it is not kept by", kpis["K17"].GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/kpis?scope=planet")]
    [InlineData("/api/kpis?period=tomorrow")]
    [InlineData("/api/kpis?asOf=yesterday")]
    public async Task A_question_that_cannot_be_asked_is_a_problem_not_a_fault(string question)
    {
        using var answer = await dashboard.Anonymous().GetAsync(question);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }
}
