using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Testing;

namespace FamilyDoctor.Contracts.Tests.Signing;

[Collection("contracts")]
public sealed class SigningOverHttpTests(ContractsFixture city)
{
    [Fact]
    public async Task A_resident_applies_is_signed_and_the_seat_counts()
    {
        var team = await city.Team(seats: 5);
        var resident = await city.RegisterResident();
        var contract = await city.Clinic.Do("/contracts", new { residentId = resident, teamId = team });
        await city.Clinic.Do($"/contracts/{contract.Id}/signature", new { proofMethod = "inPerson" });

        var details = await city.Clinic.GetFromJsonAsync<ContractDetails>($"/contracts/{contract.Id}");
        Assert.Equal((resident, team, ContractStatus.Active), (details!.ResidentId, details.TeamId, details.Status));
        var panel = await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<PanelOfTeam>($"/teams/{team}/panel"), p => p.Confirmed == 1);
        Assert.Equal(0, panel.Reserved);
    }

    [Fact]
    public async Task Two_instances_race_to_sign_one_resident_and_one_wins()
    {
        var second = await city.StartInstance();
        var teams = new[] { await city.Team(seats: 50), await city.Team(seats: 50) };
        foreach (var resident in await city.RegisterResidents(20))
        {
            var clients = new[] { city.Clinic, second.Client(Role.Clinic) };
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
                clients[i % 2].PostAsJsonAsync("/contracts", new { residentId = resident, teamId = teams[i / 2 % 2] })));
            Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Created);
            foreach (var refused in answers.Where(a => a.StatusCode != HttpStatusCode.Created))
                Assert.Equal("APPLICATION_PENDING", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        }
    }

    [Fact]
    public async Task Ten_thousand_sign_at_once_on_two_instances_while_another_team_ends_and_exactly_the_free_seats_are_given()
    {
        const int Residents = 10_000, Seats = 1_500, Ending = 150, Rivals = 300;
        var second = await city.StartInstance();
        var (team, ending, other) = (await city.Team(Seats), await city.Team(Ending), await city.Team(Rivals + Ending));
        await city.Sign(ending, Ending);
        var residents = await city.RegisterResidents(Residents);
        var clients = new[] { city.Clinic, second.Client(Role.Clinic) };
        using var atOnce = new SemaphoreSlim(512);
        var answered = 0;
        var half = new TaskCompletionSource();

        // The first ask for another team too, at the same moment and of the other instance.
        var signings = residents.Select((resident, i) => Sign(clients[i % 2], resident, team))
            .Concat(residents.Take(Rivals).Select((resident, i) => Sign(clients[(i + 1) % 2], resident, other))).ToList();
        await half.Task;
        await city.Publish(new TeamDisbandmentStarted(ending, DateOnly.FromDateTime(city.Clock.Now.AddDays(40).Date), "merger", [team, other])
        { EventId = Guid.CreateVersion7(), StreamId = ending, StreamVersion = 10, OccurredAt = city.Clock.Now, CorrelationId = "x" });
        var everybody = Task.WhenAll(signings);
        while (await Task.WhenAny(everybody, Task.Delay(50)) != everybody)
            city.Clock.Now = city.Clock.Now.AddSeconds(1); // the pages of the disbandment come a second apart
        var answers = await everybody;

        // Whoever was refused had been with the other team first, or there was no seat any more: not one too early.
        await using var database = Npgsql.NpgsqlDataSource.Create(city.Database);
        var seats = (await Read(database, "select timestamp from mt_events where stream_id = $1 and type = 'panel_seat_reserved' order by version",
            row => row.GetFieldValue<DateTimeOffset>(0), TeamPanel.StreamOf(team, 2024)))!;
        Assert.Equal(Seats, seats.Count);
        Assert.All(answers.Where(a => a.Team == team && a.Code == "PANEL_FULL"), a => Assert.True(a.At >= seats[^1], $"{a.At:O} {seats[^1]:O}"));
        Assert.All(answers.Where(a => a.Code is not ("signed" or "PANEL_FULL")), a =>
            Assert.True(a.Code is "APPLICATION_PENDING" or "ALREADY_CONTRACTED" && residents.Take(Rivals).Contains(a.Resident), $"{a.Resident} {a.Code}"));
        Assert.DoesNotContain(answers.Where(a => a.Team == other), a => a.Code == "PANEL_FULL");

        // Each resident has one contract at most, and each seat is somebody's.
        Assert.DoesNotContain(answers.Where(a => a.Code == "signed").GroupBy(a => a.Resident), g => g.Count() > 1);
        Assert.Equal(0, (await Read(database, """
            select count(*) from (select stream_id from mt_events where type = 'contract_applied' and stream_id = any($1) group by stream_id having count(*) > 1) as twice
            """, row => row.GetInt64(0), residents.ToArray())).Single());
        var reassigned = await city.Pass(() => Talking.Eventually(async () => (await Read(database, """
            select count(*) filter (where data ->> 'ToTeam' = $2), count(*) from mt_events
            where type = 'contract_reassignment_required' and data ->> 'FromTeam' = $1
            """, row => (ToTeam: row.GetInt64(0), All: row.GetInt64(1)), ending.ToString(), team.ToString())).Single(), r => r.All == Ending));
        var signed = answers.Count(a => a.Team == team && a.Code == "signed");
        Assert.Equal(Seats, signed + reassigned.ToTeam);
        var panel = await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<PanelOfTeam>($"/teams/{team}/panel"), p => p.Confirmed == signed);
        Assert.Equal((Seats, reassigned.ToTeam), (panel.Cap, panel.Reserved));

        async Task<(Guid Resident, Guid Team, string Code, DateTimeOffset At)> Sign(HttpClient client, Guid resident, Guid with)
        {
            await atOnce.WaitAsync();
            try
            {
                var contract = Guid.CreateVersion7();
                var code = await Ask(client, "/contracts", new { id = contract, residentId = resident, teamId = with }) is { } refused
                    ? refused : await Ask(client, $"/contracts/{contract}/signature", new { proofMethod = "inPerson" }) ?? "signed";
                return (resident, with, code, TimeProvider.System.GetUtcNow());
            }
            finally
            {
                atOnce.Release();
                if (Interlocked.Increment(ref answered) == Seats / 2)
                    half.SetResult();
            }
        }
    }

    /// <summary>The code of a refusal, or null; a service that is busy is asked again.</summary>
    private static async Task<string?> Ask(HttpClient client, string path, object body)
    {
        while (true)
        {
            using var answer = await client.PostAsJsonAsync(path, body);
            if (answer.IsSuccessStatusCode)
                return null;
            if (answer.StatusCode is not HttpStatusCode.ServiceUnavailable)
                return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString()!;
        }
    }

    private static async Task<List<T>> Read<T>(Npgsql.NpgsqlDataSource database, string sql, Func<Npgsql.NpgsqlDataReader, T> read, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        var found = new List<T>();
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync())
            found.Add(read(row));
        return found;
    }

    [Fact]
    public async Task A_freed_seat_is_seen_by_the_other_instance_at_once()
    {
        var second = await city.StartInstance();
        var team = await city.Team(seats: 1);
        var residents = await city.RegisterResidents(2);
        var first = await city.Clinic.Do("/contracts", new { residentId = residents[0], teamId = team });
        await second.Client(Role.Clinic).Refuses(409, "PANEL_FULL", "/contracts", new { residentId = residents[1], teamId = team });
        await city.Clinic.Do($"/contracts/{first.Id}/withdrawal");
        await second.Client(Role.Clinic).Do("/contracts", new { residentId = residents[1], teamId = team });
    }

    [Fact]
    public async Task News_of_a_team_may_come_twice_and_out_of_order()
    {
        var team = await city.Team(seats: 1);
        await city.Publish(city.Activated(team, seats: 9, version: 7));
        await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<PanelOfTeam>($"/teams/{team}/panel"), p => p.Cap == 9);
        var older = city.Activated(team, seats: 4, version: 5);
        await city.Publish(older);
        await city.Publish(older);
        await city.Publish(city.Activated(team, seats: 11, version: 8));
        await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<PanelOfTeam>($"/teams/{team}/panel"), p => p.Cap == 11);
    }

    [Fact]
    public async Task What_is_asked_again_with_the_same_key_is_answered_again()
    {
        var team = await city.Team(seats: 3);
        var resident = await city.RegisterResident();
        var client = city.Clinic;
        client.DefaultRequestHeaders.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        var first = await client.Do("/contracts", new { residentId = resident, teamId = team });
        var again = await client.Do("/contracts", new { residentId = resident, teamId = team });
        Assert.Equal(first.Version, again.Version);
        await client.Refuses(422, "IDEMPOTENCY_MISMATCH", "/contracts", new { residentId = resident, teamId = team, termMonths = 24 });
    }

    [Fact]
    public async Task Who_read_an_older_version_is_told_the_current_one()
    {
        var team = await city.Team(seats: 3);
        var contract = await city.Clinic.Do("/contracts", new { residentId = await city.RegisterResident(), teamId = team });
        var client = city.Clinic;
        client.DefaultRequestHeaders.IfMatch.ParseAdd($"\"{contract.Version - 1}\"");
        var problem = await client.Refuses(412, "PRECONDITION_FAILED", $"/contracts/{contract.Id}/signature", new { proofMethod = "inPerson" });
        Assert.Equal(contract.Version, problem.GetProperty("currentVersion").GetInt64());
    }

    [Fact]
    public async Task The_channel_through_which_somebody_asks_stands_with_his_events()
    {
        var (client, team, resident) = (city.Clinic, await city.Team(seats: 3), await city.RegisterResident());
        client.DefaultRequestHeaders.Add("Channel", "wechat");
        var contract = await client.Do("/contracts", new { residentId = resident, teamId = team });
        await using var database = Npgsql.NpgsqlDataSource.Create(city.Database);
        await using var command = database.CreateCommand("select count(*) from mt_events where type = 'contract_applied' and headers::text like '%wechat%' and stream_id = $1");
        command.Parameters.AddWithValue(resident);
        Assert.Equal(1L, await command.ExecuteScalarAsync());
        var other = city.Clinic;
        other.DefaultRequestHeaders.Add("Channel", "smoke signal");
        await other.Refuses(400, "VALIDATION_FAILED", $"/contracts/{contract.Id}/withdrawal");
    }

    [Fact]
    public async Task Who_is_old_enough_belongs_to_the_elderly_by_himself()
    {
        var team = await city.Team(seats: 3);
        var elder = (await city.Clinic.Do("/residents", new
        {
            certificateType = "passport",
            certificateNumber = "E19550101",
            name = "Sample Elder",
            sex = "male",
            birthDate = "1955-01-01",
            districtCode = "330203",
            eligibility = new { basis = "HouseholdRegistration", evidenceType = "register", since = "2010-01-01" },
        })).Id;
        var contract = await city.Clinic.Do("/contracts", new { residentId = elder, teamId = team });
        await city.Clinic.Do($"/contracts/{contract.Id}/signature", new { proofMethod = "inPerson" });
        var details = (await city.Clinic.GetFromJsonAsync<ContractDetails>($"/contracts/{contract.Id}"))!;
        Assert.Contains("elderly", details.PackageIds);
        Assert.Contains(details.Obligations, o => o.Kind == "annualExam");
    }

    [Fact]
    public async Task The_certificate_is_known_once_and_never_readable()
    {
        var resident = ContractsFixture.Resident(900_001);
        var first = await city.Clinic.Do("/residents", resident);
        var problem = await city.Clinic.Refuses(409, "RESIDENT_KNOWN", "/residents", resident);
        Assert.Equal(first.Id, problem.GetProperty("residentId").GetGuid());
        await using var database = Npgsql.NpgsqlDataSource.Create(city.Database);
        await using var command = database.CreateCommand(
            "select count(*) from mt_events where data::text like '%Sample Resident%' or data::text like '%19800517%' or data::text like '%1980-05-17%'");
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }
}
