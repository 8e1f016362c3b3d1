using System.Net.Http.Json;
using FamilyDoctor.Teams.Viewing;
using FamilyDoctor.Testing;
using Npgsql;

namespace FamilyDoctor.Teams.Tests.Covering;

[Collection("teams")]
public sealed class CoveringOverHttpTests(TeamsFixture city)
{
    [Fact]
    public async Task What_waits_for_somebody_who_goes_away_is_the_cover_s_at_once_and_each_answer_says_for_whom()
    {
        var (team, doctor, institution) = await city.ActiveTeam();
        var (pharmacist, cover) = (await city.Practitioner(institution, "pharmacist"), await city.Practitioner(institution, "pharmacist"));
        await city.Join(team, pharmacist, "pharmacist", 0.5m);
        var before = await Ask(team, doctor);
        Assert.Equal((pharmacist, pharmacist), await Owned(before));

        var absence = new { id = Guid.CreateVersion7(), from = city.Clock.Now.AddHours(1), to = city.Clock.Now.AddDays(5), coveredBy = cover, reason = "leave" };
        await city.Clinic.Do($"/practitioners/{pharmacist}/absences", absence);
        city.Clock.Now = absence.from; // nobody has to press a button
        await Talking.Until(async () => await Owned(before) == (pharmacist, cover));
        var during = await Ask(team, doctor);
        Assert.Equal((pharmacist, cover), await Owned(during));
        await city.Clinic.Refuses(409, "NOT_THE_OWNER", $"/help-requests/{before}/answer", new { by = pharmacist, outcome = "advised" });
        await city.Clinic.Do($"/help-requests/{before}/answer", new { by = cover, outcome = "advised" });
        var answered = (await city.Told(before))[^1];
        Assert.Equal(("HelpAnswered", cover, pharmacist), (answered.Type, answered.Message.GetProperty("by").GetGuid(), answered.Message.GetProperty("onBehalfOf").GetGuid()));
        Assert.Equal(pharmacist.ToString(), await ActorOf(before, "help_answered"));

        await city.Clinic.Do($"/practitioners/{pharmacist}/absences/{absence.id}/end"); // back earlier
        await Talking.Until(async () => await Owned(during) == (pharmacist, pharmacist));
        Assert.Equal(["CoverNamed", "AbsenceStarted", "CoverEnded"], (await city.Told(Absences.StreamOf(pharmacist))).Select(t => t.Type));
        var listed = await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<List<AbsencesOfPractitioner>>($"/practitioners/{cover}/absences"), a => a.Count == 1);
        Assert.Equal((pharmacist, AbsenceStatus.Over), (listed[0].PractitionerId, listed[0].Status));
    }

    [Fact]
    public async Task Nobody_absent_owns_anything_however_the_absences_overlap()
    {
        var (team, doctor, institution) = await city.ActiveTeam();
        var people = new List<Guid>();
        for (var i = 0; i < 4; i++)
            people.Add(await city.Practitioner(institution, "nutritionist"));
        await city.Join(team, people[0], "nutritionist", 0.5m);
        await city.Join(team, people[1], "nutritionist", 0.5m);
        var requests = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Ask(team, doctor, "nutritionist")));
        for (var i = 0; i < 3; i++) // each covers the one before, and then goes away himself
        {
            var (from, to) = (city.Clock.Now.AddMinutes(1), city.Clock.Now.AddDays(4 - i));
            await city.Clinic.Do($"/practitioners/{people[i]}/absences", new { from, to, coveredBy = people[i + 1], reason = "illness" });
            city.Clock.Now = from;
        }
        await Talking.Until(async () =>
        {
            var owners = await Task.WhenAll(requests.Select(Owned));
            return owners.All(o => o.Owner == people[3]);
        });
        var worklist = await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<List<HelpRequests>>($"/help-requests?ownerId={people[3]}"), r => r.Count == 6);
        Assert.All(worklist, r => Assert.Equal(team, r.TeamId));
    }

    private async Task<Guid> Ask(Guid team, Guid doctor, string role = "pharmacist") =>
        (await city.Clinic.Do("/help-requests", new { teamId = team, role, askedBy = doctor, residentId = Guid.CreateVersion7(), question = "advice" })).Id;

    private async Task<(Guid? Responsible, Guid? Owner)> Owned(Guid help)
    {
        var details = await city.Clinic.GetFromJsonAsync<HelpRequestDetails>($"/help-requests/{help}");
        return (details!.Responsible, details.Owner);
    }

    /// <summary>For whom the envelope of the stored event says that it was done.</summary>
    private async Task<string?> ActorOf(Guid stream, string type)
    {
        await using var database = NpgsqlDataSource.Create(city.Database);
        await using var command = database.CreateCommand("select headers::text from mt_events where stream_id = $1 and type = $2");
        command.Parameters.AddWithValue(stream);
        command.Parameters.AddWithValue(type);
        var headers = System.Text.Json.JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!).RootElement;
        var actor = headers.EnumerateObject().Single(p => p.Name.Equals("actor", StringComparison.OrdinalIgnoreCase)).Value;
        return actor.EnumerateObject().Single(p => p.Name.Equals("onBehalfOf", StringComparison.OrdinalIgnoreCase)).Value.GetString();
    }
}
