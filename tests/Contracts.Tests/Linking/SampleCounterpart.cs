using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace FamilyDoctor.Contracts.Tests;

/// <summary>An insurer and a pharmacy on a real port; a test says how they answer about a contract, one plan a request.</summary>
internal sealed class SampleCounterpart : IAsyncDisposable
{
    public const string Token = "a token for tests, of no other use";
    private readonly ConcurrentDictionary<Guid, ConcurrentQueue<Func<HttpContext, Task>>> plans = new();
    private readonly ConcurrentQueue<CounterpartRequest> asked = new();
    private WebApplication? app;

    public string Address => app!.Urls.Single();

    public async Task Start()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPut("/{who}/{what}/{caseId:guid}", async (Guid caseId, CounterpartRequest request, HttpContext http) =>
        {
            Assert.Equal($"Bearer {Token}", http.Request.Headers.Authorization);
            asked.Enqueue(request);
            Assert.Equal(caseId, request.CaseId);
            var plan = plans.TryGetValue(request.ContractId ?? request.SubjectId, out var waiting) && waiting.TryDequeue(out var next) ? next : Accept;
            await plan(http);
        });
        await app.StartAsync();
    }

    /// <summary>What was asked about a contract, in order.</summary>
    public IReadOnlyList<CounterpartRequest> Asked(Guid contractId) => [.. asked.Where(a => (a.ContractId ?? a.SubjectId) == contractId)];

    /// <summary>The next answers about a contract; after them it is accepted.</summary>
    public void Plan(Guid contractId, params Func<HttpContext, Task>[] next) => plans[contractId] = new(next);

    public static Task Accept(HttpContext http) => http.Response.WriteAsJsonAsync(new { status = "accepted", reference = "REF-1" });

    public static Task Pend(HttpContext http) => http.Response.WriteAsJsonAsync(new { status = "pending" });

    public static Task Babble(HttpContext http) => http.Response.WriteAsJsonAsync(new { status = "accepted", reference = "a name, a street" });

    public static Func<HttpContext, Task> Reject(string code) => http => http.Response.WriteAsJsonAsync(new { status = "rejected", code });

    public static Task Busy(HttpContext http)
    {
        http.Response.StatusCode = 503;
        return Task.CompletedTask;
    }

    public static Task HangUp(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Answers when it is too late.</summary>
    public static Task Dawdle(HttpContext http) => Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
            await app.DisposeAsync();
    }
}
