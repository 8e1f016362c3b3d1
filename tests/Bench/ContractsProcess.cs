using System.Net.Http.Headers;
using System.Security.Cryptography;
using FamilyDoctor.AppHost.LocalRuntime;
using FamilyDoctor.EventSourcing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FamilyDoctor.Bench;

/// <summary>The contracts service in a process of its own, and a client that costs as little as a real one can.</summary>
public sealed class ContractsProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly GuardedProcess process;
    private readonly string folder;
    private readonly Uri address;
    private readonly AuthenticationHeaderValue token;
    private readonly HttpMessageInvoker http = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false, AllowAutoRedirect = false });

    private ContractsProcess(GuardedProcess process, string folder, Uri address, string token) =>
        (this.process, this.folder, this.address, this.token) = (process, folder, address, new("Bearer", token));

    public static async Task<ContractsProcess> Start(Database database, Database keys, string broker)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var folder = Directory.CreateTempSubdirectory("familydoctor-contracts-").FullName;
        var address = new Uri($"http://127.0.0.1:{PrivateFolder.FreePort()}");
        // Built beside this program, in the same configuration.
        var built = AppContext.BaseDirectory.Replace(Path.Combine("tests", "Bench"), Path.Combine("services", "Contracts"), StringComparison.Ordinal);
        var process = await GuardedProcess.Start(new(Environment.ProcessPath!, Path.Combine(built, "FamilyDoctor.Contracts.dll"))
        {
            WorkingDirectory = built,
            Log = Path.Combine(folder, "contracts.log"),
            RemoveWhenOrphaned = folder,
            Environment = new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = address.ToString(),
                ["ConnectionStrings__contractsdb"] = database.Server.ConnectionString,
                ["ConnectionStrings__keysdb"] = keys.Server.ConnectionString,
                ["ConnectionStrings__messaging"] = broker,
                ["City__Id"] = "330200",
                ["Vault__MasterKey"] = "a master key to measure with, of no other use",
                ["Vault__IndexSecret"] = "an index secret to measure with, of no other use",
                ["Authentication__Development__PublicKey"] = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()),
            },
        });
        var service = new ContractsProcess(process, folder, address, Token(key));
        await service.IsUp();
        return service;
    }

    /// <summary>Anything but success stops the bench.</summary>
    public async Task Post(string path, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, path)) { Content = new ByteArrayContent(body) };
        request.Headers.Authorization = token;
        request.Content.Headers.ContentType = new("application/json");
        using var response = await http.SendAsync(request, CancellationToken.None);
        var answer = await response.Content.ReadAsByteArrayAsync();
        if (!response.IsSuccessStatusCode)
            throw new Unmeasurable($"The bench stops: {path} was answered with {(int)response.StatusCode}: {System.Text.Encoding.UTF8.GetString(answer)}");
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await process.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task IsUp()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            if (process.HasExited || limit.IsCancellationRequested)
                throw new Unmeasurable($"The bench stops: contracts did not start.\n{PrivateFolder.LastLines(Path.Combine(folder, "contracts.log"))}");
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "/alive"));
                using var response = await http.SendAsync(request, limit.Token);
                if (response.IsSuccessStatusCode)
                    return;
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // Not yet; or never, which the next turn will say.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    private static string Token(ECDsa key) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = "familydoctor-development",
        Audience = "familydoctor",
        Expires = DateTime.MaxValue.AddYears(-1),
        Claims = new Dictionary<string, object> { ["sub"] = "bench", ["role"] = new[] { Role.Clinic, Role.Import } },
        SigningCredentials = new(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256),
    });
}
