namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>A day on which a hospital offers a service or a device to family doctors.</summary>
public sealed class HospitalDay(Hospital hospital, string what, DateOnly date)
{
    public Hospital Hospital => hospital;
    /// <summary>A service or a modality.</summary>
    public string What => what;
    public DateOnly Date => date;
    public int Routine { get; set; }
    public int Urgent { get; set; }
}

/// <summary>Each hospital offers each of its services, and each device, once a week; the weekday differs between them.</summary>
public sealed class HospitalDays
{
    private readonly List<(Hospital Hospital, string What)> offers;
    private readonly Dictionary<(int Hospital, string What, DateOnly Date), HospitalDay> known = [];
    private readonly Days calendar;

    /// <param name="from">From here on until "to" every day is known beforehand.</param>
    public HospitalDays(IEnumerable<(Hospital Hospital, string What)> offers, DateOnly from, DateOnly to, Days calendar)
    {
        (this.offers, this.calendar) = ([.. offers], calendar);
        for (var day = from; day <= to; day = day.AddDays(1))
            _ = On(day).Count();
    }

    public IReadOnlyList<HospitalDay> All => [.. known.Values.OrderBy(d => d.Date).ThenBy(d => d.Hospital.Index).ThenBy(d => d.What, StringComparer.Ordinal)];

    /// <summary>What the hospitals offer on a day.</summary>
    public IEnumerable<HospitalDay> On(DateOnly day) => offers.Where(o => From(o.Hospital, o.What, day).Date == day).Select(o => From(o.Hospital, o.What, day));

    /// <summary>The first offered day from a date on.</summary>
    public HospitalDay From(Hospital hospital, string what, DateOnly date)
    {
        var weekday = (hospital.Index + offers.FindIndex(o => o.Hospital.Index == hospital.Index && o.What == what)) % 5;
        for (var monday = date.AddDays(-(((int)date.DayOfWeek + 6) % 7) - 14); ; monday = monday.AddDays(7)) // a long holiday moves a day into a later week
        {
            var day = calendar.OnOrAfter(monday.AddDays(weekday));
            if (day < date)
                continue;
            var key = (hospital.Index, what, day);
            return known.TryGetValue(key, out var offered) ? offered : known[key] = new(hospital, what, day);
        }
    }
}
