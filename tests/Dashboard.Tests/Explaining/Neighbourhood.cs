using System.Collections.Concurrent;
using FamilyDoctor.Dashboard.Explaining;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polly.CircuitBreaker;

namespace FamilyDoctor.Dashboard.Tests.Explaining;

/// <summary>Four services on real ports that know what a test tells them, and fall silent when it says so.</summary>
public sealed class Neighbourhood : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, object> answers = new();
    private readonly Dictionary<string, Signal> changes = Neighbours.Names.ToDictionary(n => n, _ => new Signal());
    private Dictionary<int, string> services = [];

    public Neighbourhood()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => Neighbours.Names.ToList().ForEach(_ => kestrel.Listen(System.Net.IPAddress.Loopback, 0)));
        app = builder.Build();
        app.Run(Answer);
    }

    public HashSet<string> Silent { get; } = [];

    /// <summary>With which tokens they were asked.</summary>
    public ConcurrentBag<string> Tokens { get; } = [];

    public async Task<IReadOnlyDictionary<string, string>> Start()
    {
        await app.StartAsync();
        services = app.Urls.Zip(Neighbours.Names).ToDictionary(p => new Uri(p.First).Port, p => p.Second);
        return services.ToDictionary(s => $"services:{s.Value}:http:0", s => $"http://127.0.0.1:{s.Key}");
    }

    public void Tell(string service, string path, object answer) => answers[$"{service}{path}"] = answer;

    /// <summary>An event as its service has it, in its stream and by its id.</summary>
    public void Tell(string service, HistoryEntry entry)
    {
        Tell(service, $"/history/{entry.StreamId}?after={entry.Version - 1}&limit=1", new HistoryPage(entry.StreamId, [entry], null));
        Tell(service, $"/history/{entry.StreamId}?newest=true&limit=1", new HistoryPage(entry.StreamId, [entry], null));
        Tell(service, $"/history/events/{entry.EventId}", new EventWithConsequences(entry, []));
    }

    private async Task Answer(HttpContext http)
    {
        var service = services[http.Connection.LocalPort];
        if (http.Request.Path.StartsWithSegments("/history"))
            Tokens.Add(http.Request.Headers.Authorization.ToString());
        if (Silent.Contains(service))
            http.Abort();
        else if (http.Request.Path.Value!.EndsWith("/live", StringComparison.Ordinal))
            await Stream(service, http);
        else if (answers.TryGetValue($"{service}{http.Request.Path}{http.Request.QueryString}", out var answer))
            await http.Response.WriteAsJsonAsync(answer, answer.GetType());
        else
            http.Response.StatusCode = 404;
    }

    /// <summary>Its lists have changed.</summary>
    public void Change(string service) => changes[service].Raise();

    private async Task Stream(string service, HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        for (var topic = LiveLists.Ping; !http.RequestAborted.IsCancellationRequested; topic = LiveLists.Changed)
        {
            var next = changes[service].Next;
            await http.Response.WriteAsync($"event: {topic}\ndata: 7\n\n");
            await http.Response.Body.FlushAsync();
            await Task.WhenAny(next, Task.Delay(Timeout.Infinite, http.RequestAborted));
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

/// <summary>A Dashboard beside services whose answers a test decides.</summary>
public sealed class WhyFixture() : ServiceFixture<Program>("dashboard")
{
    private IReadOnlyDictionary<string, string> addresses = new Dictionary<string, string>();

    public Neighbourhood Neighbours { get; } = new();

    protected override IReadOnlyDictionary<string, string> Settings => addresses;

    public override async Task InitializeAsync()
    {
        addresses = await Neighbours.Start();
        await base.InitializeAsync();
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        await Neighbours.DisposeAsync();
    }

    /// <summary>Nobody is silent any more, and no circuit that a silence opened still is.</summary>
    public async Task SpeakAgain()
    {
        Neighbours.Silent.Clear();
        var client = First.Services.GetRequiredService<IHttpClientFactory>().CreateClient("services");
        foreach (var name in FamilyDoctor.Dashboard.Explaining.Neighbours.Names)
        {
            await Talking.Until(async () =>
            {
                try
                {
                    using var answer = await client.GetAsync(new Uri($"http://{name}/"));
                    return true;
                }
                catch (BrokenCircuitException)
                {
                    return false;
                }
            });
        }
    }

    /// <summary>The messages arrive, and their stories are known.</summary>
    public async Task Learn(params IntegrationEvent[] messages)
    {
        var reactions = First.Services.GetRequiredService<IReadOnlyList<Reaction>>().Where(r => r.Class.Name.StartsWith("WhenAnything", StringComparison.Ordinal))
            .ToDictionary(r => r.Message);
        foreach (var message in messages)
            await reactions[message.GetType()].React(First.Services, message, CancellationToken.None);
        await using var database = NpgsqlDataSource.Create(Database);
        await Talking.Until(async () =>
        {
            await using var command = database.CreateCommand(
                "select coalesce((select last_seq_id from mt_event_progression where name = 'story_line:All'), 0) >= (select coalesce(max(seq_id), 0) from mt_events)");
            return await command.ExecuteScalarAsync() is true;
        });
    }
}

[CollectionDefinition(nameof(WhyFixture))]
public sealed class WhyCollection : ICollectionFixture<WhyFixture>;
