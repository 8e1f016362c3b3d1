using System.Diagnostics;
using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Reflection;
using AngleSharp;
using AngleSharp.Dom;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Testing;
using Microsoft.Playwright;

namespace FamilyDoctor.Dashboard.Tests;

[Collection(nameof(DashboardFixture))]
public class PageTests(DashboardFixture dashboard)
{
    private static readonly string[] Sections =
        ["overview", "kpis", "contracts", "needs", "districts", "teams", "referrals", "moving", "beds", "figures"];

    private async Task<IDocument> Open(string path, string language = "en", HttpStatusCode status = HttpStatusCode.OK) =>
        await Open(dashboard.Anonymous(), path, language, status);

    internal static async Task<IDocument> Open(HttpClient client, string path, string language = "en", HttpStatusCode status = HttpStatusCode.OK)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", $"lang={language}");
        request.Headers.Add("Accept", "text/html");
        using var response = await client.SendAsync(request);
        var html = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{(int)response.StatusCode} {html}");
        return await BrowsingContext.New(Configuration.Default).OpenAsync(r => r.Content(html));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public async Task Every_section_is_there_in_both_languages_without_a_token(string language)
    {
        var page = await Open("/", language);
        foreach (var section in Sections)
            Assert.NotNull(page.GetElementById(section));
        Assert.DoesNotContain("⟦", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.Equal(language == "zh" ? "zh-CN" : "en-GB", page.DocumentElement.GetAttribute("lang"));
        Assert.Equal(6, page.QuerySelectorAll("[data-tile] .val b").Length);
        Assert.Empty(page.QuerySelectorAll("main .empty:not(.good)"));
        // The menu leads only to what is there.
        Assert.All(page.QuerySelectorAll(".side li a"), a => Assert.NotNull(page.QuerySelector(a.GetAttribute("href")!)));
        Assert.Contains(language == "zh" ? "模拟城市" : "simulated city", page.QuerySelector(".simulated")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_figures_table_shows_what_was_published_and_what_was_counted()
    {
        var page = await Open("/");
        var referrals = Cells("referrals");
        Assert.Equal(["2023-01-01 – 2023-12-31", "108,000", "÷ 500", "216"], referrals[..4]);
        Assert.Equal($"{dashboard.Said.OfType<IntegrationEvents.Referrals.ReferralSubmitted>().Count(m => m.OccurredAt.AddHours(8).Year == 2023)}", referrals[4]);
        Assert.Equal("interpolated", page.QuerySelector("[data-figure=contracted2019] .tag")!.TextContent);
        Assert.Null(page.QuerySelector("[data-figure=contracted2023] .tag"));
        Assert.Equal(["65%", "—", "65%", "66.1%"], Cells("primaryCareShare")[1..5]);
        Assert.Equal(9, page.QuerySelectorAll("#contracts fd-chart tbody tr").Length);

        List<string> Cells(string figure) => [.. page.QuerySelectorAll($"[data-figure={figure}] td").Select(c => c.TextContent.Trim())];
    }

    [Fact]
    public async Task Overdue_referrals_stand_on_top_with_the_names_of_the_places_only()
    {
        var page = await Open("/f/moving");
        var rows = page.QuerySelectorAll("tbody tr").ToList();
        Assert.NotEmpty(rows);
        var overdue = rows.TakeWhile(r => r.QuerySelector(".over") is not null).Count();
        Assert.InRange(overdue, 1, rows.Count);
        Assert.DoesNotContain(rows.Skip(overdue), r => r.QuerySelector(".over") is not null);
        Assert.Matches("Health centre|City Hospital", rows[0].QuerySelector(".path")!.TextContent);
    }

    [Fact]
    public async Task Live_tells_that_the_line_is_open_and_then_that_the_city_changed()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var stream = await dashboard.Anonymous().GetStreamAsync("/live", limit.Token);
        var seen = new List<string>();
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(limit.Token))
        {
            seen.Add(item.EventType);
            if (seen.Count == 1)
            {
                var figure = dashboard.Said.OfType<FigureReported>().First();
                await dashboard.Learn([figure with { EventId = Ids.Of("page:live"), Figure = "ofNoInterest" }]);
            }
            if (item.EventType == "city")
                break;
        }
        Assert.Equal("ping", seen[0]);
        Assert.Contains("city", seen);
    }

    [Fact]
    public async Task An_unknown_page_is_404_with_a_number_to_ask_about()
    {
        var page = await Open("/nowhere", "en", HttpStatusCode.NotFound);
        Assert.Equal("There is no such page", page.QuerySelector("h1")!.TextContent);
        Assert.NotEqual("", page.QuerySelector("code")!.TextContent);
    }

    [Theory]
    [InlineData("/lang/zh?back=//example.org", "/")]
    [InlineData("/lang/zh?back=/%5Cexample.org", "/")]
    [InlineData("/theme/dark?back=/%23beds", "/#beds")]
    public async Task A_choice_leads_back_to_a_page_of_ours_only(string path, string back)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = dashboard.First.ClientOptions.BaseAddress };
        using var response = await client.GetAsync(path);
        Assert.Equal(back, response.Headers.Location!.ToString());
        Assert.NotEmpty(response.Headers.GetValues("Set-Cookie"));
    }

    [Fact]
    public async Task The_style_sheet_and_the_script_are_served_whole_to_anybody()
    {
        var page = await Open("/");
        foreach (var file in new[] { page.QuerySelector("link[rel=stylesheet]")!.GetAttribute("href")!, page.QuerySelector("script")!.GetAttribute("src")!, "/dist/icons.svg" })
            Assert.True((await dashboard.Anonymous().GetByteArrayAsync(file)).Length > 1000, file);
    }

    [Theory]
    [InlineData(1440, "light", "en")]
    [InlineData(1440, "dark", "zh")]
    [InlineData(390, "light", "zh")]
    [InlineData(390, "dark", "en")]
    public async Task The_page_is_accessible_and_fits_its_screen(int width, string theme, string language)
    {
        Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH",
            typeof(PageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == "PlaywrightDriver").Value);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Headless = true,
            ChromiumSandbox = false,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var address = dashboard.First.ClientOptions.BaseAddress;
        var context = await browser.NewContextAsync(new()
        {
            BaseURL = $"{address}",
            ViewportSize = new() { Width = width, Height = 900 },
            Locale = "en-GB",
            ReducedMotion = ReducedMotion.Reduce,
        });
        await context.AddCookiesAsync([
            new() { Name = "lang", Value = language, Url = $"{address}" }, new() { Name = "theme", Value = theme, Url = $"{address}" }]);
        var page = await context.NewPageAsync();
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) => { if (message.Type == "error") errors.Add(message.Text); };
        await page.GotoAsync("/", new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        await page.Locator("fd-chart[data-ready]").WaitForAsync();
        await page.Locator("html[data-live=on]").WaitForAsync();
        if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"page-{width}-{theme}-{language}.png"), FullPage = true });
        Assert.Empty(errors);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "the page is wider than the screen");
        var found = await page.RunAxe(new AxeRunOptions());
        Assert.True(found.Violations.Length == 0,
            string.Join("\n", found.Violations.Select(v => $"{v.Id}: {v.Help}\n  {string.Join("\n  ", v.Nodes.Select(n => n.Html))}")));
    }
}

