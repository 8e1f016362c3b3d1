using System.Collections.Concurrent;
using FamilyDoctor.CitySimulator.Planning;
using FamilyDoctor.CitySimulator.Rows;

namespace FamilyDoctor.CitySimulator.Tests;

internal static class Samples
{
    private static readonly ConcurrentDictionary<(string, int), Lazy<Plan>> Plans = new();

    /// <summary>A small city that publishes little, and other things than the two real ones.</summary>
    public const string Third = """
        {
          "id": "990100", "key": "third", "name": { "en": "Sample City", "zh": "示例市" }, "timeZone": "Asia/Shanghai",
          "clockStart": "2023-03-01T08:00:00+08:00", "speed": 60, "defaultScale": 1, "seed": 7,
          "districts": [
            { "code": "990101", "name": { "en": "East", "zh": "东区" }, "population": 30011 },
            { "code": "990102", "name": { "en": "West", "zh": "西区" }, "population": 11003 }
          ],
          "figures": [
            { "key": "contracted2019", "value": 400, "meaning": "stock", "at": "2019-06-30", "unit": "residents", "source": { "title": "A report", "date": "2019-07-10" }, "published": true },
            { "key": "contracted2022", "value": 1999, "meaning": "stock", "at": "2022-12-31", "unit": "residents", "source": { "title": "A report", "date": "2023-01-10" }, "published": true },
            { "key": "teams", "value": 5, "meaning": "stock", "at": "2022-12-31", "unit": "teams", "source": { "title": "A report", "date": "2023-01-10" }, "published": true },
            { "key": "nurses", "value": 3, "meaning": "stock", "at": "2022-12-31", "unit": "people", "source": { "title": "A report", "date": "2023-01-10" }, "published": true },
            { "key": "appointments", "value": 3001, "meaning": "flow", "from": "2022-01-01", "to": "2022-12-31", "unit": "appointments", "source": { "title": "A report", "date": "2023-01-10" }, "published": true }
          ]
        }
        """;

    public static CityFile City(string name) => name == "third" ? CityFileReading.Parse("third.json", Third) : CityFileReading.Read(name);

    public static Plan Plan(string name, int scale) => Plans.GetOrAdd((name, scale), key => new(() => new Plan(City(key.Item1), key.Item2))).Value;

    /// <summary>Everything a founding sends, kind by kind.</summary>
    public static IEnumerable<Row> AllRows(Plan plan) => new IEnumerable<Row>[]
    {
        DirectoryRows.Institutions(plan), DirectoryRows.Hospitals(plan), DirectoryRows.Practitioners(plan), DirectoryRows.Teams(plan),
        DirectoryRows.Stars(plan), DirectoryRows.Studios(plan), ReportedFigures.Of(plan),
        plan.Population.Residents.Select(r => EnrolmentRows.Resident(plan, r)), plan.Population.Residents.Select(r => EnrolmentRows.Contract(plan, r)),
        plan.Booking.Sessions, plan.Booking.Appointments.Select(a => a.Row),
        plan.Referring.Clinics.All.Select(plan.Referring.Quota), plan.Examining.Devices.All.Select(plan.Examining.Book),
        plan.Referring.Cases.Select(plan.Referring.Row), plan.Examining.Cases.Select(plan.Examining.Row), plan.Referring.Returns.Select(plan.Referring.Row),
        plan.BedCare.Capacities, plan.BedCare.Beds.Select(b => plan.BedCare.Row(b, plan.HomeVisiting.CountOf(b))), plan.HomeVisiting.Visits.Select(v => v.Row),
    }.SelectMany(rows => rows);

    /// <summary>Half a unit away at most, half rounded up: said again here, independently.</summary>
    public static int Scaled(double figure, int scale)
    {
        var down = (int)Math.Truncate(figure / scale);
        return figure - ((double)down * scale) >= scale / 2.0 ? down + 1 : down;
    }
}
