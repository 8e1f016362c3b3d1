using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using FamilyDoctor.AppHost;
using FamilyDoctor.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FamilyDoctor.EndToEnd.Tests;

[CollectionDefinition("city")]
public sealed class CityCollection : ICollectionFixture<RunningCity>;

/// <summary>The whole system as AppHost starts it, every service a process of its own, without the simulated city.</summary>
public sealed class RunningCity : IAsyncLifetime
{
    public City City { get; private set; } = null!;

    public async Task InitializeAsync() => City = await City.StartAt(City.ClockStart, "--Simulation=false", "--City:Clock:Speed=1");

    public async Task DisposeAsync() => await City.DisposeAsync();
}

/// <summary>A running AppHost and what a test does with it: speak to services, kill them, look behind the scenes.</summary>
public sealed class City : IAsyncDisposable
{
    public static readonly string[] Services = ["teams", "contracts", "referrals", "beds", "dashboard"];
    public static readonly DateTimeOffset ClockStart = DateTimeOffset.Parse("2024-01-02T00:00:00Z", CultureInfo.InvariantCulture);
    private readonly DistributedApplication app;
    private readonly TestedClock? clock;

    private City(DistributedApplication app, TestedClock? clock) => (this.app, this.clock) = (app, clock);

    public static Task<City> Start(params string[] args) => Start(null, args);

    /// <summary>A city whose clock the test may put forward.</summary>
    public static Task<City> StartAt(DateTimeOffset now, params string[] args) => Start(new TestedClock(now), args);

    private static async Task<City> Start(TestedClock? clock, string[] args)
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(args);
        foreach (var project in builder.Resources.OfType<ProjectResource>().Where(_ => clock is not null))
            builder.CreateResourceBuilder(project).WithEnvironment(clock!.Tell);
        var app = await builder.BuildAsync();
        await app.StartAsync();
        var city = new City(app, clock);
        foreach (var service in Services)
            await city.IsHealthy(service);
        return city;
    }

    /// <summary>What the city's clock shows.</summary>
    public DateTimeOffset Now => clock!.Now;

    public DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime.AddHours(8));

    /// <summary>It is later when everybody starts again: nobody was there in between.</summary>
    public async Task PutForward(TimeSpan time, Func<Task> beforeTheyStart)
    {
        await Task.WhenAll(Services.Where(IsUp).Select(Kill));
        clock!.PutForward(time);
        await beforeTheyStart();
        await Task.WhenAll(Services.Select(StartAgain));
    }

    public async Task<HttpClient> Client(string service, params string[] roles)
    {
        var client = app.CreateHttpClient(service);
        client.Timeout = TimeSpan.FromSeconds(30);
        if (roles.Length > 0)
        {
            var token = await app.Services.GetRequiredService<DevelopmentIssuer>().Token("tester", roles, null, TimeSpan.FromHours(1), default);
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        return client;
    }

    /// <summary>kill -9, and a new start as an operator would do it.</summary>
    public async Task KillAndRestart(string service)
    {
        await Kill(service);
        await StartAgain(service);
    }

    public async Task Kill(string service)
    {
        using var process = Process.GetProcessById(ProcessOf(service));
        process.Kill();
        await process.WaitForExitAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await app.ResourceNotifications.WaitForResourceAsync(service, KnownResourceStates.Exited, limit.Token);
    }

    public async Task StartAgain(string service)
    {
        var started = await app.ResourceCommands.ExecuteCommandAsync(service, "resource-start");
        Assert.True(started.Success, started.ErrorMessage);
        await IsHealthy(service);
    }

    public async Task IsHealthy(string resource)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        await app.ResourceNotifications.WaitForResourceHealthyAsync(resource, limit.Token);
    }

    /// <summary>The simulator has founded the city and ended.</summary>
    public async Task IsFounded()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(180));
        await app.ResourceNotifications.WaitForResourceAsync("simulator", KnownResourceStates.Finished, limit.Token);
    }

    /// <summary>Every relay has published its log, every queue is empty, every view of the Dashboard has read its log.</summary>
    public async Task IsDrained()
    {
        await IsPublished(Services[..4]);
        await using var rim = await Rim.Open(await Broker());
        foreach (var queue in Services)
            await Talking.Until(() => rim.IsEmpty(queue), seconds: 60);
        await Talking.Until(() => Scalar<bool>("dashboarddb",
            "select coalesce(min(last_seq_id), 0) = (select coalesce(max(seq_id), 0) from mt_events) from mt_event_progression where name not like 'Relay%'"), seconds: 60);
    }

    /// <summary>What these services decided so far was told to everybody.</summary>
    public async Task IsPublished(params string[] services)
    {
        foreach (var service in services)
        {
            await Talking.Until(() => Scalar<bool>($"{service}db",
                "select coalesce(max(last_seq_id) filter (where name = 'Relay:All'), 0) = (select coalesce(max(seq_id), 0) from mt_events) from mt_event_progression"), seconds: 60);
        }
    }

    public int ProcessOf(string service) => app.ResourceNotifications.TryGetCurrentState(service, out var state)
        ? Convert.ToInt32(state.Snapshot.Properties.Single(p => p.Name == "executable.pid").Value, CultureInfo.InvariantCulture)
        : throw new InvalidOperationException($"{service} has no process.");

    public bool IsUp(string service) =>
        app.ResourceNotifications.TryGetCurrentState(service, out var state) && state.Snapshot.State?.Text == KnownResourceStates.Running;

    public async Task<NpgsqlDataSource> Database(string name) => NpgsqlDataSource.Create((await app.GetConnectionStringAsync(name))!);

    public async Task<string> Broker() => (await app.GetConnectionStringAsync("messaging"))!;

    public async Task<T> Scalar<T>(string database, string sql)
    {
        await using var source = await Database(database);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The city's numbers as the Dashboard counts them now, by code.</summary>
    public async Task<Dictionary<string, double?>> Kpis()
    {
        using var dashboard = await Client("dashboard");
        var list = await dashboard.GetFromJsonAsync<List<JsonElement>>("/api/kpis");
        return list!.ToDictionary(k => k.GetProperty("code").GetString()!,
            k => k.GetProperty("numerator") is { ValueKind: JsonValueKind.Number } n ? n.GetDouble() : (double?)null);
    }

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}

/// <summary>The city's clock in the hands of a test: services read it when they start.</summary>
internal sealed class TestedClock(DateTimeOffset start)
{
    private readonly DateTimeOffset real = TimeProvider.System.GetUtcNow();
    private DateTimeOffset start = start;

    public DateTimeOffset Now => start + (TimeProvider.System.GetUtcNow() - real);

    public void PutForward(TimeSpan time) => start += time;

    public void Tell(EnvironmentCallbackContext context)
    {
        context.EnvironmentVariables["City__Clock__Start"] = $"{start:O}";
        context.EnvironmentVariables["City__Clock__RealStart"] = $"{real:O}";
    }
}
