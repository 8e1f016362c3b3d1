using System.Net;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Teams.Tests.Reaching;

/// <summary>Everybody reads the directory, each institution changes its own; a question about a resident is his team's and his own.</summary>
[Collection("teams")]
public sealed class TeamsReachTests(TeamsFixture city)
{
    private HttpClient OtherClinic => city.First.Scoped(Role.Clinic, Guid.CreateVersion7());

    [Fact]
    public async Task The_directory_is_read_by_all_and_changed_by_whose_it_is()
    {
        var (team, leader, institution) = await city.ActiveTeam();
        var own = city.First.Scoped(Role.Clinic, institution);
        foreach (var path in (string[])[$"/teams/{team}", $"/practitioners/{leader}", $"/institutions/{institution}"])
            Assert.Equal(HttpStatusCode.OK, (await OtherClinic.GetAsync(path)).StatusCode);
        await OtherClinic.Refuses(404, "NOT_FOUND", $"/teams/{team}/suspension", new { reason = "renovation" });
        await own.Do($"/teams/{team}/suspension", new { reason = "renovation" });
        await city.First.Scoped(Role.Commission).Do($"/teams/{team}/resumption");
    }

    [Fact]
    public async Task A_question_about_a_resident_is_his_team_s_and_his_own()
    {
        var (team, leader, institution) = await city.ActiveTeam();
        var (own, resident, pharmacist) = (city.First.Scoped(Role.Clinic, institution), Guid.CreateVersion7(), await city.Practitioner(institution, "pharmacist"));
        await city.Join(team, pharmacist, "pharmacist", 0.5m);
        var question = new { teamId = team, role = "pharmacist", askedBy = (Guid?)leader, residentId = resident, question = "interaction" };
        await OtherClinic.Refuses(404, "NOT_FOUND", "/help-requests", question);
        var help = (await own.Do("/help-requests", question)).Id;
        Assert.Equal(HttpStatusCode.OK, (await own.GetAsync($"/help-requests/{help}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await own.GetAsync($"/help-requests?teamId={team}")).StatusCode);
        await OtherClinic.Refuses(404, "NOT_FOUND", $"/help-requests/{help}", method: "GET");
        await OtherClinic.Refuses(404, "NOT_FOUND", $"/help-requests?teamId={team}", method: "GET");
        await OtherClinic.Refuses(404, "NOT_FOUND", $"/help-requests/{help}/answer", new { by = pharmacist, outcome = "advised" });
        await own.Refuses(403, "FORBIDDEN_SCOPE", "/help-requests", method: "GET");
        await city.First.Scoped(Role.Commission).Refuses(403, "PURPOSE_REQUIRED", $"/help-requests/{help}", method: "GET");
        Assert.Equal(HttpStatusCode.OK, (await city.First.Scoped(Role.Resident, subject: resident.ToString()).GetAsync($"/help-requests/{help}")).StatusCode);
        await city.First.Scoped(Role.Resident, subject: Guid.CreateVersion7().ToString()).Refuses(404, "NOT_FOUND", $"/help-requests/{help}", method: "GET");
        await city.First.Scoped(Role.Resident, subject: Guid.CreateVersion7().ToString()).Refuses(404, "NOT_FOUND", "/help-requests",
            new { teamId = team, role = "pharmacist", residentId = resident, question = "interaction" });
    }
}
