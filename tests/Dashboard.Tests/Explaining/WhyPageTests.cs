using System.Net;
using System.Reflection;
using AngleSharp.Dom;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;
using Microsoft.Playwright;

namespace FamilyDoctor.Dashboard.Tests.Explaining;

/// <summary>Stories are shown in both languages, to who has signed in and to nobody else.</summary>
[Collection(nameof(WhyFixture))]
public sealed class WhyPageTests(WhyFixture dashboard) : IAsyncLifetime
{
    private readonly SampleStory story = new();

    public Task InitializeAsync() => story.Happens(dashboard);

    public Task DisposeAsync() => dashboard.SpeakAgain();

    private HttpClient Browser(string? token = null)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = dashboard.First.ClientOptions.BaseAddress };
        client.DefaultRequestHeaders.Add("Accept", "text/html");
        if (token is not null)
            client.DefaultRequestHeaders.Add("Cookie", $"token={token}");
        return client;
    }

    private async Task<IDocument> Open(string path, string language = "en")
    {
        using var client = dashboard.First.Client(Role.Clinic);
        return await PageTests.Open(client, path, language);
    }

    [Theory]
    [InlineData("en", "The family bed was closed", "because", "That is where it began: the health commission did it.")]
    [InlineData("zh", "家庭病床已撤床", "原因", "起因到此：由卫健委办理。")]
    public async Task The_page_tells_step_by_step_why(string language, string first, string because, string end)
    {
        var page = await Open($"/why/{story.Closed.EventId}", language);
        var steps = page.QuerySelectorAll(".line > li");
        Assert.Equal(["bed_closed", "bed_closure_due", "contract_terminated", "reassignment_started", "team_disbandment_started", null], steps.Select(s => s.GetAttribute("data-type")));
        Assert.Equal((first, end), (steps[0].QuerySelector("h2")!.TextContent, steps[^1].TextContent.Trim()));
        Assert.Equal(because, steps[1].QuerySelector(".because")!.TextContent);
        Assert.Equal("teamDisbanded", steps[2].QuerySelector("code")!.TextContent);
        Assert.Equal($"/why/{story.Terminated.EventId}", steps[2].QuerySelectorAll(".links a")[^1].GetAttribute("href"));
        Assert.DoesNotContain("⟦", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "contracts", "Contracts did not answer: what it knows of this is missing here.")]
    [InlineData("zh", "contracts", "签约服务未响应，此处缺少其记录。")]
    public async Task A_gap_is_shown_as_a_gap(string language, string silent, string gap)
    {
        dashboard.Neighbours.Silent.Add(silent);
        var page = await Open($"/why/{story.ClosureDue.EventId}", language);
        Assert.Equal(gap, page.QuerySelector(".gap .warn")!.TextContent);
        Assert.Equal("unanswered", page.QuerySelector("[data-end]")!.GetAttribute("data-end"));
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public async Task A_story_is_shown_in_order_and_what_has_none_is_said_to_have_none(string language)
    {
        var page = await Open($"/stories/{story.Resident}", language);
        Assert.Equal(["contract_signed", "bed_opened", "visit_planned", "contract_terminated", "bed_closure_due", "bed_closed"],
            page.QuerySelectorAll(".line > li").Select(s => s.GetAttribute("data-type")));
        Assert.DoesNotContain("⟦", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        foreach (var path in new[] { $"/stories/{Guid.CreateVersion7()}", $"/why/{Guid.CreateVersion7()}" })
            Assert.NotNull((await Open(path, language)).QuerySelector(".empty"));
        Assert.NotNull((await Open("/why", language)).QuerySelector(".find input"));
        Assert.NotNull((await Open("/why?wrong=nonsense", language)).QuerySelector(".empty"));
    }

    [Fact]
    public async Task Nobody_sees_a_story_without_a_right_to_it()
    {
        foreach (var path in new[] { $"/why/{story.Closed.EventId}", $"/stories/{story.Resident}", "/why" })
        {
            using var closed = await Browser().GetAsync(path);
            Assert.Equal((HttpStatusCode.Redirect, $"/sign-in?back={Uri.EscapeDataString(path)}"), (closed.StatusCode, closed.Headers.Location?.ToString()));
            using var forged = await Browser("eyJhbGciOiJub25lIn0.eyJyb2xlIjoiY2xpbmljIn0.").GetAsync(path);
            Assert.Equal(HttpStatusCode.Redirect, forged.StatusCode);
            using var resident = await Browser(dashboard.Token(Role.Resident)).GetAsync(path);
            Assert.EndsWith("&refused=role", resident.Headers.Location!.ToString(), StringComparison.Ordinal);
        }
        foreach (var path in new[] { $"/api/why/{story.Closed.EventId}", $"/api/stories/{story.Resident}", $"/api/worklists/practitioner?practitionerId={story.Resident}" })
        {
            using var anybody = new HttpClient { BaseAddress = dashboard.First.ClientOptions.BaseAddress };
            await anybody.Refuses(401, "UNAUTHENTICATED", path, method: "GET");
            await dashboard.First.Client(Role.Resident).Refuses(403, "FORBIDDEN_SCOPE", path, method: "GET");
        }
    }

    [Fact]
    public async Task A_token_once_pasted_opens_the_pages_and_no_script_or_other_site_can_have_it()
    {
        using var browser = Browser();
        using var answer = await browser.PostAsync("/sign-in/token", Form(dashboard.Token(Role.Clinic), $"/why/{story.Closed.EventId}"));
        Assert.Equal((HttpStatusCode.Redirect, $"/why/{story.Closed.EventId}"), (answer.StatusCode, answer.Headers.Location?.ToString()));
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Matches("^token=ey.*; expires=.*; path=/; samesite=lax; httponly$", cookie);
        using var shown = await Browser(cookie["token=".Length..cookie.IndexOf(';', StringComparison.Ordinal)]).GetAsync($"/why/{story.Closed.EventId}");
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);

        foreach (var (token, refused) in new[] { ("nonsense", "wrong"), ("", "wrong"), (dashboard.Token(Role.Resident), "role") })
        {
            using var no = await browser.PostAsync("/sign-in/token", Form(token, "//example.org"));
            Assert.Equal($"/sign-in?back=%2F&refused={refused}", no.Headers.Location?.ToString());
            Assert.False(no.Headers.Contains("Set-Cookie"));
        }
        using var elsewhere = new HttpRequestMessage(HttpMethod.Post, "/sign-in/token") { Content = Form(dashboard.Token(Role.Clinic), "/") };
        elsewhere.Headers.Add("Origin", "https://example.org");
        using var foreign = await browser.SendAsync(elsewhere);
        Assert.Equal((HttpStatusCode.BadRequest, false), (foreign.StatusCode, foreign.Headers.Contains("Set-Cookie")));
        using var left = await browser.PostAsync("/sign-out", null);
        Assert.StartsWith("token=; expires=Thu, 01 Jan 1970", Assert.Single(left.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);

        static FormUrlEncodedContent Form(string token, string back) => new(new Dictionary<string, string> { ["token"] = token, ["back"] = back });
    }

    [Theory]
    [InlineData(1440, "light", "en")]
    [InlineData(1440, "dark", "zh")]
    [InlineData(390, "light", "zh")]
    [InlineData(390, "dark", "en")]
    public async Task The_pages_are_accessible_and_fit_their_screen(int width, string theme, string language)
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
        var address = $"{dashboard.First.ClientOptions.BaseAddress}";
        var context = await browser.NewContextAsync(new() { BaseURL = address, ViewportSize = new() { Width = width, Height = 900 }, ReducedMotion = ReducedMotion.Reduce });
        await context.AddCookiesAsync([
            new() { Name = "lang", Value = language, Url = address }, new() { Name = "theme", Value = theme, Url = address },
            new() { Name = "token", Value = dashboard.Token(Role.Clinic), Url = address, HttpOnly = true }]);
        var page = await context.NewPageAsync();
        var errors = new List<string>();
        page.PageError += (_, error) => errors.Add(error);
        page.Console += (_, message) => { if (message.Type == "error") errors.Add($"{message.Text} {message.Location}"); };
        var shots = new[] { ("why", $"/why/{story.Closed.EventId}"), ("story", $"/stories/{story.Resident}"), ("none", $"/why/{Guid.CreateVersion7()}"), ("signin", "/sign-in?refused=wrong"), ("gap", $"/why/{story.ClosureDue.EventId}") };
        foreach (var (name, path) in shots)
        {
            if (name == "gap")
                dashboard.Neighbours.Silent.Add("contracts");
            await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
            await page.Locator("html[data-live=on]").WaitForAsync();
            if (Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder)
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{width}-{theme}-{language}.png"), FullPage = true });
            Assert.True(errors.Count == 0, $"{name}: {string.Join(", ", errors)}");
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{name} is wider than the screen");
            var found = await page.RunAxe(new AxeRunOptions());
            Assert.True(found.Violations.Length == 0,
                $"{name}: " + string.Join("\n", found.Violations.Select(v => $"{v.Id}: {v.Help}\n  {string.Join("\n  ", v.Nodes.Select(n => n.Html))}")));
        }
    }
}
