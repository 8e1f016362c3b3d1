using FamilyDoctor.CitySimulator.Founding;
using FamilyDoctor.CitySimulator.Living;

namespace FamilyDoctor.CitySimulator;

/// <summary>First the past of the city, then its days.</summary>
public sealed class Simulation(
    FoundCity founding, LiveDays days, FoundingProgress progress, IConfiguration configuration, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await founding.Run(stoppingToken);
        progress.Ready();
        if (configuration.GetValue("Simulation:Live", true))
            await days.Run(stoppingToken);
        lifetime.StopApplication();
    }
}
