using System.Net.Http.Json;
using FamilyDoctor.Teams.Viewing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Teams.Tests.Rating;

[Collection("teams")]
public sealed class StarsOverHttpTests(TeamsFixture city)
{
    private int LastYear => city.Today.Year - 1;

    [Fact]
    public async Task A_doctor_is_awarded_stars_once_a_year()
    {
        var doctor = await city.Practitioner(await city.Institution());
        var award = new { period = LastYear, components = new[] { new { code = "fulfilment", score = 20.0 }, new { code = "others", score = 65.5 } } };
        await city.Clinic.Refuses(403, "FORBIDDEN_SCOPE", $"/practitioners/{doctor}/stars", award);
        await city.Commission.Do($"/practitioners/{doctor}/stars", award);
        await city.Commission.Refuses(409, "STAR_PERIOD_CLOSED", $"/practitioners/{doctor}/stars", award);

        var details = await city.Clinic.GetFromJsonAsync<PractitionerDetails>($"/practitioners/{doctor}");
        Assert.Equal((4, city.Today.AddYears(1).AddDays(-1)), (details!.Stars, details.StarsValidTo));
        var told = (await city.Told(doctor))[^1];
        Assert.Equal(("StarAwarded", 4, 4, LastYear), (told.Type, told.Message.GetProperty("stars").GetInt32(),
            told.Message.GetProperty("practitioner").GetProperty("stars").GetInt32(), told.Message.GetProperty("period").GetInt32()));
    }

    [Fact]
    public async Task Five_stars_need_the_year_before_and_room_for_one_more()
    {
        var doctor = await city.Practitioner(await city.Institution());
        var award = new { period = LastYear, components = new[] { new { code = "all", score = 95 } } };
        await city.Commission.Refuses(422, "STAR_PREREQUISITE", $"/practitioners/{doctor}/stars", award);
        await city.Commission.Do($"/practitioners/{doctor}/stars", new { period = LastYear - 1, components = new[] { new { code = "all", score = 90 } } });
        var problem = await city.Commission.Refuses(409, "STAR_QUOTA_FULL", $"/practitioners/{doctor}/stars", award); // two in a hundred: there are too few doctors
        Assert.Equal(4, problem.GetProperty("possible").GetInt32());
        await city.Commission.Do($"/practitioners/{doctor}/stars", new { award.period, award.components, stars = 4 });
    }

    [Fact]
    public async Task A_studio_needs_five_stars()
    {
        var (team, leader, _) = await city.ActiveTeam();
        await city.Commission.Refuses(422, "STAR_PREREQUISITE", "/studios", new { leaderId = leader, teamId = team });
    }
}
