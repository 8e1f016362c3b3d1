using System.Net.Http.Json;
using System.Text.Json;
using FamilyDoctor.Contracts.Registering;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FamilyDoctor.Contracts.Tests;

/// <summary>Residents of the past have their identities in the vault; a dry run puts nothing there either.</summary>
[Collection("contracts")]
public sealed class DryRunTests(ContractsFixture city)
{
    [Fact]
    public async Task A_dry_run_of_residents_keeps_no_identity()
    {
        var (resident, import) = (Guid.CreateVersion7(), city.First.Client(Role.Import));
        var row = JsonSerializer.Serialize(new { id = resident.ToString(), occurredAt = city.Clock.Now, residentId = resident, resident = ContractsFixture.Resident(77_001) });
        using var answer = await import.PostAsync("/imports/residents?dryRun=true", new StringContent(row));
        Assert.Equal(1, (await answer.Content.ReadFromJsonAsync<ImportResult>())!.Accepted);
        Assert.Null(await city.First.Services.GetRequiredService<ResidentVault>().Find(resident, default));
        await using var database = NpgsqlDataSource.Create(city.Database);
        await using var events = database.CreateCommand($"select count(*) from mt_events where stream_id = '{resident}'");
        Assert.Equal(0L, await events.ExecuteScalarAsync());
        Assert.Equal(1, (await import.Import("residents", row)).Accepted);
        Assert.NotNull(await city.First.Services.GetRequiredService<ResidentVault>().Find(resident, default));
    }

    [Fact]
    public async Task A_contract_that_ran_out_before_the_next_one_is_ended_by_the_dry_run_itself()
    {
        var (resident, team, import) = ((await city.RegisterResidents(1))[0], await city.Team(5), city.First.Client(Role.Import));
        var rows = new[] { city.Clock.Now.AddYears(-6), city.Clock.Now.AddMonths(-1) }
            .Select(at => ContractsFixture.PastContract(Guid.CreateVersion7(), resident, team, at));
        var result = await import.Import("contracts", string.Join('\n', rows));
        Assert.Equal([], result.Rejects);
        Assert.Equal(2, result.Accepted);
    }

    [Fact]
    public async Task A_service_that_forgets_it_is_a_dry_run_cannot_write()
    {
        var reading = city.First.Services.GetRequiredKeyedService<NpgsqlDataSource>("reading");
        await using var write = reading.CreateCommand("insert into fd_aliases (alias, stream_id) values (gen_random_uuid(), gen_random_uuid())");
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, (await Assert.ThrowsAsync<PostgresException>(() => write.ExecuteNonQueryAsync())).SqlState);
        var vault = city.First.Services.GetRequiredKeyedService<Vault>("reading");
        await Assert.ThrowsAsync<PostgresException>(() => vault.Seal(Guid.CreateVersion7(), new byte[1], default));
    }
}
