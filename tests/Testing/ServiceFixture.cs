using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using FamilyDoctor.AppHost.LocalRuntime;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Npgsql;
using Testcontainers.PostgreSql;
using Testcontainers.RabbitMq;
using Xunit;

namespace FamilyDoctor.Testing;

/// <summary>A real PostgreSQL and a real RabbitMQ, private to a test run.</summary>
public class Servers : IAsyncLifetime
{
    public PostgreSqlContainer Postgres { get; } = new PostgreSqlBuilder("postgres:15").WithCommand("-c", "max_connections=300").Build();
    public RabbitMqContainer RabbitMq { get; } = new RabbitMqBuilder("rabbitmq:3.10").Build();

    public virtual async Task InitializeAsync() => await Task.WhenAll(Postgres.StartAsync(), RabbitMq.StartAsync());

    public virtual async Task DisposeAsync()
    {
        await RabbitMq.DisposeAsync();
        await Postgres.DisposeAsync();
    }

    /// <summary>A new empty database of this server.</summary>
    public async Task<string> CreateDatabase(string name)
    {
        await using var connection = new NpgsqlConnection(Postgres.GetConnectionString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"create database \"{name}\"", connection);
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(Postgres.GetConnectionString()) { Database = name }.ConnectionString;
    }
}

/// <summary>One service on real servers, in as many instances as a test wants; its clock stands where the test puts it.</summary>
/// <typeparam name="TProgram">The service's Program.</typeparam>
public abstract class ServiceFixture<TProgram>(string service) : Servers where TProgram : class
{
    private readonly List<Instance> instances = [];
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private string database = "", keys = "";

    public SettableClock Clock { get; } = new(DateTimeOffset.Parse("2024-03-01T01:00:00Z"));

    /// <summary>The instance that is always there.</summary>
    public Instance First => instances[0];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        database = await CreateDatabase($"{service}db");
        keys = await CreateDatabase("keysdb");
        await StartInstance();
    }

    public override async Task DisposeAsync()
    {
        foreach (var instance in instances)
            await instance.DisposeAsync();
        key.Dispose();
        await base.DisposeAsync();
    }

    /// <summary>The connection string of the service's database, to look behind the scenes.</summary>
    public string Database => database;

    public async Task<Instance> StartInstance()
    {
        var instance = new Instance(this);
        instances.Add(instance);
        await instance.Start();
        return instance;
    }

    public string Token(params string[] roles) => TokenOf("tester", roles);

    /// <param name="scope">Most tests are not about who reaches what: their tokens reach the whole city.</param>
    private string TokenOf(string subject, string[] roles, string? organizationId = null, string? scope = Caller.City)
    {
        var claims = new Dictionary<string, object> { ["sub"] = subject, ["role"] = roles };
        if (organizationId is not null)
            claims["org"] = organizationId;
        if (scope is not null)
            claims[Caller.Scope] = scope;
        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "familydoctor-development",
            Audience = "familydoctor",
            Expires = DateTime.MaxValue.AddYears(-1),
            Claims = claims,
            SigningCredentials = new(new ECDsaSecurityKey(key), SecurityAlgorithms.EcdsaSha256),
        });
    }

    /// <summary>Further settings of the service.</summary>
    protected virtual IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

    /// <summary>A message as another service would send it.</summary>
    public Task Publish(IntegrationEvent message) => First.Services.GetRequiredService<IPublisher>().Publish([message], CancellationToken.None);

    /// <summary>A process of the service, on its own Kestrel.</summary>
    public sealed class Instance(ServiceFixture<TProgram> fixture) : WebApplicationFactory<TProgram>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Development");
            builder.UseSetting($"ConnectionStrings:{service}db", fixture.database);
            builder.UseSetting("ConnectionStrings:keysdb", fixture.keys);
            builder.UseSetting("ConnectionStrings:messaging", fixture.RabbitMq.GetConnectionString());
            builder.UseSetting("City:Id", "330200");
            builder.UseSetting("Vault:MasterKey", "a master key for tests, of no other use");
            builder.UseSetting("Vault:IndexSecret", "an index secret for tests, of no other use");
            builder.UseSetting("Authentication:Development:PublicKey", Convert.ToBase64String(fixture.key.ExportSubjectPublicKeyInfo()));
            foreach (var (name, value) in fixture.Settings)
                builder.UseSetting(name, value);
            builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(fixture.Clock));
        }

        private string service => fixture.Service;

        internal Task Start()
        {
            UseKestrel(0);
            StartServer();
            return Task.CompletedTask;
        }

        public HttpClient Client(params string[] roles) => With(fixture.Token(roles));

        /// <summary>A practitioner who says who he is.</summary>
        public HttpClient ClientOf(Guid practitionerId, params string[] roles) => With(fixture.TokenOf(practitionerId.ToString(), roles));

        /// <summary>Somebody who says for which organisation he works.</summary>
        public HttpClient ClientOf(string subject, string organizationId, params string[] roles) => With(fixture.TokenOf(subject, roles, organizationId));

        /// <summary>Somebody as the city's identity provider knows him: he reaches what is his organisation's, or his own.</summary>
        public HttpClient Scoped(string role, Guid? organizationId = null, string subject = "somebody") =>
            With(fixture.TokenOf(subject, [role], organizationId?.ToString(), scope: null));

        private HttpClient With(string token)
        {
            var client = new HttpClient { BaseAddress = ClientOptions.BaseAddress };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return client;
        }
    }

    /// <summary>An instance in a process of its own, which a test may kill; it is ready when it answers.</summary>
    public async Task<Killable> StartProcess()
    {
        var (program, address) = (typeof(TProgram).Assembly.Location, new Uri($"http://127.0.0.1:{PrivateFolder.FreePort()}"));
        var process = await GuardedProcess.Start(new(Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal) ? Environment.ProcessPath : "dotnet", program)
        {
            WorkingDirectory = Path.GetDirectoryName(program),
            Environment = new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = address.ToString(),
                [$"ConnectionStrings__{service}db"] = database,
                ["ConnectionStrings__keysdb"] = keys,
                ["ConnectionStrings__messaging"] = RabbitMq.GetConnectionString(),
                ["City__Id"] = "330200",
                ["Vault__MasterKey"] = "a master key for tests, of no other use",
                ["Vault__IndexSecret"] = "an index secret for tests, of no other use",
                ["Authentication__Development__PublicKey"] = Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()),
            },
        });
        using var client = new HttpClient { BaseAddress = address };
        await Talking.Until(async () =>
        {
            try
            {
                return (await client.GetAsync("/alive")).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                Assert.False(process.HasExited, $"{service} did not start.");
                return false;
            }
        });
        return new(process, address);
    }

    /// <summary>A process of the service.</summary>
    public sealed class Killable : IAsyncDisposable
    {
        private readonly GuardedProcess process;

        internal Killable(GuardedProcess process, Uri address) => (this.process, Address) = (process, address);

        public Uri Address { get; }

        /// <summary>kill -9.</summary>
        public void Kill()
        {
            using var killed = System.Diagnostics.Process.GetProcessById(process.Id);
            killed.Kill();
        }

        public ValueTask DisposeAsync() => process.DisposeAsync();
    }

    private string Service => service;
}

