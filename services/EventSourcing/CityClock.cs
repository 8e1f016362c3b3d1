using Microsoft.Extensions.Configuration;

namespace FamilyDoctor.EventSourcing;

/// <summary>
/// The city's business time: starts where it is told and runs at its speed, but never passes real time.
/// Timers stay real. Without configuration it is the real time.
/// </summary>
public sealed class CityClock(DateTimeOffset start, DateTimeOffset realStart, double speed, TimeProvider real) : TimeProvider
{
    /// <summary>From City:Clock:Start, RealStart and Speed, given by AppHost.</summary>
    public static TimeProvider From(IConfiguration configuration)
    {
        var clock = configuration.GetSection("City:Clock");
        return clock["Start"] is { Length: > 0 }
            ? new CityClock(clock.GetValue<DateTimeOffset>("Start"), clock.GetValue<DateTimeOffset>("RealStart"), clock.GetValue("Speed", 1.0), System)
            : System;
    }

    public override DateTimeOffset GetUtcNow()
    {
        var now = real.GetUtcNow();
        var city = start + (now - realStart) * speed;
        return (city < now ? city : now).ToUniversalTime();
    }
}
