using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Teams.Viewing;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Teams.Tests.Forming;

[Collection("teams")]
public sealed class TeamsOverHttpTests(TeamsFixture city)
{
    [Fact]
    public async Task A_team_is_formed_staffed_and_activated_and_the_others_learn_all_of_it()
    {
        var (team, leader, institution) = await city.ActiveTeam();
        var details = await city.Clinic.GetFromJsonAsync<TeamDetails>($"/teams/{team}");
        Assert.Equal((TeamStatus.Active, leader, 2, 2000), (details!.Status, details.LeaderId, details.Members.Count, details.MaxPanel));
        Assert.Empty(details.MissingRoles);

        var told = await city.Told(team);
        Assert.Equal(["TeamFormed", "TeamMemberJoined", "TeamLeadChanged", "TeamMemberJoined", "TeamActivated", "TeamCapacitySet"], told.Select(t => t.Type));
        Assert.Equal([1, 2, 3, 4, 5, 6], told.Select(t => t.Message.GetProperty("streamVersion").GetInt32()));
        var facts = told[^1].Message.GetProperty("team");
        Assert.Equal(("Active", 2000, "330203", leader, institution, 2), (facts.GetProperty("status").GetString(), facts.GetProperty("maxPanel").GetInt32(),
            facts.GetProperty("districtCode").GetString(), facts.GetProperty("leaderId").GetGuid(), facts.GetProperty("institutionId").GetGuid(),
            facts.GetProperty("members").GetArrayLength()));
        var listed = await Talking.Eventually(async () => (await city.Clinic.GetFromJsonAsync<TeamPage>($"/teams?institutionId={institution}"))!.Items
            .SingleOrDefault(t => t.MaxPanel == 2000));
        Assert.Equal((team, 2, TeamStatus.Active), (listed.TeamId, listed.Members, listed.Status));
    }

    [Fact]
    public async Task Every_refusal_has_its_status()
    {
        var (active, leader, institution) = await city.ActiveTeam();
        var forming = await city.Team(institution);
        var (doctor, nurse) = (await city.Practitioner(institution), await city.Practitioner(institution, "nurse", city.Today));

        var problem = await city.Clinic.Refuses(422, "TEAM_INCOMPLETE", $"/teams/{forming}/activation");
        Assert.Equal("[\"gp\",\"nurse\"]", problem.GetProperty("missingRoles").GetRawText());
        await city.Clinic.Refuses(409, "TEAM_NOT_ACTIVE", $"/teams/{forming}/capacity", new { maxPanel = 10 });
        await city.Clinic.Refuses(422, "RULE_VIOLATION", $"/teams/{active}/capacity", new { maxPanel = 2001 });
        await city.Clinic.Refuses(409, "INVALID_TRANSITION", $"/teams/{forming}/resumption");
        problem = await city.Clinic.Refuses(422, "FTE_EXCEEDED", $"/teams/{forming}/members", new { practitionerId = leader, role = "gp", fte = 0.1 });
        Assert.Equal(0, problem.GetProperty("free").GetDecimal());
        await city.Join(forming, doctor, fte: 0.5m);
        await city.Clinic.Refuses(422, "LEAD_NOT_ELIGIBLE", $"/teams/{forming}/leader", new { practitionerId = leader });
        await city.Clinic.Do($"/teams/{forming}/leader", new { practitionerId = doctor });
        var third = await city.Team(institution);
        problem = await city.Clinic.Refuses(
            409, "PRACTITIONER_ALREADY_LEADS", $"/teams/{third}/members", new { practitionerId = doctor, role = "gp", fte = 0.5, lead = true });
        Assert.Equal(forming, problem.GetProperty("teamId").GetGuid());
        await city.Clinic.Refuses(422, "LICENCE_INVALID", $"/practitioners/{nurse}/licence", new { validTo = city.Today.AddDays(-1) });

        await city.Commission.Do($"/institutions/{institution}/suspension", new { reason = "inspection" });
        await city.Clinic.Refuses(409, "INSTITUTION_NOT_ACTIVE", "/teams", new { institutionId = institution, name = "样例", nameEn = "Sample" });
        await city.Clinic.Do($"/teams/{active}/suspension", new { reason = "inspection" });
        await city.Clinic.Refuses(409, "INSTITUTION_NOT_ACTIVE", $"/teams/{active}/resumption");
    }

