using FamilyDoctor.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

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
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
        return builder;
    }

    public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        // Otherwise ASP.NET Core's own spans carry no tags.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);
        builder.Services.AddSingleton<IStartupFilter, RouteOnSpans>();
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
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
        // Without a collector nothing is measured: spans that nobody reads still cost.
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return builder;
        var service = builder.Configuration["OTEL_SERVICE_NAME"] ?? builder.Environment.ApplicationName;
#if OPENTELEMETRY_HOSTING
        builder.Services.AddOpenTelemetry().Observe(service, builder.Environment.ApplicationName).UseOtlpExporter();
#else
        builder.Logging.AddOpenTelemetry(logging => logging
            .SetResourceBuilder(ResourceBuilder.CreateDefault().AddService(service))
            .AddOtlpExporter());
        builder.Services.AddSingleton(_ => OpenTelemetrySdk.Create(telemetry =>
        {
            telemetry.Services.AddSingleton<Configuration.IConfiguration>(builder.Configuration);
            telemetry.Observe(service, builder.Environment.ApplicationName).UseOtlpExporter();
        }));
        builder.Services.AddHostedService<TelemetryStart>();
#endif
        return builder;
    }

    private static IOpenTelemetryBuilder Observe(this IOpenTelemetryBuilder telemetry, string service, string application) =>
        telemetry
            .ConfigureResource(resource => resource.AddService(service))
            .WithMetrics(metrics => metrics.AddMeter(
                "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime",
                "MassTransit", "Npgsql", "FamilyDoctor.*"))
            .WithTracing(tracing => tracing
                .AddSource(application, "FamilyDoctor.*", "Microsoft.AspNetCore", "System.Net.Http", "MassTransit", "Npgsql")
                .AddProcessor(new NothingPersonal(HealthEndpointPath, AlivenessEndpointPath)));
}
