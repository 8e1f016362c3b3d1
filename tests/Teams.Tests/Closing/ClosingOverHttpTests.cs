using System.Net.Http.Json;
using FamilyDoctor.Teams.Viewing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Teams.Tests.Closing;

[Collection("teams")]
public sealed class ClosingOverHttpTests(TeamsFixture city)
{
    [Fact]
    public async Task A_closed_institution_s_teams_and_people_go_on_under_the_successor_of_its_successor()
    {
        var (team, leader, institution) = await city.ActiveTeam();
        var (second, last) = (await city.Institution(), await city.Institution());
        await city.Commission.Do($"/institutions/{institution}/closure", new { successorId = second, reason = "retired" });
        await city.Commission.Do($"/institutions/{last}/merger", new { from = new[] { second } });
        await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<TeamDetails>($"/teams/{team}"), t => t.InstitutionId == last);
        await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<PractitionerDetails>($"/practitioners/{leader}"), p => p.InstitutionId == last);
        await Talking.Until(async () => (await city.Clinic.GetFromJsonAsync<TeamPage>($"/teams?institutionId={last}"))!.Items.Any(t => t.TeamId == team));
        var details = await city.Clinic.GetFromJsonAsync<InstitutionDetails>($"/institutions/{last}");
        Assert.Equal(second, Assert.Single(details!.MergedFrom));
        Assert.Equal(InstitutionStatus.Closed, (await city.Clinic.GetFromJsonAsync<InstitutionDetails>($"/institutions/{institution}"))!.Status);
        await city.Clinic.Refuses(409, "INSTITUTION_NOT_ACTIVE", "/teams", new { institutionId = institution, name = "样例", nameEn = "Sample" });
        await city.Clinic.Do($"/teams/{team}/suspension", new { reason = "holidays" });
        await city.Clinic.Do($"/teams/{team}/resumption"); // its new home counts
    }

    [Fact]
    public async Task Two_institutions_become_part_of_a_third_at_once_or_not_at_all()
    {
        var (one, two, into) = (await city.Institution(), await city.Institution(), await city.Institution());
        await city.Commission.Refuses(404, "NOT_FOUND", $"/institutions/{into}/merger", new { from = new[] { one, Guid.CreateVersion7() } });
        Assert.Equal(InstitutionStatus.Active, (await city.Clinic.GetFromJsonAsync<InstitutionDetails>($"/institutions/{one}"))!.Status);
        await city.Commission.Do($"/institutions/{into}/merger", new { from = new[] { one, two } });
        Assert.Equal(InstitutionStatus.Closed, (await city.Clinic.GetFromJsonAsync<InstitutionDetails>($"/institutions/{two}"))!.Status);
        Assert.Equal(["InstitutionRegistered", "InstitutionActivated", "InstitutionsMerged"], (await city.Told(into)).Select(t => t.Type));
    }
}
