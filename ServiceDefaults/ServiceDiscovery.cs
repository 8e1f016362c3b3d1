using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

// Stands in for the package Microsoft.Extensions.ServiceDiscovery: a name in an address becomes services__name__scheme__0.
namespace Microsoft.Extensions.DependencyInjection;

public static class ServiceDiscoveryServiceCollectionExtensions
{
    public static IServiceCollection AddServiceDiscovery(this IServiceCollection services)
    {
        services.TryAddTransient<ServiceDiscoveryHandler>();
        return services;
    }
}

public static class ServiceDiscoveryHttpClientBuilderExtensions
{
    public static IHttpClientBuilder AddServiceDiscovery(this IHttpClientBuilder httpClientBuilder)
    {
        httpClientBuilder.Services.AddServiceDiscovery();
        return httpClientBuilder.AddHttpMessageHandler<ServiceDiscoveryHandler>();
    }
}

internal sealed class ServiceDiscoveryHandler(IConfiguration configuration) : DelegatingHandler
{
    private static int _turn;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var asked = request.RequestUri;
        try
        {
            request.RequestUri = Resolve(asked);
            return await base.SendAsync(request, cancellationToken);
        }
        finally
        {
            // A retry resolves the name again and may meet another instance.
            request.RequestUri = asked;
        }
    }

    private Uri? Resolve(Uri? asked)
    {
        if (asked is not { IsAbsoluteUri: true, IsDefaultPort: true })
            return asked;
        foreach (var scheme in asked.Scheme.Split('+'))
        {
            var addresses = configuration.GetSection($"services:{asked.Host}:{scheme}").GetChildren()
                .Select(address => address.Value).OfType<string>().ToList();
            if (addresses.Count == 0)
                continue;
            var address = new Uri(addresses[(int)((uint)Interlocked.Increment(ref _turn) % addresses.Count)]);
            return new UriBuilder(asked) { Scheme = address.Scheme, Host = address.Host, Port = address.Port }.Uri;
        }

        return asked;
    }
}
