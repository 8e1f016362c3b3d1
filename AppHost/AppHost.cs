using FamilyDoctor.AppHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

var builder = DistributedApplication.CreateBuilder(args);
var city = City.Read(builder.Configuration, builder.AppHostDirectory);

// Servers: those of the given connection strings, else our own.
var postgres = new Lazy<IResourceBuilder<PostgresServerResource>>(() =>
    builder.AddPostgres("postgres").WithDataVolume().WithArgs("-c", "max_connections=300", "-c", "shared_buffers=512MB"));
var messaging = Given("messaging") ?? builder.AddRabbitMQ("messaging").WithDataVolume();
var teamsdb = Database("teamsdb");
var contractsdb = Database("contractsdb");
var referralsdb = Database("referralsdb");
var bedsdb = Database("bedsdb");
var dashboarddb = Database("dashboarddb");
var keysdb = Database("keysdb");

// Generated at the first start and kept, like the moment at which the city was founded.
var masterKey = Secret("vault-master-key");
var indexSecret = Secret("vault-index-secret");
var founded = builder.AddParameter($"founded-{city.Id}", new FirstStart(TimeProvider.System), persist: true);

// Who vouches for people and services: the development issuer here, an OpenID Connect provider elsewhere.
var signIn = builder.Environment.IsDevelopment()
    ? SignIn.Development(builder, Secret("development-issuer"))
    : SignIn.Authority(builder.AddParameter("authority"));

var teams = Service<Projects.Teams>("teams", teamsdb, keysdb, messaging);
var contracts = Service<Projects.Contracts>("contracts", contractsdb, keysdb, messaging);
var referrals = Service<Projects.Referrals>("referrals", referralsdb, keysdb, messaging);
var beds = Service<Projects.Beds>("beds", bedsdb, keysdb, messaging);
IResourceBuilder<ProjectResource>[] services = [teams, contracts, referrals, beds];
foreach (var service in services)
{
    signIn.Of(service, "service");
    service.WithEnvironment("Vault__MasterKey", masterKey).WithEnvironment("Vault__IndexSecret", indexSecret);
    service.WithReplicas(builder.Configuration.GetValue($"Replicas:{service.Resource.Name}", 1));
}

var dashboard = Service<Projects.Dashboard>("dashboard", dashboarddb, messaging).WithExternalHttpEndpoints();
signIn.Of(dashboard, "service", "commission");
OfCity(dashboard);

// Feeds are read over HTTP. Nobody waits for another service, so they may start and restart in any order.
foreach (var reader in services.Append(dashboard))
{
    foreach (var read in services.Where(service => service != reader))
        reader.WithReference(read);
}

if (builder.Configuration.GetValue("Simulation", true))
{
    var simulator = InCity(builder.AddProject<Projects.CitySimulator>("simulator")).WaitFor(dashboard);
    signIn.Of(simulator, "commission", "clinic", "hospital", "import");
    OfCity(simulator);
    var isLive = builder.Configuration.GetValue("Simulation:Live", true); // otherwise it founds and ends
    simulator.WithEnvironment("Simulation__Live", isLive ? "true" : "false");
    foreach (var service in services)
        simulator.WithReference(service).WaitFor(service);
    if (isLive)
    {
        // The insurer and the pharmacy of the simulated city.
        var (answers, token) = (simulator.WithHttpEndpoint(name: "counterparts", env: "Counterparts__Port").GetEndpoint("counterparts"), Secret("counterparts-token"));
        simulator.WithEnvironment("Counterparts__Token", token);
        foreach (var counterpart in new[] { "Insurer", "Pharmacy" })
            contracts.WithEnvironment($"Linkage__{counterpart}__Address", answers).WithEnvironment($"Linkage__{counterpart}__Token", token);
    }
}

builder.Build().Run();

IResourceBuilder<IResourceWithConnectionString>? Given(string name) =>
    string.IsNullOrEmpty(builder.Configuration.GetConnectionString(name)) ? null : builder.AddConnectionString(name);

IResourceBuilder<IResourceWithConnectionString> Database(string name) => Given(name) ?? postgres.Value.AddDatabase(name);

IResourceBuilder<ParameterResource> Secret(string name) =>
    builder.AddParameter(name, new GenerateParameterDefault { MinLength = 48, Special = false }, secret: true, persist: true);

IResourceBuilder<ProjectResource> Service<TProject>(
    string name, params IResourceBuilder<IResourceWithConnectionString>[] stores) where TProject : IProjectMetadata, new()
{
    var service = InCity(builder.AddProject<TProject>(name)).WithHttpHealthCheck("/health");
    foreach (var store in stores)
        service.WithReference(store).WaitFor(store);
    return service;
}

IResourceBuilder<ProjectResource> InCity(IResourceBuilder<ProjectResource> project) => project
    .WithEnvironment("City__Id", city.Id)
    .WithEnvironment("City__TimeZone", city.TimeZone)
    .WithEnvironment("City__Clock__Start", city.ClockStart)
    .WithEnvironment("City__Clock__RealStart", founded)
    .WithEnvironment("City__Clock__Speed", city.Speed);

void OfCity(IResourceBuilder<ProjectResource> project) => project
    .WithEnvironment("City__File", city.File)
    .WithEnvironment("City__Scale", city.Scale);
