using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace FamilyDoctor.ServiceDefaults;

/// <summary>Names a request's span by its route, which ASP.NET Core's own span lacks.</summary>
internal sealed class RouteOnSpans : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, rest) =>
        {
            var span = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpActivityFeature>()?.Activity;
            try
            {
                await rest(context);
            }
            finally
            {
                if (span is not null && context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
                {
                    span.SetTag("http.route", route);
                    span.DisplayName = $"{context.Request.Method} {route}";
                }
            }
        });
        next(app);
    };
}

/// <summary>Statements and addresses may name people, so they stay here; health requests are not worth sending.</summary>
internal sealed class NothingPersonal(params string[] unsent) : BaseProcessor<Activity>
{
    private static readonly string[] Scrubbed =
        ["db.query.text", "db.statement", "url.path", "url.query", "url.full", "http.target", "http.url"];

    public override void OnEnd(Activity data)
    {
        if (data.Kind == ActivityKind.Server && data.GetTagItem("url.path") is string path && unsent.Contains(path))
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        foreach (var tag in Scrubbed)
            data.SetTag(tag, null);
    }
}

#if !OPENTELEMETRY_HOSTING
/// <summary>Stands in for OpenTelemetry.Extensions.Hosting: the SDK lives as long as the host.</summary>
internal sealed class TelemetryStart(OpenTelemetrySdk sdk) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        sdk.TracerProvider.ForceFlush(2000);
        sdk.MeterProvider.ForceFlush(2000);
        return Task.CompletedTask;
    }
}
#endif