/// <summary>A city in which nothing was said yet.</summary>
public sealed class EmptyDashboard() : ServiceFixture<Program>("dashboard");

public class EmptyPageTests(EmptyDashboard dashboard) : IClassFixture<EmptyDashboard>
{
    [Theory]
    [InlineData("en", "The city is being founded", "not available")]
    [InlineData("zh", "城市正在建立", "暂无数据")]
    public async Task Before_anything_is_known_the_page_says_so(string language, string founding, string missing)
    {
        using var client = new HttpClient { BaseAddress = dashboard.First.ClientOptions.BaseAddress };
        await Talking.Until(async () =>
        {
            using var answer = await client.GetAsync("/f/tiles");
            return answer.IsSuccessStatusCode;
        }, seconds: 60);
        var page = await PageTests.Open(client, "/", language);
        Assert.Contains(founding, page.QuerySelector(".note")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(missing, page.QuerySelector("[data-tile=teams]")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("0", page.QuerySelector("[data-tile=beds] .val b")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.QuerySelector("#needs .empty.good"));
        Assert.NotNull(page.QuerySelector("#moving .empty"));
        Assert.DoesNotContain("⟦", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Started_from_another_folder_it_still_serves_its_files()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop();
        var database = await dashboard.CreateDatabase("elsewhere");
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Path.GetTempPath(), RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(typeof(Program).Assembly.Location);
        foreach (var (name, value) in new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPNETCORE_URLS"] = address,
            ["ConnectionStrings__dashboarddb"] = database,
            ["ConnectionStrings__keysdb"] = database,
            ["ConnectionStrings__messaging"] = dashboard.RabbitMq.GetConnectionString(),
            ["Vault__MasterKey"] = "a master key for tests, of no other use",
            ["Vault__IndexSecret"] = "an index secret for tests, of no other use",
            ["Authentication__Schemes__Bearer__Authority"] = "https://issuer.invalid",
            ["Authentication__Schemes__Bearer__Audience"] = "familydoctor",
        })
            start.Environment[name] = value;
        var said = new System.Collections.Concurrent.ConcurrentQueue<string?>();
        using var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => said.Enqueue(line.Data);
        process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            using var client = new HttpClient { BaseAddress = new(address) };
            var style = "";
            await Talking.Until(async () =>
            {
                Assert.False(process.HasExited, string.Join("\n", said));
                try
                {
                    style = await client.GetStringAsync("/dist/app.css");
                    return true;
                }
                catch (HttpRequestException e) when (e.StatusCode is null) // not listening yet
                {
                    return false;
                }
            }, seconds: 60);
            Assert.Contains(".kpis", style, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }
}
