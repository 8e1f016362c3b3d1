namespace FamilyDoctor.Policies;

/// <summary>The policy versions and calendars a service knows, by the date they take effect. Safe for many readers.</summary>
public sealed class PolicyBook(TimeZoneInfo zone)
{
    private sealed record Edition(DateTimeOffset From, int Version, Policy Policy);

    private volatile Edition[] policies = [new(DateTimeOffset.MinValue, 0, Policy.Default)];
    private long calendarVersion;
    private volatile WorkingDays calendar = WorkingDays.Default;
    private readonly Lock changing = new();

    public TimeZoneInfo Zone => zone;

    /// <summary>What holds at an instant.</summary>
    public Moment At(DateTimeOffset now)
    {
        var inForce = policies[0];
        foreach (var policy in policies)
        {
            if (policy.From <= now)
                inForce = policy;
        }
        return new Moment(now.ToUniversalTime(), inForce.Version, inForce.Policy, calendar, zone);
    }

    /// <summary>Learns a version; learning it twice changes nothing.</summary>
    public void Learn(int version, DateTimeOffset from, Policy policy)
    {
        lock (changing)
            policies = [.. policies.Where(p => p.Version != version).Append(new Edition(from, version, policy))
                .OrderBy(p => p.From).ThenBy(p => p.Version)];
    }

    /// <summary>Learns a calendar; an older one than known is ignored.</summary>
    public void Learn(long version, CalendarDays days)
    {
        lock (changing)
        {
            if (version > calendarVersion)
                (calendarVersion, calendar) = (version, new WorkingDays(days));
        }
    }
}
