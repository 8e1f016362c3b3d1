using System.Net;
using System.Net.Http.Json;
using FamilyDoctor.Teams.Viewing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Teams.Tests.Governing;

[Collection("teams")]
public sealed class GoverningOverHttpTests(TeamsFixture city)
{
    [Fact]
    public async Task A_policy_takes_effect_at_its_moment_and_changes_nothing_before()
    {
        var (team, _, _) = await city.ActiveTeam();
        var before = (await city.Clinic.GetFromJsonAsync<PoliciesOfCity>("/policies"))!.Versions[^1].Version;
        var from = city.Clock.Now.AddHours(1);
        var policy = new { version = before + 1, from, policy = new { contractsPerGp = 1800 } };
        await city.Commission.Do("/policies", policy);
        await city.Commission.Do("/policies", policy);
        await city.Commission.Refuses(409, "POLICY_VERSION_KNOWN", "/policies", policy with { policy = new { contractsPerGp = 1900 } });
        await city.Commission.Refuses(422, "POLICY_FROM_PAST", "/policies", policy with { version = before + 2, from = city.Clock.Now.AddMinutes(-1) });
        await city.Clinic.Do($"/teams/{team}/capacity");
        Assert.Equal(2000, (await city.Clinic.GetFromJsonAsync<TeamDetails>($"/teams/{team}"))!.MaxPanel);

        city.Clock.Now = from;
        var known = await city.Clinic.GetFromJsonAsync<PoliciesOfCity>("/policies");
        Assert.Equal((before + 1, 1800), (known!.InForce, known.Versions[^1].Policy.ContractsPerGp));
        await Talking.Until(async () => // the service learns its own policy as a message, like all others
        {
            await city.Clinic.Do($"/teams/{team}/capacity");
            return (await city.Clinic.GetFromJsonAsync<TeamDetails>($"/teams/{team}"))!.MaxPanel == 1800;
        });
        var other = new { version = before + 2, from = city.Clock.Now.AddSeconds(1), policy = new { contractsPerGp = 2000 } };
        await city.Commission.Do("/policies", other); // back to what other tests rest on
        city.Clock.Now = other.from;
        await Talking.Until(async () =>
        {
            await city.Clinic.Do($"/teams/{team}/capacity");
            return (await city.Clinic.GetFromJsonAsync<TeamDetails>($"/teams/{team}"))!.MaxPanel == 2000;
        });
    }

    [Fact]
    public async Task The_calendar_is_set_as_a_whole()
    {
        var calendar = new { holidays = new[] { "2026-01-01", "2026-10-01" }, makeUpDays = new[] { "2026-02-14" } };
        using var answer = await city.Commission.PutAsJsonAsync("/calendar", calendar);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var told = (await city.Told(CityCalendar.StreamOf(new("330200"))))[^1];
        Assert.Equal(("CalendarChanged", 2), (told.Type, told.Message.GetProperty("holidays").GetArrayLength()));
        await city.Commission.Refuses(400, "VALIDATION_FAILED", "/calendar", new { holidays = new[] { "2026-02-30" }, makeUpDays = Array.Empty<string>() }, "PUT");
    }

    [Fact]
    public async Task A_figure_is_reported_with_its_source()
    {
        var figure = new
        {
            figure = "usualResidents",
            from = "2023-01-01",
            to = "2023-12-31",
            value = 9_697_000,
            unit = "count",
            source = "sample census",
            publishedOn = "2024-02-20",
        };
        var reported = await city.Commission.Do("/figures", figure);
        Assert.Equal(reported, await city.Commission.Do("/figures", figure));
        var told = Assert.Single(await city.Told(reported.Id));
        Assert.Equal((9_697_000d, "sample census"), (told.Message.GetProperty("value").GetDouble(), told.Message.GetProperty("source").GetString()));
    }
}
