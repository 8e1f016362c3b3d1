namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>How many institutions, teams and people of each kind there were at a date, at 1:N.</summary>
/// <param name="From">First day of the founded history.</param>
public sealed record Wave(DateOnly From, DateOnly At, int Institutions, int Teams, IReadOnlyDictionary<string, int> Staff)
{
    private static readonly (string Key, string Kind)[] Published =
        [("doctors", "doctor"), ("nurses", "nurse"), ("publicHealthStaff", "publicHealth"), ("volunteers", "volunteer")];

    private static readonly string[] Dated = ["teams", "staff", "technicalStaff", "doctors", "institutions"];

    /// <summary>One wave for each date of which something is published; what is not, keeps its proportion to what is.</summary>
    public static IReadOnlyList<Wave> Of(CityFile city, int scale)
    {
        var from = Growth.HistoryFrom(city);
        var dates = Dated.SelectMany(city.Series).Select(f => f.At!.Value).Where(d => d > from).Distinct().Order().ToList();
        if (dates.Count == 0)
            dates.Add(city.Today.AddDays(-1));
        return [.. dates.Select(at => Known(city, scale, from, at))];
    }

    private static Wave Known(CityFile city, int scale, DateOnly from, DateOnly at)
    {
        double? Given(string key) => city.Series(key).FirstOrDefault(f => f.At == at)?.Value;
        double Last(string key) => city.Series(key)[^1].Value;
        var leading = Dated.FirstOrDefault(key => Given(key) is not null);
        var part = leading is null ? 1 : Given(leading)!.Value / Math.Max(1, Last(leading));
        double? Then(string key) => city.Series(key).Count == 0 ? null : Given(key) ?? Last(key) * part;
        int Count(double value) => Apportioning.Scaled(value, scale);

        var contracted = city.Series("contracted").LastOrDefault()?.Value ?? 0;
        var teams = Math.Max(1, Count(Then("teams") ?? part * Math.Max(1, contracted / 1500)));
        var institutions = Math.Max(1, Count(Then("institutions") ?? part * Math.Max(1, contracted / 15000)));
        var staff = new Dictionary<string, int>();
        foreach (var (key, kind) in Published)
        {
            if (Then(key) is { } value)
                staff[kind] = Count(value);
        }
        if ((Then("technicalStaff") ?? Then("staff")) is { } all)
        {
            var technical = Count(Then("technicalStaff") ?? all);
            Split(staff, technical - staff.Values.Sum(), city.Assumptions.TechnicalStaff.Value);
            if (Then("staff") is { } everyone)
                Split(staff, Count(everyone) - technical, city.Assumptions.OtherStaff.Value);
        }
        staff["doctor"] = Math.Max(teams, staff.GetValueOrDefault("doctor", teams * 2));
        staff["nurse"] = Math.Max(1, staff.GetValueOrDefault("nurse", teams));
        return new(from, at, institutions, teams, staff);
    }

    private static void Split(Dictionary<string, int> staff, int count, Dictionary<string, double> shares)
    {
        var kinds = shares.Where(s => !staff.ContainsKey(s.Key)).ToList();
        foreach (var (kind, part) in kinds.Zip(Apportioning.Apportion(count, [.. kinds.Select(k => k.Value)])))
            staff[kind.Key] = part;
    }
}
