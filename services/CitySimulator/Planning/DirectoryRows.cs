using System.Globalization;
using FamilyDoctor.CitySimulator.Rows;

namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>The plan as rows for the directory of institutions, hospitals, practitioners and teams.</summary>
public static class DirectoryRows
{
    private static readonly IReadOnlyList<OpeningHours> Weekdays =
        [.. Enumerable.Range(1, 5).Select(day => new OpeningHours((DayOfWeek)day, new(8, 0), new(17, 0)))];

    // Together the hundred points of the sample star scheme.
    private static readonly (string Code, decimal Most)[] Components =
    [
        ("fulfilment", 20), ("chronicControl", 15), ("continuity", 15), ("priorityShare", 15), ("renewal", 10), ("satisfaction", 10),
        ("referralQuality", 10), ("homeVisitTimeliness", 5),
    ];

    public static IEnumerable<InstitutionRow> Institutions(Plan plan) => plan.Staffing.Institutions.Select(i =>
    {
        var district = plan.City.Districts[i.District];
        var seat = district.Seat ?? new(0, 0);
        double Near(string what) => Math.Round((plan.Choice.Fraction(what, i.Index) - 0.5) * 0.1, 4);
        return new InstitutionRow($"institution:{i.Index}", plan.Days.At(i.OpenedOn, 7 * 60), i.Id,
            $"{district.Name.Zh}示例社区卫生服务中心{Number(i.Index)}", $"{district.Name.En} Sample Community Health Centre {Number(i.Index)}",
            district.Code, $"Sample Road {i.Index + 1}, {district.Name.En}", seat.Latitude + Near("latitude"), seat.Longitude + Near("longitude"), Weekdays);
    });

    public static IEnumerable<HospitalRow> Hospitals(Plan plan) => plan.Hospitals.Select(h => new HospitalRow(
        $"hospital:{h.Index}", plan.Days.At(plan.From, 7 * 60), h.Id, $"示例医院{Number(h.Index)}", $"Sample Hospital {Number(h.Index)}",
        plan.City.Districts[h.District].Code, h.Level, h.Services, [.. h.Modalities.Select(m => new Device(m, $"{m} 1"))]));

    public static IEnumerable<PractitionerRow> Practitioners(Plan plan) => plan.Staffing.Practitioners.OrderBy(p => p.RegisteredAt).ThenBy(p => p.Index)
        .Select(p => new PractitionerRow($"practitioner:{p.Index}", p.RegisteredAt, p.Id, p.Kind, p.Institution.Id, [],
            p.Kind is "doctor" or "nurse" ? new DateOnly(plan.City.Today.Year + 5 + (p.Index % 10), 12, 31) : null));

    public static IEnumerable<TeamRow> Teams(Plan plan) => plan.Staffing.Teams.OrderBy(t => t.FormedAt).ThenBy(t => t.Index)
        .Select(t => new TeamRow($"team:{t.Index}", t.FormedAt, t.Id, t.Institution.Id, $"示例团队{Number(t.Index)}", $"Sample Team {Number(t.Index)}",
            [.. t.Members.Select(m => new MemberRow(m.Who.Id, m.Role, m.Fte))], t.Leader.Id));

    public static IEnumerable<StarRow> Stars(Plan plan) => plan.Ratings.Awards.Select(a => new StarRow(
        $"star:{a.Doctor.Index}:{a.Period}", a.At, a.Doctor.Id, a.Period,
        [.. Components.Select(c => new StarComponent(c.Code, decimal.Round(c.Most * Share(a.Stars), 2)))]));

    public static IEnumerable<StudioRow> Studios(Plan plan) => plan.Ratings.Studios.Select(s => new StudioRow(
        $"studio:{s.Team.Index}", s.OpenedAt, s.Id, s.Team.Leader.Id, s.Team.Id));

    // A little above what each rank asks for: 75, 85 and 92 of a hundred.
    private static decimal Share(int stars) => stars switch { 5 => 0.94m, 4 => 0.88m, _ => 0.8m };

    private static string Number(int index) => (index + 1).ToString("D3", CultureInfo.InvariantCulture);
}
