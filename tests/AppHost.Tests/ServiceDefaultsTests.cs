using System.Net;
using FamilyDoctor.ServiceDefaults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

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
        builder.Services.AddHttpClient("neighbour").AddServiceToken().ConfigurePrimaryHttpMessageHandler(() => wire);
        return builder.Build();
    }

    private sealed class Wire(params HttpStatusCode[] answers) : HttpMessageHandler
    {
        public List<(string Address, string? Authorization)> Requests { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add(($"{request.RequestUri}", request.Headers.Authorization?.ToString()));
            return Task.FromResult(new HttpResponseMessage(answers[Math.Min(Requests.Count, answers.Length) - 1]));
        }
    }
}
