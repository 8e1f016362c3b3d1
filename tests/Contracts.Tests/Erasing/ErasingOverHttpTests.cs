using System.Net.Http.Json;
using FamilyDoctor.Contracts.Registering;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FamilyDoctor.Contracts.Tests.Erasing;

[Collection("contracts")]
public sealed class ErasingOverHttpTests(ContractsFixture city)
{
    private static readonly object OnRequest = new { reason = "residentRequest" };

    [Fact]
    public async Task Who_is_erased_cannot_be_read_or_found_again_and_his_events_stay()
    {
        var officer = city.First.Client(Role.Commission);
        var (form, household, team) = (ContractsFixture.Resident(800_001), Guid.CreateVersion7(), await city.Team(5));
        var id = (await city.Clinic.Do("/residents", form)).Id;
        var guardian = Guid.CreateVersion7();
        await city.Clinic.Do($"/residents/{id}/guardian", new { id = guardian, name = "Sample Guardian", relation = "child" });
        await city.Clinic.Do($"/residents/{id}/certificates", new { certificateType = "passport", certificateNumber = "E80000100" });
        await city.Clinic.Do($"/households/{household}/members", new { residentId = id });
        var contract = (await city.Clinic.Do("/contracts", new { residentId = id, teamId = team })).Id;

        await city.Clinic.Refuses(403, "FORBIDDEN_SCOPE", $"/residents/{id}/erasure", OnRequest);
        await officer.Refuses(409, "INVALID_TRANSITION", $"/residents/{id}/erasure", OnRequest);
        await city.Clinic.Do($"/contracts/{contract}/signature", new { proofMethod = "inPerson" });
        await officer.Refuses(409, "INVALID_TRANSITION", $"/residents/{id}/erasure", OnRequest);
        Assert.NotNull(await Vault.Find(id, default)); // what was refused destroyed nothing
        await city.Clinic.Do($"/contracts/{contract}/termination", new { reason = "ResidentRequest" });

        await officer.Do($"/residents/{id}/erasure", OnRequest);
        await officer.Do($"/residents/{id}/erasure", OnRequest);
        Assert.Null(await Vault.Find(id, default));
        Assert.Null(await city.First.Services.GetRequiredService<Documents>().Find(Ids.Of(id, $"guardian:{guardian}"), default));
        Assert.Equal(0L, await Count("select (select count(*) from residents where id = $1) + (select count(*) from fd_documents where resident_id = $1) + (select count(*) from resident_certificates where resident_id = $1)", id));
        Assert.Equal(1L, await Count("select count(*) from mt_events where stream_id = $1 and type = 'resident_erased' and headers::text like '%tester%' and data::text like '%residentRequest%'", id));
        Assert.Equal(1L, await Count("select count(*) from mt_events where stream_id = $1 and type = 'contract_signed'", id));
        await Talking.Eventually(() => city.Clinic.GetFromJsonAsync<List<HouseholdMembers>>($"/households/{household}/members"), m => m.Count == 0);
        Assert.Equal(ContractStatus.Terminated, (await city.Clinic.GetFromJsonAsync<ContractDetails>($"/contracts/{contract}"))!.Status);

        await city.Clinic.Refuses(422, "RESIDENT_ERASED", "/contracts", new { residentId = id, teamId = team });
        await city.Clinic.Refuses(422, "RESIDENT_ERASED", $"/residents/{id}/guardian", new { name = "Sample Guardian", relation = "child" });
        var again = (await city.Clinic.Do("/residents", form)).Id; // who comes back is somebody new
        Assert.NotEqual(id, again);
        await Talking.Until(async () => (await city.Told<IntegrationEvents.Contracts.ResidentErased>()).Count(m => m.ResidentId == id) == 1);
    }

    [Fact]
    public async Task A_registration_that_was_merged_into_his_is_erased_with_him_and_the_message_does_it_too()
    {
        var (survivor, duplicate) = ((await city.Clinic.Do("/residents", ContractsFixture.Resident(800_002))).Id, (await city.Clinic.Do("/residents", ContractsFixture.Resident(800_003))).Id);
        await city.Clinic.Do("/residents/merges", new { residentId = survivor, otherId = duplicate });
        await city.First.Client(Role.Commission).Refuses(409, "RESIDENT_MERGED", $"/residents/{duplicate}/erasure", OnRequest);
        await city.Publish(new IntegrationEvents.Contracts.ResidentErased(survivor) { EventId = Guid.CreateVersion7(), StreamId = survivor, OccurredAt = city.Clock.Now, CorrelationId = "x" });
        await Talking.Until(async () => await Vault.Find(survivor, default) is null && await Vault.Find(duplicate, default) is null);
        Assert.Equal(0L, await Count("select count(*) from residents where id = $1 or merged_into = $1", survivor));
    }

    [Fact]
    public async Task A_file_of_the_past_that_names_an_erased_resident_takes_in_the_others()
    {
        var (gone, other) = ((await city.Clinic.Do("/residents", ContractsFixture.Resident(800_004))).Id, Guid.CreateVersion7());
        await city.First.Client(Role.Commission).Do($"/residents/{gone}/erasure", OnRequest);
        var rows = string.Join('\n', new[] { (gone, 800_005), (other, 800_006) }.Select(r => System.Text.Json.JsonSerializer.Serialize(new
        {
            id = $"row {r.Item1}",
            occurredAt = city.Clock.Now,
            residentId = r.Item1,
            resident = ContractsFixture.Resident(r.Item2),
        })));
        using var answer = await city.First.Client(Role.Import).PostAsync("/imports/residents", new StringContent(rows));
        var result = (await answer.Content.ReadFromJsonAsync<ImportResult>())!;
        Assert.Equal((1, "RESIDENT_ERASED"), (result.Accepted, Assert.Single(result.Rejects).Code));
        Assert.Null(await Vault.Find(gone, default));
        Assert.NotNull(await Vault.Find(other, default));
    }

    private ResidentVault Vault => city.First.Services.GetRequiredService<ResidentVault>();

    private async Task<long?> Count(string sql, Guid id)
    {
        await using var database = NpgsqlDataSource.Create(city.Database);
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(id);
        return (long?)await command.ExecuteScalarAsync();
    }
}
