using System.Net;
using System.Net.Http.Json;

namespace FamilyDoctor.CitySimulator.Founding;

/// <summary>How an import of one page ended; rows that were there already count as repeated.</summary>
public sealed record ImportResult(int Accepted, int Repeated, int Rejected, IReadOnlyList<ImportReject> Rejects);

public sealed record ImportReject(int Line, string? Id, string Code, string Detail);

/// <summary>
/// The services, as seen from outside. What is sent here may be sent again, so a service that is away, restarting or
/// busy is asked again and again, for a quarter of an hour at most.
/// </summary>
public sealed class Services(IHttpClientFactory clients, TimeProvider clock, ILogger<Services> log)
{
    public const string Client = "city";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public Task<ImportResult> Import(string service, string kind, byte[] page, CancellationToken ct) => Insist(service, $"import {kind}", async client =>
    {
        using var content = new ByteArrayContent(page) { Headers = { ContentType = new("application/x-ndjson") } };
        using var answer = await client.PostAsync(new Uri($"http://{service}/imports/{kind}"), content, ct);
        await Expect(answer, ct);
        return (await answer.Content.ReadFromJsonAsync<ImportResult>(ct))!;
    }, ct);

    public Task Post(string service, string path, CancellationToken ct) => Insist(service, path, async client =>
    {
        using var answer = await client.PostAsync(new Uri($"http://{service}{path}"), null, ct);
        await Expect(answer, ct);
        return true;
    }, ct);

    /// <summary>An ordinary request; returns the code of a refusal, or null when it was done.</summary>
    /// <param name="key">The same request again is the same request.</param>
    public Task<string?> Command(string service, HttpMethod method, string path, object? body, Guid key, CancellationToken ct) => Insist<string?>(service, path, async client =>
    {
        using var request = new HttpRequestMessage(method, new Uri($"http://{service}{path}"));
        request.Headers.Add("Idempotency-Key", key.ToString());
        request.Content = JsonContent.Create(body ?? new { }, options: Wire.Json);
        using var answer = await client.SendAsync(request, ct);
        if ((int)answer.StatusCode is < 400 or >= 500 or 408 or 429)
        {
            await Expect(answer, ct);
            return null;
        }
        var problem = await answer.Content.ReadFromJsonAsync<Problem>(ct);
        return problem?.Code ?? $"HTTP_{(int)answer.StatusCode}";
    }, ct);

    /// <summary>Null when there is no such thing (yet).</summary>
    public Task<T?> Find<T>(string service, string path, CancellationToken ct) where T : class => Insist(service, path, async client =>
    {
        using var answer = await client.GetAsync(new Uri($"http://{service}{path}"), ct);
        if (answer.StatusCode is HttpStatusCode.NotFound)
            return null;
        await Expect(answer, ct);
        return await answer.Content.ReadFromJsonAsync<T>(ct);
    }, ct);

    private sealed record Problem(string? Code);

    private static async Task Expect(HttpResponseMessage answer, CancellationToken ct)
    {
        if (answer.IsSuccessStatusCode)
            return;
        var body = await answer.Content.ReadAsStringAsync(ct);
        var sentence = $"{answer.RequestMessage?.RequestUri} answered {(int)answer.StatusCode}: {body}";
        throw (int)answer.StatusCode >= 500 || answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout
            ? new HttpRequestException(sentence, null, answer.StatusCode)
            : new InvalidOperationException(sentence);
    }

    private async Task<T> Insist<T>(string service, string what, Func<HttpClient, Task<T>> ask, CancellationToken ct)
    {
        var since = clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ask(clients.CreateClient(Client));
            }
            catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException && !ct.IsCancellationRequested
                && clock.GetElapsedTime(since) < Patience)
            {
                if (attempt % 10 == 1)
                    log.LogWarning("{Service} does not take '{What}' now and is asked again: {Reason}", service, what, e.Message);
            }
            var pause = TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, 100 * Math.Pow(2, Math.Min(attempt, 10))));
            await Task.Delay(pause, clock, ct);
        }
    }
}
