using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FamilyDoctor.Dashboard.Ui;

/// <summary>The pages, their parts and what they are made of. The city is for everybody: it names no person; stories of cases are for who has signed in.</summary>
internal static class Pages
{
    public static void AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents();
        services.AddHttpContextAccessor();
        services.AddScoped(s => new Reader(s.GetRequiredService<IHttpContextAccessor>(), s.GetRequiredService<PolicyBook>().Zone));
        services.AddSingleton<Answers>().AddSingleton<Live>().AddHostedService(s => s.GetRequiredService<Live>());
        services.AddResponseCompression(options => options.EnableForHttps = true);
    }

    public static void MapPages(this WebApplication app)
    {
        app.Use(Faults);
        app.UseResponseCompression();
        app.UseAntiforgery();
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorComponents<App>().Add(page =>
        {
            if (!page.Metadata.OfType<IAuthorizeData>().Any())
                page.Metadata.Add(new AllowAnonymousAttribute());
        });
        app.MapSigningIn();
        app.MapGet("/find", (string? id, string? to) => Results.LocalRedirect(
            Guid.TryParse(id?.Trim(), out var known) ? $"/{(to == "story" ? "stories" : "why")}/{known}" : $"/why?wrong={Uri.EscapeDataString(id ?? "")}"))
            .AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/live", (Live live, HttpContext http) =>
        {
            http.Response.Headers["X-Accel-Buffering"] = "no";
            return TypedResults.ServerSentEvents(live.Listen(http.Request.Headers["Last-Event-ID"], http.RequestAborted));
        }).AllowAnonymous().ExcludeFromDescription();

        app.MapPart<Head>("head");
        app.MapPart<Tiles>("tiles");
        app.MapPart<Growth>("growth");
        app.MapPart<Needs>("needs");
        app.MapPart<Districts>("districts");
        app.MapPart<Funnel>("funnel");
        app.MapPart<Moving>("moving");
        app.MapPart<Figures>("figures");
        app.MapPart<Measures>("teams", new { Part = "teams" });
        app.MapPart<Measures>("beds", new { Part = "beds" });

        app.MapChoice("lang", "en", "zh");
        app.MapChoice("theme", "light", "dark");
        app.MapFallback("{**path}", () => TypedResults.NotFound()).AllowAnonymous();
    }

    private static void MapPart<T>(this IEndpointRouteBuilder routes, string name, object? parameters = null) where T : IComponent => routes
        .MapGet($"/f/{name}", (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "no-store";
            return parameters is null ? new RazorComponentResult<T>() : new RazorComponentResult<T>(parameters);
        }).AllowAnonymous().ExcludeFromDescription();

    private static void MapChoice(this IEndpointRouteBuilder routes, string cookie, string one, string other) => routes
        .MapGet($"/{cookie}/{{choice:regex(^({one}|{other})$)}}", (string choice, string? back, HttpContext http) =>
        {
            http.Response.Cookies.Append(cookie, choice, new() { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax });
            return Results.LocalRedirect(Ours(back));
        }).AllowAnonymous().ExcludeFromDescription();

    /// <summary>Only a path of our own: "//elsewhere" would lead away.</summary>
    internal static string Ours(string? path) => path is { Length: > 0 } && path[0] == '/' && !path.StartsWith("//", StringComparison.Ordinal)
        && !path.StartsWith("/\\", StringComparison.Ordinal) ? path : "/";

    /// <summary>A browser is answered with a page, every other client as before.</summary>
    private static async Task Faults(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal) || http.Request.Path.StartsWithSegments("/api"))
        {
            await next(http);
            return;
        }
        try
        {
            await next(http);
            if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null, ContentLength: null })
                await Answer(http.Response.StatusCode);
        }
        catch (Exception e) when (!http.Response.HasStarted && e is not OperationCanceledException)
        {
            http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("FamilyDoctor.Dashboard.Ui").LogError(e, "{Path} could not be shown", http.Request.Path);
            await Answer(e is Busy or Npgsql.NpgsqlException ? 503 : e is BadHttpRequestException bad ? bad.StatusCode : 500);
        }

        async Task Answer(int status)
        {
            http.Response.Clear();
            http.Response.StatusCode = status;
            await new RazorComponentResult<Fault>(new { Status = status, Correlation = http.CorrelationId() }) { StatusCode = status }.ExecuteAsync(http);
        }
    }
}
