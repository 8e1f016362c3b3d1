using FamilyDoctor.CitySimulator;
using FamilyDoctor.CitySimulator.Answering;
using FamilyDoctor.CitySimulator.Founding;
using FamilyDoctor.CitySimulator.Living;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.ServiceDefaults;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Configuration.AddCommandLine(args, new Dictionary<string, string> { ["--city"] = "City:File", ["--scale"] = "City:Scale" });
builder.AddServiceDefaults();
builder.AddFamilyDoctorAuthentication(); // for the token it speaks with; nobody calls in

CityFile city;
try
{
    city = CityFileReading.Read(builder.Configuration["City:File"] ?? "ningbo");
}
catch (BadCityFile bad)
{
    await Console.Error.WriteLineAsync(bad.Message);
    return 1;
}
builder.Services.AddSingleton(new Plan(city, builder.Configuration.GetValue("City:Scale", city.DefaultScale)));
builder.Services.AddSingleton(new FoundingProgress(TimeProvider.System, Console.Out));
builder.Services.AddSingleton(CityClock.From(builder.Configuration));
builder.Services.AddHttpClient(Services.Client, client => client.Timeout = TimeSpan.FromMinutes(5))
    .AddServiceToken().RemoveAllResilienceHandlers(); // rows and commands are repeated by us, with more patience
builder.Services.AddSingleton<Services>().AddSingleton<Sending>().AddSingleton<FoundCity>().AddSingleton<LiveDays>();
builder.Services.AddHostedService<SimulatedCounterparts>().AddHostedService<Simulation>();

var host = builder.Build();
var simulation = host.Services.GetServices<IHostedService>().OfType<Simulation>().Single();
await host.RunAsync();
return simulation.ExecuteTask is { IsFaulted: true } ? 1 : 0;
