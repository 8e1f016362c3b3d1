namespace FamilyDoctor.Policies;

/// <summary>Public holidays that fall on working weekdays, and weekend days worked in exchange.</summary>
public sealed record CalendarDays(IReadOnlyList<DateOnly> Holidays, IReadOnlyList<DateOnly> MakeUpDays)
{
    /// <summary>What every service carries until the city sets its own.</summary>
    public static CalendarDays Sample { get; } = Resource.Read("calendar.json", PolicyJson.Default.CalendarDays);
}

/// <summary>The city's working days: Monday to Friday, less holidays, plus make-up days.</summary>
public sealed class WorkingDays(CalendarDays days)
{
    private readonly HashSet<DateOnly> holidays = [.. days.Holidays];
    private readonly HashSet<DateOnly> makeUpDays = [.. days.MakeUpDays];

    public static WorkingDays Default { get; } = new(CalendarDays.Sample);

    public bool Contains(DateOnly day) => makeUpDays.Contains(day)
        || (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && !holidays.Contains(day));

    /// <summary>The n-th working day after a date; n = 0 gives the date itself.</summary>
    public DateOnly Add(DateOnly date, int workingDays)
    {
        while (workingDays > 0)
        {
            date = date.AddDays(1);
            if (Contains(date))
                workingDays--;
        }
        return date;
    }
}
