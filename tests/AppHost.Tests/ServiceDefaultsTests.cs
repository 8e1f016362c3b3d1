using System.Net;
using FamilyDoctor.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Http.Resilience;
using Polly.CircuitBreaker;

namespace FamilyDoctor.AppHost.Tests;

public sealed class ServiceDefaultsTests
{
    [Fact]
    public async Task A_name_in_an_address_becomes_an_instance_and_our_own_token_goes_along()
    {
        var wire = new Wire(HttpStatusCode.OK);
        using var host = Host(wire, ("services:teams:http:0", "http://localhost:7001"), ("Authentication:Development:Token", "ours"));
        using var answer = await Client(host).GetAsync(new Uri("http://teams/institutions?limit=1"));
        var request = Assert.Single(wire.Requests);
        Assert.Equal("http://localhost:7001/institutions?limit=1", request.Address);
        Assert.Equal("Bearer ours", request.Authorization);
    }

    [Fact]
    public async Task The_address_may_come_from_the_environment_as_AppHost_gives_it()
    {
        const string variable = "services__given-by-apphost__http__0";
        Environment.SetEnvironmentVariable(variable, "http://localhost:7009");
        try
        {
            var wire = new Wire(HttpStatusCode.OK);
            using var host = Host(wire);
            using var answer = await Client(host).GetAsync(new Uri("https+http://given-by-apphost/feed"));
            Assert.Equal("http://localhost:7009/feed", Assert.Single(wire.Requests).Address);
        }
        finally
        {
            Environment.SetEnvironmentVariable(variable, null);
        }
    }

    [Theory]
    [InlineData("http://somewhere/feed")]
    [InlineData("http://localhost:5101/feed")]
    [InlineData("http://127.0.0.1:5101/feed")]
    public async Task An_address_that_is_no_known_name_stays_as_it_is(string address)
    {
        var wire = new Wire(HttpStatusCode.OK);
        using var host = Host(wire, ("services:teams:http:0", "http://localhost:7001"));
        using var answer = await Client(host).GetAsync(new Uri(address));
        Assert.Equal(new Uri(address), new Uri(Assert.Single(wire.Requests).Address));
    }

    [Fact]
    public async Task Instances_take_turns_and_a_repetition_meets_the_next_one()
    {
        var wire = new Wire(HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK);
        using var host = Host(wire, ("services:teams:http:0", "http://localhost:7001"), ("services:teams:http:1", "http://localhost:7002"));
        using var first = await Client(host).GetAsync(new Uri("http://teams/"));
        using var second = await Client(host).GetAsync(new Uri("http://teams/"));
        var asked = wire.Requests.Select(request => request.Address).ToList();
        Assert.Equal(3, asked.Count);
        Assert.NotEqual(asked[0], asked[1]);
        Assert.Equal(asked[0], asked[2]);
    }

