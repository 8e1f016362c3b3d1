using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using FamilyDoctor.Dashboard.Ui;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using Polly;

namespace FamilyDoctor.Dashboard.Explaining;

/// <summary>The four services, asked with the token of whoever asks here: nobody learns more than he may.</summary>
public sealed class Neighbours(IHttpClientFactory clients, ILogger<Neighbours> log)
{
    /// <summary>A page waits no longer for one of them.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static IReadOnlyList<string> Names { get; } = ["teams", "contracts", "referrals", "beds"];

    public Round Begin(HttpContext http) => new(clients, log, Caller.Of(http.User), SigningIn.TokenOf(http),
        http.Request.Headers["Purpose"].ToString() is { Length: > 0 } purpose ? purpose : http.Request.Query["purpose"].ToString());

    /// <summary>One reader's questions; who did not answer him once is not asked again.</summary>
    public sealed class Round(IHttpClientFactory clients, ILogger log, Caller caller, string token, string purpose)
    {
        private readonly ConcurrentDictionary<string, bool> silent = new();

        public IReadOnlyList<string> Silent => [.. silent.Keys.Order(StringComparer.Ordinal)];

        public bool HasCity => caller.HasCity;

        /// <summary>While the service that would decide is silent: whoever works where the message says that it happened.</summary>
        public bool MayKnow(IntegrationEvent message) => caller.HasCity
            || (caller.Organization is { } own && JsonSerializer.Serialize(message, message.GetType()).Contains($"{own}", StringComparison.OrdinalIgnoreCase));

        public bool IsSilent(string service) => silent.ContainsKey(service);

        /// <summary>Null when the service knows nothing of it, keeps it from him, or is silent.</summary>
        public async Task<T?> Get<T>(string service, string path, CancellationToken ct) where T : class
        {
            if (IsSilent(service))
                return null;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(Patience);
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{service}{path}");
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                if (purpose.Length > 0)
                    request.Headers.Add("Purpose", purpose);
                using var answer = await clients.CreateClient("services").SendAsync(request, limit.Token);
                if (answer.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden or HttpStatusCode.UnprocessableEntity)
                    return null;
                return await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<T>(limit.Token);
            }
            catch (Exception e) when (!ct.IsCancellationRequested
                && e is HttpRequestException or ExecutionRejectedException or OperationCanceledException or JsonException)
            {
                log.LogWarning(e, "{Service} did not answer", service);
                silent[service] = true;
                return null;
            }
        }

        /// <summary>What each service knows of it, those that know nothing left out.</summary>
        public async Task<IReadOnlyList<(string Service, T Answer)>> GetAll<T>(string path, CancellationToken ct) where T : class
        {
            var answers = await Task.WhenAll(Names.Select(async service => (service, Answer: await Get<T>(service, path, ct))));
            return [.. answers.Where(a => a.Answer is not null).Select(a => (a.service, a.Answer!))];
        }
    }
}
