using FamilyDoctor.Policies;

namespace FamilyDoctor.Dashboard.Measuring;

/// <summary>A published figure beside what was counted from events over the same days.</summary>
/// <param name="Divisor">What the published value is divided by before it can be compared: the city's scale for counts.</param>
/// <param name="Split">Parts of the measured value that the source does not tell apart.</param>
public sealed record FigureAnswer(
    string Figure, double Published, int Divisor, double? Measured, string? Reason, string? Source, string? Period, string? Meaning,
    string? Unit, bool Interpolated, IReadOnlyDictionary<string, double>? Split)
{
    [System.Text.Json.Serialization.JsonIgnore] public string Measure { get; init; } = "";

    /// <summary>The reason in the reader's language; the API speaks English.</summary>
    [System.Text.Json.Serialization.JsonIgnore] public Text? Why { get; init; }

    /// <summary>What the simulated city should show.</summary>
    public double Expected => Published / Divisor;
}

/// <summary>Every figure that the city published, and what this system counted itself; nothing is copied from the city's file.</summary>
public static class PublishedAndMeasured
{
    private const string Practitioners = "select count(*)::float8 from {practitioners} p where status not in ('Registered', 'Departed') and ", Stars =
        "kind = 'doctor' and (stars_until is null or stars_until >= @day) and stars = ";

    // What is counted for each measure: stocks at the last day, flows within the days, cumulative up to the last day.
    private static readonly Dictionary<string, string> Counted = new()
    {
        ["institutions"] = "select count(*)::float8 from {institutions} i where status <> 'Closed'",
        ["teams"] = "select count(*)::float8 from {teams} t where status = 'Active'",
        ["teams:cumulative"] = "select count(distinct team_id)::float8 from {v}.team_step where at < @at and status <> 'Forming' and {in}",
        ["contracted"] = "select count(*)::float8 from {v}.known_contract where {force} and {in}",
        ["doctors"] = Practitioners + "kind = 'doctor'",
        ["nurses"] = Practitioners + "kind = 'nurse'",
        ["publicHealthStaff"] = Practitioners + "kind = 'publicHealth'",
        ["volunteers"] = Practitioners + "kind = 'volunteer'",
        ["staff"] = Practitioners + "kind <> 'volunteer'",
        ["technicalStaff"] = Practitioners + "kind not in ('volunteer', 'socialWorker', 'healthManager', 'gridAdministrator')",
        ["threeStar"] = Practitioners + Stars + "3",
        ["fourStar"] = Practitioners + Stars + "4",
        ["fiveStar"] = Practitioners + Stars + "5",
        ["studios"] = "select count(*)::float8 from {v}.known_studio where opened_at < @at and (closed_at is null or closed_at >= @at) and {inst}",
        ["appointments"] = "select count(*)::float8 from {v}.known_appointment where booked_at >= @from and booked_at < @at and {in}",
        ["referrals"] = "select count(*)::float8 from {v}.known_referral where submitted_at >= @from and submitted_at < @at and {in}",
        ["exams"] = "select count(*)::float8 from {v}.known_exam where booked_at >= @from and booked_at < @at and {in}",
        ["bedsOpened"] = "select count(*)::float8 from {v}.known_bed where opened_at >= @from and opened_at < @at and {in}",
        ["bedsOpened:cumulative"] = "select count(*)::float8 from {v}.known_bed where opened_at < @at and {in}",
        ["homeVisits"] = "select count(*)::float8 from {v}.known_visit where completed_at >= @from and completed_at < @at and {in}",
        ["homeVisits:bedVisits"] = "select count(*)::float8 from {v}.known_visit where completed_at >= @from and completed_at < @at and bed_id is not null and {in}",
    };

