using System.Net.Http.Headers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.Tokens;

namespace FamilyDoctor.ServiceDefaults;

/// <summary>Who may call a service: the holder of a token, of the development issuer only on a developer's machine.</summary>
public static class Authentication
{
    private const string DevelopmentKey = "Authentication:Development:PublicKey";
    private const string Schemes = "Authentication:Schemes:Bearer";

    public static TBuilder AddFamilyDoctorAuthentication<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        var developmentKey = builder.Configuration[DevelopmentKey];
        if (!builder.Environment.IsDevelopment())
        {
            if (!string.IsNullOrWhiteSpace(developmentKey))
                throw new InvalidOperationException($"{DevelopmentKey} is set, but the environment is " +
                    $"{builder.Environment.EnvironmentName}: tokens of the development issuer are for development only.");
            if (!builder.Configuration.GetSection(Schemes).Exists())
                throw new InvalidOperationException(
                    $"Nobody could sign in: set {Schemes}:Authority and {Schemes}:Audience to your issuer of tokens.");
        }

        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            // The scheme's section would switch these off where it names none of its own.
            options.TokenValidationParameters.ValidateIssuer = true;
            options.TokenValidationParameters.ValidateAudience = true;
            options.Audience ??= builder.Configuration[$"{Schemes}:Audience"] ?? "familydoctor";
            options.TokenValidationParameters.RoleClaimType = "role";
            options.TokenValidationParameters.NameClaimType = "sub";
            if (!string.IsNullOrWhiteSpace(developmentKey))
                AcceptDevelopmentTokens(options.TokenValidationParameters, developmentKey);
        });
        builder.Services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        // A host without web has none, and authorization cannot be built without.
        builder.Services.AddRouting();
        return builder;
    }

    /// <summary>The client speaks with the service's own token, unless the request already carries one.</summary>
    public static IHttpClientBuilder AddServiceToken(this IHttpClientBuilder client)
    {
        client.Services.TryAddTransient<ServiceToken>();
        return client.AddHttpMessageHandler<ServiceToken>();
    }

    private static void AcceptDevelopmentTokens(TokenValidationParameters parameters, string publicKey)
    {
        var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
        parameters.IssuerSigningKey = new ECDsaSecurityKey(key);
        parameters.ValidIssuer = "familydoctor-development";
        parameters.ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256];
    }
}

internal sealed class ServiceToken(IConfiguration configuration) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = configuration["Authentication:Token"] ?? configuration["Authentication:Development:Token"];
        if (request.Headers.Authorization is null && !string.IsNullOrWhiteSpace(token))
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return base.SendAsync(request, cancellationToken);
    }
}
