using System.Net.Http.Json;
using FamilyDoctor.Dashboard.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FamilyDoctor.Dashboard.Tests;

/// <summary>The Dashboard on real servers, knowing a sample city of 1/500 of Ningbo.</summary>
public sealed class DashboardFixture() : ServiceFixture<Program>("dashboard")
{
    public const int Scale = 500;

    internal IReadOnlyList<IntegrationEvent> Said { get; } = SampleCity.Messages(Scale);

    public override async Task InitializeAsync()
    {
        Environment.SetEnvironmentVariable("City__File", Path.Combine(AppContext.BaseDirectory, "Cities", "ningbo.json"));
        Environment.SetEnvironmentVariable("City__Scale", $"{Scale}");
        Clock.Now = SampleCity.Now.ToUniversalTime();
        await base.InitializeAsync();
        await Learn(Said);
    }

    public HttpClient Anonymous() => new() { BaseAddress = First.ClientOptions.BaseAddress };

    public Task<T?> Get<T>(string path) => Anonymous().GetFromJsonAsync<T>(path);

    /// <summary>The messages arrive, and the views have folded them.</summary>
    internal async Task Learn(IEnumerable<IntegrationEvent> messages)
    {
        var reactions = First.Services.GetRequiredService<IReadOnlyList<Reaction>>().Where(r => r.Class.Name.StartsWith("WhenAnything", StringComparison.Ordinal))
            .ToDictionary(r => r.Message);
        await Parallel.ForEachAsync(messages, new ParallelOptions { MaxDegreeOfParallelism = 128 },
            async (message, ct) => await reactions[message.GetType()].React(First.Services, message, ct));
        await Talking.Until(async () => await CaughtUp(), seconds: 60);
    }

    public async Task<bool> CaughtUp()
    {
        await using var database = NpgsqlDataSource.Create(Database);
        await using var command = database.CreateCommand("""
            select coalesce(min(last_seq_id), 0) >= (select coalesce(max(seq_id), 0) from mt_events) and count(*) = $1
            from mt_event_progression where name like '%:All' and name not like 'Relay%'
            """);
        command.Parameters.AddWithValue((long)Knowing.Views.Count);
        return (bool)(await command.ExecuteScalarAsync())!;
    }
}

[CollectionDefinition(nameof(DashboardFixture))]
public sealed class DashboardCollection : ICollectionFixture<DashboardFixture>;