    [Fact]
    public async Task A_token_that_a_request_brings_is_not_replaced()
    {
        var wire = new Wire(HttpStatusCode.OK);
        using var host = Host(wire, ("Authentication:Token", "ours"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://teams/");
        request.Headers.Authorization = new("Bearer", "theirs");
        using var answer = await Client(host).SendAsync(request);
        Assert.Equal("Bearer theirs", Assert.Single(wire.Requests).Authorization);
    }

    [Theory]
    [InlineData("GET", false, 2)]
    [InlineData("POST", false, 1)]
    [InlineData("POST", true, 2)]
    [InlineData("PUT", false, 2)]
    [InlineData("PATCH", false, 1)]
    [InlineData("DELETE", false, 2)]
    public async Task A_passing_fault_is_retried_where_a_repetition_does_no_harm(string method, bool withKey, int requests)
    {
        var wire = new Wire(HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK);
        using var host = Host(wire);
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://teams/");
        if (withKey)
            request.Headers.Add("Idempotency-Key", "1");
        using var answer = await Client(host).SendAsync(request);
        Assert.Equal(requests, wire.Requests.Count);
        Assert.Equal(requests == 2 ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, answer.StatusCode);
    }

    [Fact]
    public async Task A_lost_connection_is_a_passing_fault_and_a_refusal_is_not()
    {
        var wire = new Wire(null, HttpStatusCode.Conflict, HttpStatusCode.OK);
        using var host = Host(wire);
        using var answer = await Client(host).GetAsync(new Uri("http://teams/"));
        Assert.Equal((2, HttpStatusCode.Conflict), (wire.Requests.Count, answer.StatusCode));
    }

    [Fact]
    public async Task A_client_may_do_without_patience()
    {
        var wire = new Wire(HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK);
        using var host = Host(wire);
        using var answer = await host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("impatient")
            .GetAsync(new Uri("http://teams/"));
        Assert.Equal((1, HttpStatusCode.ServiceUnavailable), (wire.Requests.Count, answer.StatusCode));
    }

    [Fact]
    public async Task A_neighbour_that_fails_opens_its_own_circuit_only_and_closes_it_in_real_time()
    {
        var wire = new Wire(HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK);
        using var host = Host(wire);
        var client = Client(host);
        async Task<HttpStatusCode> Ask(string address)
        {
            using var answer = await client.PostAsync(new Uri(address), content: null);
            return answer.StatusCode;
        }
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Ask("http://teams/"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await Ask("http://teams/"));
        await Assert.ThrowsAsync<BrokenCircuitException>(() => Ask("http://teams/"));
        Assert.Equal(HttpStatusCode.OK, await Ask("http://beds/"));
        Assert.Equal(3, wire.Requests.Count);

        // The city's clock stands still meanwhile.
        await Until.True(async () =>
        {
            try
            {
                return await Ask("http://teams/") == HttpStatusCode.OK;
            }
            catch (BrokenCircuitException)
            {
                return false;
            }
        }, "the circuit closes");
    }

    [Theory]
    [InlineData("Authentication:Development:PublicKey", "any")]
    [InlineData("Other", "")]
    public void Outside_Development_a_service_refuses_the_development_key_and_a_missing_issuer(string setting, string value)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Production" });
        builder.Configuration[setting] = value;
        var refusal = Assert.Throws<InvalidOperationException>(() => builder.AddFamilyDoctorAuthentication());
        Assert.Contains("Authentication:", refusal.Message, StringComparison.Ordinal);
    }

    private static HttpClient Client(IHost host) => host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("neighbour");

    private static IHost Host(Wire wire, params (string Key, string Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { EnvironmentName = "Development" });
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, string? (setting) => setting.Value));
        builder.AddServiceDefaults();
        builder.AddFamilyDoctorAuthentication();
        builder.Services.AddSingleton<TimeProvider>(new StandingClock());
        builder.Services.ConfigureAll<HttpStandardResilienceOptions>(options =>
        {
            options.Retry.Delay = TimeSpan.FromMilliseconds(1);
            options.CircuitBreaker.MinimumThroughput = 2;
            options.CircuitBreaker.BreakDuration = TimeSpan.FromMilliseconds(500);
        });
        builder.Services.AddHttpClient("neighbour").AddServiceToken().ConfigurePrimaryHttpMessageHandler(() => wire);
        builder.Services.AddHttpClient("impatient").RemoveAllResilienceHandlers().ConfigurePrimaryHttpMessageHandler(() => wire);
        return builder.Build();
    }

    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero);
    }

    /// <summary>Answers as it was told, the last one for ever; null is a lost connection.</summary>
    private sealed class Wire(params HttpStatusCode?[] answers) : HttpMessageHandler
    {
        public List<(string Address, string? Authorization)> Requests { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add(($"{request.RequestUri}", request.Headers.Authorization?.ToString()));
            var answer = answers[Math.Min(Requests.Count, answers.Length) - 1] ?? throw new HttpRequestException("The connection is lost.");
            return Task.FromResult(new HttpResponseMessage(answer));
        }
    }
}
