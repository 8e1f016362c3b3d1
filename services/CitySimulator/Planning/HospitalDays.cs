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
    private readonly Dictionary<(int Hospital, string What), List<HospitalDay>> days = [];

    public HospitalDays(IEnumerable<(Hospital Hospital, string What)> offers, DateOnly from, DateOnly to, Days calendar)
    {
        foreach (var ((hospital, what), i) in offers.Select((o, i) => (o, i)))
        {
            var dates = new SortedSet<DateOnly>();
            for (var week = from.AddDays(-(((int)from.DayOfWeek + 6) % 7)); week <= to; week = week.AddDays(7))
            {
                var date = calendar.OnOrAfter(week.AddDays((hospital.Index + i) % 5));
                if (date >= from && date <= to)
                    dates.Add(date);
            }
            days[(hospital.Index, what)] = [.. dates.Select(date => new HospitalDay(hospital, what, date))];
        }
    }

    public IEnumerable<HospitalDay> All => days.Values.SelectMany(d => d).OrderBy(d => d.Date).ThenBy(d => d.Hospital.Index).ThenBy(d => d.What, StringComparer.Ordinal);

    /// <summary>The first offered day from a date on.</summary>
    public HospitalDay? From(Hospital hospital, string what, DateOnly date) => days[(hospital.Index, what)].Find(d => d.Date >= date);
}
