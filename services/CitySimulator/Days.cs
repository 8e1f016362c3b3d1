using FamilyDoctor.Policies;

namespace FamilyDoctor.CitySimulator;

/// <summary>The city's working days and the hours of its clinics: 8:00 to 11:30 and 13:30 to 17:00.</summary>
public sealed class Days(TimeZoneInfo zone, WorkingDays calendar)
{
    private const int HalfDay = 210, Morning = 8 * 60, Afternoon = (13 * 60) + 30;

    public bool IsWorking(DateOnly day) => calendar.Contains(day);

    public DateOnly DateOf(DateTimeOffset instant) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    /// <summary>A minute of a city day, as an instant.</summary>
    public DateTimeOffset At(DateOnly day, int minute)
    {
        var local = day.ToDateTime(TimeOnly.MinValue).AddMinutes(minute);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>A moment within the clinic's hours; 0 is the morning's start, near 1 the evening.</summary>
    public DateTimeOffset InHours(DateOnly day, double fraction)
    {
        var minute = (int)(fraction * 2 * HalfDay);
        return At(day, minute < HalfDay ? Morning + minute : Afternoon + minute - HalfDay);
    }

    public List<DateOnly> Working(DateOnly from, DateOnly to)
    {
        var days = new List<DateOnly>();
        for (var day = from; day <= to; day = day.AddDays(1))
        {
            if (calendar.Contains(day))
                days.Add(day);
        }
        return days;
    }

    /// <summary>This day or the next working one.</summary>
    public DateOnly OnOrAfter(DateOnly day)
    {
        while (!calendar.Contains(day))
            day = day.AddDays(1);
        return day;
    }

    /// <summary>This day or the last working one before it.</summary>
    public DateOnly OnOrBefore(DateOnly day)
    {
        while (!calendar.Contains(day))
            day = day.AddDays(-1);
        return day;
    }

    public DateOnly Add(DateOnly day, int workingDays) => calendar.Add(day, workingDays);

    /// <summary>Now, if the clinics are open, else when they open next.</summary>
    public DateTimeOffset NextOpening(DateTimeOffset now)
    {
        var today = DateOf(now);
        if (IsWorking(today) && now <= At(today, Morning))
            return At(today, Morning);
        return IsWorking(today) && now < InHours(today, 0.99) ? now : At(OnOrAfter(today.AddDays(1)), Morning);
    }

    /// <summary>The n-th working day before a date.</summary>
    public DateOnly Back(DateOnly day, int workingDays)
    {
        while (workingDays-- > 0)
            day = OnOrBefore(day.AddDays(-1));
        return day;
    }

    /// <summary>Moments evenly over the working hours of a period, in order.</summary>
    public IEnumerable<DateTimeOffset> Spread(int count, DateOnly from, DateOnly to)
    {
        var days = count == 0 ? [] : Working(from, to);
        if (count > 0 && days.Count == 0)
            days.Add(OnOrBefore(to));
        for (var i = 0; i < count; i++)
        {
            var place = (i + 0.5) * days.Count / count;
            yield return InHours(days[(int)place], place - (int)place);
        }
    }
}
