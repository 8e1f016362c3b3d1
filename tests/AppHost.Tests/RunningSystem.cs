using System.Net.Http.Json;
using Aspire.Hosting;
using Aspire.Hosting.Testing;
using FamilyDoctor.AppHost.LocalRuntime;

namespace FamilyDoctor.AppHost.Tests;

/// <summary>One application with real servers, which the tests of <see cref="RunningSystemTests"/> share.</summary>
public sealed class RunningSystem : IAsyncLifetime
{
    private readonly FakeProject _project = new();

    public DistributedApplication App { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var builder = DistributedApplicationTestingBuilder.Create();
        var password = builder.AddParameter("pg-password", "p@ss/w rd", secret: true);
        var database = builder.AddPostgres("postgres", password: password).AddDatabase("app-db");
        var messaging = builder.AddRabbitMQ("messaging");
        var api = builder.AddProject("patient-api", _project.Path).WithArgs("service")
            .WithHttpHealthCheck("/health").WithReplicas(2);
        builder.AddProject("web", _project.Path).WithArgs("service")
            .WithReference(database).WithReference(messaging).WithReference(api)
            .WithEnvironment("GIVEN", "by the application")
            .WithEnvironment("SECRET", password)
            .WaitFor(database).WaitFor(messaging).WaitFor(api)
            .WithHttpHealthCheck("/health");
        App = await builder.BuildAsync();
        await App.StartAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await App.ResourceNotifications.WaitForResourceHealthyAsync("web", limit.Token);
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        _project.Dispose();
    }
}

public sealed class RunningSystemTests(RunningSystem system) : IClassFixture<RunningSystem>
{
    [Fact]
    public async Task A_project_sees_the_environment_that_Aspire_documents()
    {
        using var client = system.App.CreateHttpClient("web");
        var seen = await client.GetFromJsonAsync<Dictionary<string, string>>("/environment") ?? [];
        var database = new Npgsql(await system.App.GetConnectionStringAsync("app-db"));
        var broker = new Uri((await system.App.GetConnectionStringAsync("messaging"))!);
        var api = system.App.GetEndpoint("patient-api").ToString().TrimEnd('/');

        Assert.Equal($"Host=127.0.0.1;Port={database.Port};Username=postgres;Password=p@ss/w rd;Database=app-db",
            seen["ConnectionStrings__app-db"]);
        Assert.Equal(database.Port, seen["APP_DB_PORT"]);
        Assert.Equal("postgres", seen["APP_DB_USERNAME"]);
        Assert.Equal($"postgresql://postgres:p%40ss%2Fw%20rd@127.0.0.1:{database.Port}/app-db", seen["APP_DB_URI"]);
        Assert.Equal($"jdbc:postgresql://127.0.0.1:{database.Port}/app-db", seen["APP_DB_JDBCCONNECTIONSTRING"]);
        Assert.Equal("app-db", seen["APP_DB_DATABASENAME"]);
        Assert.Equal(broker.OriginalString, seen["ConnectionStrings__messaging"]);
        Assert.StartsWith("guest:", broker.UserInfo, StringComparison.Ordinal);
        Assert.Equal($"{broker.Port}", seen["MESSAGING_PORT"]);
        Assert.Equal(api, seen["services__patient-api__http__0"]);
        Assert.Equal(api, seen["PATIENT_API_HTTP"]);
        Assert.Equal(system.App.GetEndpoint("web").ToString().TrimEnd('/'), seen["ASPNETCORE_URLS"]);
        Assert.Equal("http", seen["DOTNET_LAUNCH_PROFILE"]);
        Assert.Equal("Development", seen["ASPNETCORE_ENVIRONMENT"]);
        Assert.Equal("by the application", seen["GIVEN"]);
        Assert.Equal("p@ss/w rd", seen["SECRET"]);
    }

    [Fact]
    public async Task A_database_exists_before_its_user_starts()
    {
        var server = new Npgsql(await system.App.GetConnectionStringAsync("app-db"));
        var answer = await GuardedProcess.Run(
            [Path.Combine(NativePostgres.Binaries()!, "psql"), "-h", "127.0.0.1", "-p", server.Port, "-U", "postgres", "-d", "app-db",
                "-tAc", "select current_database()"],
            new Dictionary<string, string> { ["PGPASSWORD"] = "p@ss/w rd" });
        Assert.Equal("app-db", answer.Trim());
    }

    [Fact]
    public async Task Replicas_share_a_port_and_a_dead_one_is_passed_over_until_it_is_started_again()
    {
        var both = (await Processes(20)).Order().ToList();
        Assert.Equal(2, both.Count);

        using var victim = System.Diagnostics.Process.GetProcessById(both[0]);
        victim.Kill();
        await victim.WaitForExitAsync();
        Assert.Equal(both.Skip(1).Order(), (await Processes(20)).Order());
        var dead = await system.App.ResourceNotifications.WaitForResourceAsync(
            "patient-api", _ => system.App.ResourceNotifications.Of("patient-api").Any(Died)).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.NotNull(dead);

        var exited = system.App.ResourceNotifications.Of("patient-api").Single(Died);
        Assert.Equal(137, exited.Snapshot.ExitCode);
        var started = await system.App.ResourceCommands.ExecuteCommandAsync(exited.ResourceId, "resource-start");
        Assert.True(started.Success, started.ErrorMessage);
        await Until.True(async () => (await Processes(4)).Count == 2, "both replicas answer again");
    }

    [Fact]
    public async Task A_restart_brings_another_process_to_the_same_address()
    {
        var before = Process("web");
        var answer = await system.App.ResourceCommands.ExecuteCommandAsync("web", "resource-restart");
        Assert.True(answer.Success, answer.ErrorMessage);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await system.App.ResourceNotifications.WaitForResourceHealthyAsync("web", limit.Token);
        using var client = system.App.CreateHttpClient("web");
        Assert.Equal(Process("web"), await client.GetFromJsonAsync<int>("/process"));
        Assert.NotEqual(before, Process("web"));
    }

    private static bool Died(ResourceEvent now) => now.Snapshot.State?.Text == KnownResourceStates.Exited;

    private int Process(string resource) =>
        system.App.ResourceNotifications.TryGetCurrentState(resource, out var now)
            ? (int)now.Snapshot.Properties.Single(property => property.Name == "executable.pid").Value!
            : throw new InvalidOperationException($"{resource} is unknown.");

    private async Task<HashSet<int>> Processes(int requests)
    {
        var seen = new HashSet<int>();
        for (var i = 0; i < requests; i++)
        {
            // A client of its own is a connection of its own.
            using var client = system.App.CreateHttpClient("patient-api");
            seen.Add(await client.GetFromJsonAsync<int>("/process"));
        }

        return seen;
    }

    private sealed class Npgsql(string? connectionString)
    {
        public string Port => connectionString!.Split(';').Single(part => part.StartsWith("Port=", StringComparison.Ordinal))[5..];
    }
}
