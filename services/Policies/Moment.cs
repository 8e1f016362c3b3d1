namespace FamilyDoctor.Policies;

/// <summary>When a decision is taken: the instant, and the policy and calendar in force in the city then.</summary>
/// <param name="Now">Business time, UTC.</param>
public sealed record Moment(DateTimeOffset Now, int PolicyVersion, Policy Policy, WorkingDays Calendar, TimeZoneInfo Zone)
{
    /// <summary>The city's date now.</summary>
    public DateOnly Today => DateOf(Now);

    public DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, Zone).DateTime);

    /// <summary>The instant at which a city date begins, in UTC.</summary>
    public DateTimeOffset StartOf(DateOnly date)
    {
        var local = date.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>The local midnight after a date: what ends on that date ends then.</summary>
    public DateTimeOffset EndOf(DateOnly date) => StartOf(date.AddDays(1));

    /// <summary>The same time of day, n working days later.</summary>
    public DateTimeOffset AfterWorkingDays(int workingDays)
    {
        var today = Today;
        return Now.AddDays(Calendar.Add(today, workingDays).DayNumber - today.DayNumber);
    }
}
