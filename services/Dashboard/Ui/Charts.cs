using System.Text.Json;
using FamilyDoctor.Dashboard.Measuring;

namespace FamilyDoctor.Dashboard.Ui;

/// <summary>Charts as plain objects in the reader's language; the browser only draws them.</summary>
internal static class Charts
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static object Words => new { color = "var(--muted)", fontSize = 12, fontFamily = "var(--font)" };

    /// <summary>Contracts at the end of each year: published at the city's scale, and counted. Hollow points are interpolated.</summary>
    public static string Growth(Reader v, IReadOnlyList<FigureAnswer> years, IReadOnlyList<Milestone> milestones)
    {
        static string Year(FigureAnswer f) => f.Period?[..4] ?? "";
        var axis = years.Select(Year).ToList();
        var lines = milestones.Where(m => axis.Contains($"{m.Date.Year}")).Select(m => new { name = v.Zh ? m.Zh : m.En, xAxis = $"{m.Date.Year}" });
        return JsonSerializer.Serialize(new
        {
            aria = new { enabled = true, label = new { description = v["growth.title"] } },
            grid = new { left = 8, right = 24, top = 44, bottom = 4, containLabel = true },
            legend = new { top = 0, left = 0, icon = "circle", itemHeight = 8, textStyle = Words },
            tooltip = new
            {
                trigger = "axis",
                valueFormatter = "fn:int",
                confine = true,
                backgroundColor = "var(--pop)",
                borderColor = "var(--line)",
                textStyle = new { color = "var(--ink)", fontSize = 12, fontFamily = "var(--font)" },
            },
            xAxis = new { type = "category", data = axis, axisTick = new { show = false }, axisLine = new { lineStyle = new { color = "var(--line)" } }, axisLabel = Words },
            yAxis = new { type = "value", axisLabel = new { color = "var(--muted)", fontSize = 12, formatter = "fn:compact", fontFamily = "var(--font)" }, splitLine = new { lineStyle = new { color = "var(--grid)" } }, splitNumber = 4 },
            series = new object[]
            {
                new
                {
                    type = "line", name = v["growth.measured"], smooth = .2, symbol = "circle", symbolSize = 6, connectNulls = false,
                    lineStyle = new { width = 2.5, color = "var(--c1)" }, itemStyle = new { color = "var(--c1)" }, areaStyle = new { color = "var(--c1)", opacity = .1 },
                    data = years.Select(y => y.Measured),
                    markLine = new
                    {
                        symbol = "none", silent = true, data = lines, lineStyle = new { color = "var(--line2)", type = "dotted", width = 1 },
                        label = new { color = "var(--muted)", fontSize = 11, formatter = "{b}", position = "insideEndTop", rotate = 0, align = "left", fontFamily = "var(--font)" },
                    },
                },
                new
                {
                    type = "line", name = v["growth.published"], smooth = .2, symbolSize = 8,
                    lineStyle = new { width = 1.5, type = "dashed", color = "var(--c2)" }, itemStyle = new { color = "var(--c2)" },
                    symbol = "circle",
                    data = years.Select(y => new
                    {
                        value = Math.Round(y.Expected, 1), itemStyle = new { color = y.Interpolated ? "var(--card)" : "var(--c2)", borderColor = "var(--c2)", borderWidth = 2 },
                    }),
                },
            },
        }, Relaxed);
    }
}