/// <summary>Business time that moves only when a test says so; timers stay real.</summary>
public sealed class SettableClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now.ToUniversalTime();
}

/// <summary>What tests say to a service, and how they wait for what it does by itself.</summary>
public static class Talking
{
    public static async Task<Done> Do(this HttpClient client, string path, object? body = null)
    {
        using var response = await client.PostAsJsonAsync(path, body ?? new { });
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return (await response.Content.ReadFromJsonAsync<Done>())!;
    }

    /// <summary>A file as a body, with its type; none is said when it is null.</summary>
    public static HttpContent File(byte[] content, string? type)
    {
        var file = new ByteArrayContent(content);
        file.Headers.TryAddWithoutValidation("Content-Type", type);
        return file;
    }

    /// <summary>Adds a document and says where it is.</summary>
    public static async Task<Uri> Add(this HttpClient client, string path, byte[] content, string type)
    {
        using var response = await client.PostAsync(path, File(content, type));
        Assert.True(response.StatusCode is System.Net.HttpStatusCode.Created, $"{path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        return response.Headers.Location!;
    }

    /// <summary>Takes rows of the past in, after a dry run of them that must foretell how it ends.</summary>
    public static async Task<ImportResult> Import(this HttpClient client, string kind, string rows)
    {
        var foretold = await Send("?dryRun=true");
        var done = await Send("");
        Assert.Equal((foretold.Accepted, foretold.Repeated, foretold.Rejected), (done.Accepted, done.Repeated, done.Rejected));
        Assert.Equal(foretold.Rejects.Select(r => (r.Line, r.Code, r.Field)), done.Rejects.Select(r => (r.Line, r.Code, r.Field)));
        return done;

        async Task<ImportResult> Send(string query)
        {
            using var answer = await client.PostAsync($"/imports/{kind}{query}", new StringContent(rows));
            Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
            return (await answer.Content.ReadFromJsonAsync<ImportResult>())!;
        }
    }

    /// <summary>Refused with this status and code, as problem+json.</summary>
    public static async Task<JsonElement> Refuses(this HttpClient client, int status, string code, string path, object? body = null, string method = "POST")
    {
        using var request = new HttpRequestMessage(new(method), path) { Content = method == "GET" ? null : body as HttpContent ?? JsonContent.Create(body ?? new { }) };
        using var response = await client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{path}: expected {status} {code}, got {(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false }).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        // Whatever is refused is refused as described.
        if ((await Described.At(client.BaseAddress!)).Find(method, path) is { } operation)
            Assert.Contains(code, Described.Refusals(operation));
        return problem;
    }

    /// <summary>Waits for something that comes about by itself, 20 seconds at most.</summary>
    public static async Task<T> Eventually<T>(Func<Task<T?>> look, Func<T, bool>? until = null, int seconds = 60)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        T? seen = default;
        while (!limit.IsCancellationRequested)
        {
            seen = await look();
            if (seen is not null && (until is null || until(seen)))
                return seen;
            await Task.Delay(25);
        }
        throw new Xunit.Sdk.XunitException($"It did not come about within {seconds} s; last seen: {JsonSerializer.Serialize(seen)}.");
    }

    public static Task Until(Func<Task<bool>> holds, int seconds = 60) => Eventually<bool?>(async () => await holds() ? true : null, seconds: seconds);
}
