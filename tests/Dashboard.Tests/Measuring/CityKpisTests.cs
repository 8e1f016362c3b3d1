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
        File.WriteAllText("/tmp/kpis.json", JsonSerializer.Serialize(kpis));
        File.WriteAllText("/tmp/figures.json", JsonSerializer.Serialize(await dashboard.Get<List<JsonElement>>("/api/figures")));
    }
}
