using FamilyDoctor.CitySimulator.Founding;

namespace FamilyDoctor.CitySimulator;

/// <summary>First the past of the city, then its days.</summary>
public sealed class Simulation(FoundCity founding, FoundingProgress progress, IHostApplicationLifetime lifetime) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await founding.Run(stoppingToken);
        progress.Ready();
        lifetime.StopApplication();
    }
}
