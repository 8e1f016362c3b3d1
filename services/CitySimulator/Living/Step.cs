using FamilyDoctor.CitySimulator.Founding;

namespace FamilyDoctor.CitySimulator.Living;

/// <summary>One request that somebody makes at a time of the city's day.</summary>
/// <param name="Case">What belongs together: its steps are taken one after the other, and none after a refused one.</param>
/// <param name="What">As it is counted in the log.</param>
/// <param name="Until">After a pause it is still worth doing until then.</param>
public sealed record Step(
    DateTimeOffset At, DateTimeOffset Until, string Case, string What, string Service, string Path, object? Body = null)
{
    /// <summary>Other cases need it: a half-day, a quota.</summary>
    public bool IsForOthers { get; init; }

    public HttpMethod Method { get; init; } = HttpMethod.Post;

    /// <summary>For a body that names dates: from the moment at which it is sent.</summary>
    public Func<DateTimeOffset, object>? BodyAt { get; init; }

    /// <summary>For a path that has to be looked up first; null when there is nothing to do.</summary>
    public Func<Services, CancellationToken, Task<string?>>? FindPath { get; init; }
}

/// <summary>How many of a yearly flow fall on a working day: the remainder is carried over, so no year loses any.</summary>
public static class DailyShare
{
    public const int WorkingDaysInYear = 250;

    /// <param name="day">Working days since the city's clock started.</param>
    public static int Of(double yearly, int day, double phase = 0)
    {
        var rate = yearly / WorkingDaysInYear;
        return (int)(Math.Floor(((day + 1) * rate) + phase) - Math.Floor((day * rate) + phase));
    }
}
