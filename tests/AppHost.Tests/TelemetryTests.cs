using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;

namespace FamilyDoctor.AppHost.Tests;

/// <summary>What a collector of telemetry gets to know of a service, and what not.</summary>
public sealed class TelemetryTests
{
    private const string Resident = "0197f3c2-resident", Asked = "name-that-was-asked-for", Statement = "select secret from statement";

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public async Task The_collector_hears_of_routes_and_sources_but_of_no_address_statement_or_health_request(string protocol)
    {
        await using var collector = new Collector(protocol);
        await collector.Start();
        var service = Service(
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
            ("OTEL_SERVICE_NAME", "called-by-apphost"), ("OTEL_RESOURCE_ATTRIBUTES", "service.instance.id=named-by-apphost"),
            // As Aspire sets it in development.
            ("OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION", "true"),
            ("OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION", "true"));
        await service.StartAsync();
        using (var client = new HttpClient { BaseAddress = new(AddressOf(service)) })
        {
            Assert.Equal("Healthy", await client.GetStringAsync("/health"));
            Assert.Equal("Healthy", await client.GetStringAsync("/alive"));
            Assert.Equal("seen", await client.GetStringAsync($"/residents/{Resident}?name={Asked}"));
            using var unknown = await client.GetAsync($"/no-route/{Resident}");
        }
        await service.DisposeAsync(); // sends the rest

        var (traces, metrics, logs) = (collector.Heard("trace"), collector.Heard("metrics"), collector.Heard("logs"));
        Assert.Contains("http.route", traces, StringComparison.Ordinal);
        foreach (var known in new[] { "GET /residents/{residentId}", "GET /letters/{residentId}", "System.Net.Http", "MassTransit", "Npgsql",
            "FamilyDoctor.Test", "db.system.name", "called-by-apphost", "named-by-apphost" })
            Assert.Contains(known, traces, StringComparison.Ordinal);
        foreach (var known in new[] { "http.server.request.duration", "http.client.request.duration", "dotnet.gc.collections", "called-by-apphost" })
            Assert.Contains(known, metrics, StringComparison.Ordinal);
        foreach (var known in new[] { "A resident was seen", "called-by-apphost" })
            Assert.Contains(known, logs, StringComparison.Ordinal);

        foreach (var heard in new[] { traces, metrics, logs })
        {
            foreach (var unheard in new[] { Resident, Asked, Statement })
                Assert.DoesNotContain(unheard, heard, StringComparison.Ordinal);
        }
        foreach (var unheard in new[] { "url.path", "url.query", "url.full", "db.query.text", "/health", "/alive" })
            Assert.DoesNotContain(unheard, traces, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_collector_nothing_is_measured()
    {
        await using var service = Service();
        await service.StartAsync();
        Assert.Null(service.Services.GetService<TracerProvider>());
    }

    private static string AddressOf(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    private static WebApplication Service(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, string? (setting) => setting.Value));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        builder.AddServiceDefaults();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGet("/letters/{residentId}", (string residentId) => "a letter");
        app.MapGet("/residents/{residentId}", async (string residentId, IHttpClientFactory clients, ILogger<TelemetryTests> log) =>
        {
            foreach (var name in new[] { "Npgsql", "MassTransit", "FamilyDoctor.Test" })
            {
                using var source = new ActivitySource(name);
                using var span = source.StartActivity("work", ActivityKind.Client);
                span?.SetTag("db.system.name", "postgresql").SetTag("db.query.text", Statement).SetTag("db.statement", Statement);
            }
            await clients.CreateClient().GetStringAsync(new Uri($"{AddressOf(app)}/letters/{residentId}?name={Asked}"));
            log.LogInformation("A resident was seen");
            return "seen";
        });
        return app;
    }

    /// <summary>Speaks OTLP as far as keeping what it is sent.</summary>
    private sealed class Collector : IAsyncDisposable
    {
        private readonly WebApplication _app;
        private readonly ConcurrentQueue<(string Path, string Content)> _heard = [];

        public Collector(string protocol)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint =>
                endpoint.Protocols = protocol == "grpc" ? HttpProtocols.Http2 : HttpProtocols.Http1));
            builder.Logging.ClearProviders();
            _app = builder.Build();
            _app.MapPost("/{**signal}", async (HttpContext http) =>
            {
                using var content = new MemoryStream();
                await http.Request.Body.CopyToAsync(content);
                // Its texts stand in the message as they are.
                _heard.Enqueue((http.Request.Path, Encoding.UTF8.GetString(content.ToArray())));
                if (protocol != "grpc")
                    return;
                http.Response.ContentType = "application/grpc";
                http.Response.AppendTrailer("grpc-status", "0");
                await http.Response.Body.WriteAsync(new byte[5]);
            });
        }

        public string Address => AddressOf(_app);

        public Task Start() => _app.StartAsync();

        public string Heard(string signal) =>
            string.Concat(_heard.Where(heard => heard.Path.Contains(signal, StringComparison.Ordinal)).Select(heard => heard.Content));

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
