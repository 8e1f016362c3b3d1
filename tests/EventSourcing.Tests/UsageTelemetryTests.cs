using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace FamilyDoctor.EventSourcing.Tests;

public sealed class UsageTelemetryTests
{
    [Fact]
    public void The_bus_tells_nobody_that_it_is_used()
    {
        var services = new ServiceCollection();
        services.AddFamilyDoctorBus("teams", "amqp://localhost", []);
        using var provider = services.BuildServiceProvider();
        Assert.False(provider.GetRequiredService<IOptions<UsageTelemetryOptions>>().Value.Enabled);
    }
}
