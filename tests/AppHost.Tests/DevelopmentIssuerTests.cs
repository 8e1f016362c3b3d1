using System.Security.Cryptography;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FamilyDoctor.AppHost.Tests;

public sealed class DevelopmentIssuerTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public void It_refuses_outside_Development(string environment)
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => Issuer(environment, "a secret"));
        Assert.Contains($"the environment is {environment}", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_tokens_carry_who_and_what_and_prove_themselves_by_its_public_key()
    {
        var issuer = Issuer("Development", "a secret");
        var token = await issuer.Token("simulator", ["commission", "import"], "clinic-7", TimeSpan.FromHours(1), default);
        var checkedToken = await Check(token, await issuer.PublicKey(default));
        Assert.True(checkedToken.IsValid, checkedToken.Exception?.Message);
        Assert.Equal("simulator", checkedToken.Claims["sub"]);
        Assert.Equal(["commission", "import"], checkedToken.ClaimsIdentity.FindAll("role").Select(claim => claim.Value));
        Assert.Equal("clinic-7", checkedToken.Claims["org"]);
    }

    [Theory]
    [InlineData("clinic", "clinic", null, true)]
    [InlineData("clinic", "clinic", "00000000-0000-7000-8000-000000000001", false)]
    [InlineData("resident", "resident", null, true)]
    [InlineData("00000000-0000-7000-8000-000000000002", "resident", null, false)]
    public async Task A_token_reaches_the_whole_city_unless_it_says_whose_it_is(string subject, string role, string? organization, bool reachesAll)
    {
        var issuer = Issuer("Development", "a secret");
        var token = await Check(await issuer.Token(subject, [role], organization, TimeSpan.FromHours(1), default), await issuer.PublicKey(default));
        Assert.Equal(reachesAll ? "city" : null, token.Claims.TryGetValue("scope", out var scope) ? scope : null);
    }

    [Fact]
    public async Task Another_data_folder_is_another_issuer_and_the_same_one_stays_itself()
    {
        var token = await Issuer("Development", "a secret").Token("beds", ["service"], null, TimeSpan.FromHours(1), default);
        Assert.True((await Check(token, await Issuer("Development", "a secret").PublicKey(default))).IsValid);
        Assert.False((await Check(token, await Issuer("Development", "another secret").PublicKey(default))).IsValid);
    }

    private static DevelopmentIssuer Issuer(string environment, string secret) => new(
        new HostingEnvironment { EnvironmentName = environment }, new ParameterResource("secret", _ => secret), TimeProvider.System);

    private static async Task<TokenValidationResult> Check(string token, string publicKey)
    {
        using var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(publicKey), out _);
        return await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = "familydoctor-development",
            ValidAudience = "familydoctor",
            IssuerSigningKey = new ECDsaSecurityKey(key) { CryptoProviderFactory = new() { CacheSignatureProviders = false } },
        });
    }
}
