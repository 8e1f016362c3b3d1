using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FamilyDoctor.AppHost;

/// <summary>
/// FOR DEVELOPMENT ONLY: signs any token that it is asked for, so that one machine needs no identity provider.
/// Its key comes from a secret that is generated with each data folder; services elsewhere refuse to start with it.
/// </summary>
internal sealed class DevelopmentIssuer
{
    private readonly ParameterResource _secret;
    private readonly TimeProvider _clock;

    public DevelopmentIssuer(IHostEnvironment environment, ParameterResource secret, TimeProvider clock)
    {
        if (!environment.IsDevelopment())
            throw new InvalidOperationException("The development issuer signs tokens for anybody and works in Development only, " +
                $"but the environment is {environment.EnvironmentName}.");
        (_secret, _clock) = (secret, clock);
    }

    /// <summary>What services need to check the tokens: base64 of the key's SubjectPublicKeyInfo.</summary>
    public async Task<string> PublicKey(CancellationToken ct)
    {
        using var key = await Key(ct);
        return Convert.ToBase64String(key.ExportSubjectPublicKeyInfo());
    }

    /// <summary>Whoever works for no organisation reaches the whole city; a resident who is somebody reaches himself.</summary>
    public async Task<string> Token(
        string subject, IReadOnlyList<string> roles, string? organization, TimeSpan lifetime, CancellationToken ct)
    {
        using var key = await Key(ct);
        var now = _clock.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object> { ["sub"] = subject, ["name"] = subject, ["role"] = roles.ToArray() };
        if (organization is not null)
            claims["org"] = organization;
        else if (!(roles is ["resident"] && Guid.TryParse(subject, out _)))
            claims["scope"] = "city";
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "familydoctor-development",
            Audience = "familydoctor",
            IssuedAt = now,
            NotBefore = now,
            Expires = now + lifetime,
            Claims = claims,
            SigningCredentials = new(
                new ECDsaSecurityKey(key) { CryptoProviderFactory = new() { CacheSignatureProviders = false } },
                SecurityAlgorithms.EcdsaSha256),
        });
    }

    private async Task<ECDsa> Key(CancellationToken ct)
    {
        var secret = await _secret.GetValueAsync(ct)
            ?? throw new InvalidOperationException($"The parameter {_secret.Name} has no value.");
        var scalar = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret), 32, info: "familydoctor development issuer"u8.ToArray());
        return ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = scalar });
    }
}
