using System.Net.Http.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Teams.Viewing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Teams.Tests.Rating;

[Collection("teams")]
public sealed class AssessingOverHttpTests(TeamsFixture city)
{
    [Fact]
    public async Task A_year_is_assessed_from_components_surveys_and_complaints_and_awarded_once_all_is_known()
    {
        var (team, doctor, _) = await city.ActiveTeam();
        var period = city.Today.Year;
        foreach (var score in new[] { 5, 4, 4 })
            await city.First.Client(Role.Resident).Do("/surveys", new { practitionerId = doctor, appointmentId = Guid.CreateVersion7(), teamId = team, score });
        var complaint = (await city.First.Client(Role.Resident).Do("/complaints", new { practitionerId = doctor, teamId = team, kind = "access" })).Id;
        await city.Commission.Do($"/complaints/{complaint}/upholding", new { finding = "justified" });
        await city.Commission.Do($"/practitioners/{doctor}/assessments", new { period });
        var open = await Assessment(doctor, period);
        Assert.Equal((3, 1, 7), (open.Surveys, open.UpheldComplaints, open.Missing.Count));
        var problem = await city.Commission.Refuses(422, "STAR_PREREQUISITE", $"/practitioners/{doctor}/stars", new { period });
        Assert.Equal(7, problem.GetProperty("missing").GetArrayLength());
        await city.Commission.Refuses(422, "RULE_VIOLATION", $"/practitioners/{doctor}/assessments/{period}/components", new { code = "renewal", score = 11, source = "count" });
        foreach (var (code, most) in open.Weights.Where(w => w.Key != StarAssessment.Satisfaction))
            await city.Commission.Do($"/practitioners/{doctor}/assessments/{period}/components", new { code, score = most - 1, source = "count" });
        Assert.Equal(83 + 7.33m, (await Assessment(doctor, period)).Score); // 10 x (4.33 - 1) / 4 - 1

        await city.Commission.Do($"/practitioners/{doctor}/stars", new { period });
        Assert.Equal(4, (await city.Clinic.GetFromJsonAsync<PractitionerDetails>($"/practitioners/{doctor}"))!.Stars);
        await city.Commission.Refuses(409, "STAR_PERIOD_CLOSED", $"/practitioners/{doctor}/assessments/{period}/components", new { code = "renewal", score = 1, source = "count" });
        var closed = await Talking.Eventually(async () => (await city.Commission.GetFromJsonAsync<StarAssessmentPage>($"/assessments?period={period}"))!.Items
            .SingleOrDefault(a => a.PractitionerId == doctor && a.Status is StarAssessmentStatus.Closed));
        Assert.Equal((4, 90.33m), (closed.Stars, closed.Score));
        await city.Commission.Do($"/practitioners/{doctor}/stars/revocation", new { reason = "audit" });
        Assert.Equal(0, (await city.Clinic.GetFromJsonAsync<PractitionerDetails>($"/practitioners/{doctor}"))!.Stars);
    }

    [Fact]
    public async Task A_studio_has_sessions_of_its_own_and_closes_when_its_stars_are_over()
    {
        var (team, doctor, _) = await city.ActiveTeam();
        var year = city.Today.Year;
        foreach (var period in new[] { year - 2, year - 1 })
        {
            await city.Import("stars", new
            {
                id = $"{doctor} {period}",
                occurredAt = city.Clock.Now,
                practitionerId = doctor,
                period,
                components = new[] { new { code = "all", score = 95 } },
                stars = period == year - 1 ? 5 : 4
            });
        }
        var studio = (await city.Commission.Do("/studios", new { leaderId = doctor, teamId = team })).Id;
        using var set = await city.Clinic.PutAsJsonAsync($"/studios/{studio}/hours", new { hours = new[] { new { day = "friday", opens = "09:00", closes = "12:00" } } });
        Assert.True(set.IsSuccessStatusCode, await set.Content.ReadAsStringAsync());
        await Talking.Until(async () => (await city.Clinic.GetFromJsonAsync<List<Studios>>("/studios"))!.Any(s => s.StudioId == studio && s.Hours.Count == 1));
        city.Clock.Now = city.Clock.Now.AddYears(1).AddDays(1);
        await Talking.Until(async () => (await city.Clinic.GetFromJsonAsync<List<Studios>>("/studios?open=false"))!.Any(s => s.StudioId == studio && s.ClosedFor == "starsOver"));
        Assert.Equal(["StarAwarded", "StarAwarded", "StudioOpened", "StudioHoursSet", "StudioClosed"], (await city.Told(doctor)).Select(t => t.Type).Skip(1));
    }

    private async Task<AssessmentOfYear> Assessment(Guid doctor, int period) =>
        (await city.Commission.GetFromJsonAsync<AssessmentOfYear>($"/practitioners/{doctor}/assessments/{period}"))!;
}
