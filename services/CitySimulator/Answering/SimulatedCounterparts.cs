using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace FamilyDoctor.CitySimulator.Answering;

/// <summary>What a simulated counterpart does when it is asked; which it is follows from the case's id alone.</summary>
internal enum Temper { Accepts, Rejects, IsBusyFirst, IsSlowFirst }

/// <summary>The city's insurer and pharmacy, simulated over HTTP: most cases are accepted, some rejected, some answered late.</summary>
public sealed class SimulatedCounterparts(IConfiguration configuration) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(20);
    private readonly ConcurrentDictionary<Guid, int> asked = new();
    private WebApplication? app;

    /// <summary>Where it answers, once it has started.</summary>
    public string? Address => app?.Urls.FirstOrDefault();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (configuration["Counterparts:Port"] is not { Length: > 0 } port)
            return;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        app = builder.Build();
        if (configuration["Counterparts:Token"] is { Length: > 0 } token)
            app.Use((http, next) => http.Request.Headers.Authorization == $"Bearer {token}" ? next(http) : Denied(http));
        app.MapPut("/enrolments/{caseId:guid}", (Guid caseId, HttpContext http) => Answer(caseId, "NOT_INSURED", isAtOnce: true, http));
        app.MapPut("/referrals/{caseId:guid}", (Guid caseId, HttpContext http) => Answer(caseId, "NOT_COVERED", isAtOnce: true, http));
        app.MapPut("/beds/{caseId:guid}", (Guid caseId, HttpContext http) => Answer(caseId, "NEED_NOT_SHOWN", isAtOnce: false, http));
        app.MapPut("/prescriptions/{caseId:guid}", (Guid caseId, HttpContext http) => Answer(caseId, "OUT_OF_STOCK", isAtOnce: false, http));
        await app.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (app is not null)
            await app.StopAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
            await app.DisposeAsync();
    }

    /// <summary>Of 256 cases 10 are rejected, 16 find it busy and 6 slow when they first come.</summary>
    internal static Temper Of(Guid caseId) => caseId.ToByteArray()[0] switch
    {
        < 10 => Temper.Rejects,
        < 26 => Temper.IsBusyFirst,
        < 32 => Temper.IsSlowFirst,
        _ => Temper.Accepts,
    };

    private static Task Denied(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private async Task<IResult> Answer(Guid caseId, string rejection, bool isAtOnce, HttpContext http)
    {
        var (temper, times) = (Of(caseId), asked.AddOrUpdate(caseId, 1, (_, before) => before + 1));
        if (temper is Temper.IsBusyFirst && times <= 2)
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        if (temper is Temper.IsSlowFirst && times <= 2)
            await Task.Delay(Slow, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (temper is Temper.Rejects)
            return Results.Json(new { status = "rejected", code = rejection });
        return isAtOnce || times > 1
            ? Results.Json(new { status = "accepted", reference = $"SIM-{caseId.ToString("N")[..12].ToUpperInvariant()}" })
            : Results.Json(new { status = "pending" });
    }
}
