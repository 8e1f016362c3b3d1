using FamilyDoctor.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Polly;
using Polly.Telemetry;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service has alike: telemetry, health, service discovery and patience with its neighbours.</summary>
public static class Extensions
{
    private const string HealthEndpointPath = "/health";
    private const string AlivenessEndpointPath = "/alive";

    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.ConfigureOpenTelemetry();
        builder.AddDefaultHealthChecks();
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            // A neighbour that is down opens only its own circuit.
            http.AddStandardResilienceHandler(options =>
            {
                var isTransient = options.Retry.ShouldHandle;
                options.Retry.ShouldHandle = async attempt =>
                    MayRepeat(attempt.Context.GetRequestMessage()) && await isTransient(attempt);
                options.Retry.Delay = TimeSpan.FromSeconds(1);
            }).SelectPipelineByAuthority();
            http.AddServiceDiscovery();
        });
        // Patience is counted in real time: Polly would otherwise take the city's clock.
        builder.Services.AddTransient(services => new ResiliencePipelineBuilder { TimeProvider = TimeProvider.System }
            .ConfigureTelemetry(services.GetRequiredService<IOptions<TelemetryOptions>>().Value));
        return builder;
    }

    public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        // Without a collector nothing is measured: spans that nobody reads still cost.
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return builder;
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = false; // they hold the path of the request, and ids in it
        });
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.Clear()
                .AddService(builder.Environment.ApplicationName).AddTelemetrySdk().AddEnvironmentVariableDetector())
            .WithMetrics(metrics => metrics
                .AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation()
                .AddMeter("MassTransit", "Npgsql", "FamilyDoctor.*"))
            .WithTracing(tracing => tracing
                .AddSource(builder.Environment.ApplicationName, "FamilyDoctor.*", "MassTransit", "Npgsql")
                .AddAspNetCoreInstrumentation(asked => asked.Filter = context =>
                    !context.Request.Path.StartsWithSegments(HealthEndpointPath)
                    && !context.Request.Path.StartsWithSegments(AlivenessEndpointPath))
                .AddHttpClientInstrumentation()
                .AddProcessor<NothingPersonal>());
        return builder.AddOpenTelemetryExporters();
    }

    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), ["live"]);
        return builder;
    }

    /// <summary>Mapped in every environment: the answers are one word and say nothing about the inside.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(HealthEndpointPath).AllowAnonymous();
        app.MapHealthChecks(AlivenessEndpointPath, new HealthCheckOptions { Predicate = check => check.Tags.Contains("live") })
            .AllowAnonymous();
        return app;
    }

    private static TBuilder AddOpenTelemetryExporters<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddOpenTelemetry().UseOtlpExporter();
        // They send their last when the services that patience needs are gone already.
        foreach (var exporter in new[] { "OtlpTraceExporter", "OtlpMetricExporter", "OtlpLogExporter" })
            builder.Services.AddHttpClient(exporter).RemoveAllResilienceHandlers();
        return builder;
    }

    /// <summary>What may have been done already is not asked for twice, unless a key makes the repetition known.</summary>
    private static bool MayRepeat(HttpRequestMessage? request) =>
        request is { Method.Method: "GET" or "HEAD" or "PUT" or "DELETE" }
        || request?.Headers.Contains("Idempotency-Key") == true;
}