    [Fact]
    public async Task A_team_changes_its_leader_loses_members_pauses_and_goes_on()
    {
        var (team, leader, institution) = await city.ActiveTeam();
        var second = await city.Practitioner(institution);
        await city.Join(team, second, fte: 0.5m);
        await city.Clinic.Do($"/teams/{team}/leader", new { practitionerId = second });
        await city.Clinic.Do($"/teams/{team}/members/{leader}/removal", new { reason = "departed" });
        await city.Clinic.Do($"/teams/{team}/suspension", new { reason = "holidays" });
        await city.Clinic.Do($"/teams/{team}/resumption");
        await city.Clinic.Do($"/teams/{team}/capacity", new { maxPanel = 600 });

        var details = await city.Clinic.GetFromJsonAsync<TeamDetails>($"/teams/{team}");
        Assert.Equal((TeamStatus.Active, second, 2, 600), (details!.Status, details.LeaderId, details.Members.Count, details.MaxPanel));
        var free = await city.Clinic.GetFromJsonAsync<PractitionerDetails>($"/practitioners/{leader}");
        Assert.Equal((0m, null), (free!.Fte, free.Leads));
        var capacities = (await city.Told(team)).Where(t => t.Type == "TeamCapacitySet").Select(t => t.Message.GetProperty("team").GetProperty("maxPanel").GetInt32());
        Assert.Equal([2000, 3000, 1000, 600], capacities);
    }

    [Fact]
    public async Task Two_instances_race_for_one_doctor_and_nobody_gets_more_than_there_is()
    {
        var second = await city.StartInstance();
        var clients = new[] { city.Clinic, second.Client(Role.Clinic) };
        var institution = await city.Institution();
        for (var round = 0; round < 10; round++)
        {
            var doctor = await city.Practitioner(institution);
            var teams = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => city.Team(institution)));
            var answers = await Task.WhenAll(teams.Select((team, i) => AskUntilItIsNotBusy(clients[i % 2],
                $"/teams/{team}/members", new { practitionerId = doctor, role = "gp", fte = 0.3, lead = true })));
            Assert.Single(answers, a => a.IsSuccessStatusCode);
            foreach (var refused in answers.Where(a => !a.IsSuccessStatusCode))
                Assert.Equal("PRACTITIONER_ALREADY_LEADS", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());

            var more = await Task.WhenAll(teams.Select((team, i) => AskUntilItIsNotBusy(clients[i % 2],
                $"/teams/{team}/members", new { practitionerId = doctor, role = "gp", fte = 0.3 })));
            var load = await city.Clinic.GetFromJsonAsync<PractitionerDetails>($"/practitioners/{doctor}");
            Assert.Equal((0.9m, 3), (load!.Fte, load.Teams.Count));
            Assert.Equal(6, more.Count(a => a.StatusCode is HttpStatusCode.UnprocessableEntity) + 1); // and the leader's own, with another wish
        }
    }

    /// <summary>On a slow machine somebody may wait longer than a command may; 503 asks him to come again.</summary>
    private static async Task<HttpResponseMessage> AskUntilItIsNotBusy(HttpClient client, string path, object body)
    {
        for (var turn = 1; ; turn++)
        {
            var answer = await client.PostAsJsonAsync(path, body);
            if (answer.StatusCode is not HttpStatusCode.ServiceUnavailable || turn == 10)
                return answer;
        }
    }

    [Fact]
    public async Task Two_instances_race_to_change_the_leader_and_one_doctor_leads()
    {
        var second = await city.StartInstance();
        var (team, leader, institution) = await city.ActiveTeam();
        var doctors = new List<Guid> { leader };
        for (var i = 0; i < 3; i++)
        {
            doctors.Add(await city.Practitioner(institution));
            await city.Join(team, doctors[^1], fte: 0.5m);
        }
        var clients = new[] { city.Clinic, second.Client(Role.Clinic) };
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(i =>
            clients[i % 2].PostAsJsonAsync($"/teams/{team}/leader", new { practitionerId = doctors[i % 4] })));
        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{a.StatusCode}"));
        Assert.Contains(answers, a => a.StatusCode is HttpStatusCode.OK);
        var now = (await city.Clinic.GetFromJsonAsync<TeamDetails>($"/teams/{team}"))!.LeaderId;
        foreach (var doctor in doctors)
        {
            var leads = (await city.Clinic.GetFromJsonAsync<PractitionerDetails>($"/practitioners/{doctor}"))!.Leads;
            Assert.Equal(doctor == now ? team : null, leads);
        }
    }

    [Fact]
    public async Task Who_read_an_older_version_is_told_and_what_is_asked_again_is_answered_again()
    {
        var (team, _, _) = await city.ActiveTeam();
        var late = city.Clinic;
        late.DefaultRequestHeaders.IfMatch.ParseAdd("\"2\"");
        var problem = await late.Refuses(412, "PRECONDITION_FAILED", $"/teams/{team}/suspension", new { reason = "holidays" });
        Assert.Equal(6, problem.GetProperty("currentVersion").GetInt64());
        var client = city.Clinic;
        client.DefaultRequestHeaders.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        Assert.Equal(await client.Do($"/teams/{team}/suspension", new { reason = "holidays" }), await client.Do($"/teams/{team}/suspension", new { reason = "holidays" }));
        await client.Refuses(422, "IDEMPOTENCY_MISMATCH", $"/teams/{team}/suspension", new { reason = "other" });
    }
}
