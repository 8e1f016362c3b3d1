using FamilyDoctor.CitySimulator.Rows;

namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>
/// What the city knows from outside: the census, the split of outpatient visits, and everything published that no
/// service counts itself. Counts at 1:N, ratios as they are.
/// </summary>
public static class ReportedFigures
{
    private static readonly string[] Counted =
        ["contracted", "institutions", "teams", "doctors", "nurses", "publicHealthStaff", "volunteers", "threeStar", "fourStar", "fiveStar", "studios",
         "appointments", "referrals", "exams", "bedsOpened", "homeVisits"];

    public static IEnumerable<FigureRow> Of(Plan plan) => Rows(plan).Select(row => Known(row, plan.City.Today.AddDays(-1)))
        .Select(row => row with { OccurredAt = plan.Days.At(row.PublishedOn, 17 * 60) }).OrderBy(r => r.OccurredAt).ThenBy(r => r.Id, StringComparer.Ordinal);

    // An article about the past year comes out after the city's clock has started; its figures are known before.
    private static FigureRow Known(FigureRow row, DateOnly latest) => row.PublishedOn <= latest ? row : row with { PublishedOn = latest };

    private static IEnumerable<FigureRow> Rows(Plan plan)
    {
        foreach (var row in Census(plan))
            yield return row;
        foreach (var row in Visits(plan))
            yield return row;
        foreach (var figure in plan.City.Figures.Where(f => !Counted.Any(key => plan.City.Series(key).Contains(f) || f.Key == key)))
        {
            var value = figure.Meaning is Meaning.Ratio ? figure.Value : Apportioning.Scaled(figure.Value, plan.Scale);
            yield return Row(figure.Key, null, figure.At ?? figure.From!.Value, figure.At ?? figure.To!.Value, value, figure.Unit, figure.Source);
        }
    }

    private static IEnumerable<FigureRow> Census(Plan plan)
    {
        var at = plan.City.Census?.At ?? plan.From;
        var source = plan.City.Census?.Source ?? new("The districts of the city's file", at);
        var all = Apportioning.Scaled(plan.City.Districts.Sum(d => (double)d.Population), plan.Scale);
        yield return Row("usualResidents", null, at, at, all, "people", source);
        foreach (var (district, people) in plan.City.Districts.Zip(Apportioning.Apportion(all, [.. plan.City.Districts.Select(d => (double)d.Population)])))
            yield return Row("usualResidents", district.Code, at, at, people, "people", source);
    }

    /// <summary>Only the share of the grassroots is published; the number of all visits is assumed.</summary>
    private static IEnumerable<FigureRow> Visits(Plan plan)
    {
        if ((plan.City.Find("primaryCareShare") ?? plan.City.Find("outpatientShare")) is not { From: { } from, To: { } to } share)
            yield break;
        var all = plan.City.Districts.Sum(d => (double)d.Population) * plan.City.Assumptions.VisitsPerPerson.Value;
        var total = Apportioning.Scaled(all, plan.Scale);
        var primary = Apportioning.ShareOf(total, share.Value / 100);
        var source = share.Source with { Title = $"{share.Source.Title} (the share; the number of all visits is our assumption)" };
        yield return Row("primaryCareVisits", null, from, to, primary, "visits", source);
        yield return Row("hospitalVisits", null, from, to, total - primary, "visits", source);
    }

    private static FigureRow Row(string figure, string? district, DateOnly from, DateOnly to, double value, string unit, Source source) =>
        new($"figure:{figure}:{district ?? "city"}:{to:yyyy-MM-dd}", default, figure, district, from, to, value, unit, $"{source.Title}, {source.Date:yyyy-MM-dd}", source.Date);
}