    public static void MapPublishedAndMeasured(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/figures", Handle).WithName("Figures").WithSummary("What the city published, and what was counted from events")
        .ProducesProblem(503).AllowAnonymous();

    private static Task<IReadOnlyList<FigureAnswer>> Handle(
        Facts facts, CityFile city, PolicyBook policies, TimeProvider clock, CancellationToken ct, DateTimeOffset? knownAt = null) =>
        facts.Ask(knownAt, source => All(source, city, policies, source.NewestFact?.AddTicks(10) ?? clock.GetUtcNow(), ct), ct);

    public static async Task<IReadOnlyList<FigureAnswer>> All(Source source, CityFile city, PolicyBook policies, DateTimeOffset now, CancellationToken ct)
    {
        var answers = new List<FigureAnswer>();
        foreach (var figure in city.Figures)
            answers.Add(await Measure(source, city, figure, policies, now, ct));
        return answers;
    }

    private static async Task<FigureAnswer> Measure(
        Source source, CityFile city, PublishedFigure figure, PolicyBook policies, DateTimeOffset now, CancellationToken ct)
    {
        var answer = new FigureAnswer(figure.Key, figure.Value, figure.Divisor(city.Scale), null, null, figure.Source?.Title,
            figure.Days is { } days ? days.From == days.To ? $"{days.To:yyyy-MM-dd}" : days.ToString() : null,
            figure.Meaning, figure.Unit, figure.Interpolated, null)
        { Measure = figure.Measure };
        var today = policies.At(now).Today;
        var period = figure.Days ?? new(today, today);
        if (period.From > today)
            return Without(answer, NotYet);
        var question = Question.Of(Scope.City, period, period.To, now, policies);
        var sql = figure.Meaning == "cumulative" && Counted.TryGetValue($"{figure.Measure}:cumulative", out var toDate)
            ? toDate : Counted.GetValueOrDefault(figure.Measure);
        var measured = sql is not null ? await Number(source, sql, question, ct) : await Reported(source, figure, question, city, ct);
        return measured is null
            ? Without(answer, Unreported)
            : answer with { Measured = Math.Round(measured.Value, 4), Split = await Parts(source, figure.Measure, measured.Value, question, ct) };
    }

    private static readonly Text NotYet = new("not available: the city's clock has not come to that day", "暂无数据：本市时钟尚未到达该日"),
        Unreported = new("not available: nobody reported it", "暂无数据：无人报告");

    private static FigureAnswer Without(FigureAnswer answer, Text why) => answer with { Reason = why.En, Why = why };

    private static async Task<Dictionary<string, double>?> Parts(Source source, string measure, double whole, Question question, CancellationToken ct)
    {
        if (measure != "homeVisits")
            return null;
        var bedVisits = await Number(source, Counted["homeVisits:bedVisits"], question, ct) ?? 0;
        return new() { ["bedVisits"] = bedVisits, ["otherVisits"] = whole - bedVisits };
    }

    /// <summary>What others counted and reported as facts, with their source; a share is made of its two counts.</summary>
    private static async Task<double?> Reported(Source source, PublishedFigure figure, Question question, CityFile city, CancellationToken ct)
    {
        var names = new[] { figure.Measure, figure.Key }.Distinct().ToArray();
        foreach (var name in names)
        {
            var value = figure.Meaning == "flow"
                ? await Number(source, $"select sum(value) from {{v}}.known_figure where figure = '{Safe(name)}' and starts_on >= @fromday and ends_on <= @day", question, ct)
                : await Number(source, $"select {Phrases.Reported(Safe(name), Scope.City)}", question, ct);
            if (value is not null)
                return value;
        }
        if (figure.Measure is not ("primaryCareShare" or "outpatientShare"))
            return null;
        return (await CityKpis.Measure(source, question, null, city, ct, "K24"))[0].Value;
    }

    private static string Safe(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit));

    private static async Task<double?> Number(Source source, string sql, Question question, CancellationToken ct) =>
        (await source.Read(sql, question, r => r.IsDBNull(0) ? (double?)null : r.GetDouble(0), ct)).FirstOrDefault();
}
