using System.Globalization;

namespace FamilyDoctor.Dashboard.Measuring;

/// <summary>From coarse to fine; what is kept by district cannot be told by team.</summary>
public enum Level { City, District, Institution, Team }

/// <summary>What a number is about: the city, a district, an institution or a team.</summary>
public sealed record Scope(Level Level, string Id)
{
    public static Scope City { get; } = new(Level.City, "");

    public static Scope District(string code) => new(Level.District, code);

    /// <param name="text">city, district:330203, institution:{id} or team:{id}; nothing means the city.</param>
    public static Scope Parse(string? text)
    {
        var parts = (text ?? "").Split(':', 2);
        return parts switch
        {
            ["" or "city"] => City,
            ["district", { Length: > 0 and < 40 } code] => District(code),
            ["institution", var id] when Guid.TryParse(id, out _) => new(Level.Institution, id),
            ["team", var id] when Guid.TryParse(id, out _) => new(Level.Team, id),
            _ => throw new BadHttpRequestException("scope is city, district:{code}, institution:{id} or team:{id}."),
        };
    }

    /// <summary>As a condition on the scope's own column; the value is the parameter @scope.</summary>
    public string Condition => Level switch
    {
        Level.District => "district_code = @scope",
        Level.Institution => "institution_id = @scope",
        Level.Team => "team_id = @scope",
        _ => "true",
    };

    public object Value => Level is Level.Institution or Level.Team ? Guid.Parse(Id) : Id;

    public override string ToString() => Level == Level.City ? "city" : $"{Level.ToString().ToLowerInvariant()}:{Id}";
}

/// <summary>The days over which flows are counted, both included.</summary>
public sealed record Period(DateOnly From, DateOnly To)
{
    public int Days => To.DayNumber - From.DayNumber + 1;

    /// <param name="text">today, week, month or year up to the date; 2023; 2023-05; or 2023-01-01/2023-12-31.</param>
    public static Period Parse(string? text, DateOnly asOf)
    {
        static bool Date(string text, string format, out DateOnly date) =>
            DateOnly.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

        switch (text)
        {
            case "today": return new(asOf, asOf);
            case "week": return new(asOf.AddDays(-6), asOf);
            case "month": return new(asOf.AddDays(-29), asOf);
            case null or "" or "year": return new(asOf.AddYears(-1).AddDays(1), asOf);
        }
        if (Date(text, "yyyy", out var year))
            return new(year, year.AddYears(1).AddDays(-1));
        if (Date(text, "yyyy-MM", out var month))
            return new(month, month.AddMonths(1).AddDays(-1));
        if (text.Split('/') is [var from, var to] && Date(from, "yyyy-MM-dd", out var first) && Date(to, "yyyy-MM-dd", out var last) && first <= last)
            return new(first, last);
        throw new BadHttpRequestException("period is today, week, month, year, 2023, 2023-05 or 2023-01-01/2023-12-31.");
    }

    public override string ToString() => $"{From:yyyy-MM-dd}/{To:yyyy-MM-dd}";
}
