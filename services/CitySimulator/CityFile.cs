using System.Text.Json.Serialization;

namespace FamilyDoctor.CitySimulator;

/// <summary>A city as its file describes it: what was published, and what we assume beside it.</summary>
public sealed record CityFile(
    string Id, string Key, Names Name, string TimeZone, DateTimeOffset ClockStart, double Speed, int DefaultScale, int Seed,
    IReadOnlyList<District> Districts, IReadOnlyList<Figure> Figures)
{
    public IReadOnlyList<Milestone> Milestones { get; init; } = [];
    public IReadOnlyList<Target> Targets { get; init; } = [];
    public Census? Census { get; init; }
    public Assumptions Assumptions { get; init; } = new();

    [JsonIgnore] public TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    /// <summary>The city's date when its clock starts: the founded history lies before it.</summary>
    [JsonIgnore] public DateOnly Today => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(ClockStart, Zone).DateTime);

    public Figure? Find(string key) => Figures.FirstOrDefault(f => f.Key == key);

    /// <summary>The stocks of a key over time: "staff2016" and "staff" are one series.</summary>
    public IReadOnlyList<Figure> Series(string key) =>
        [.. Figures.Where(f => f.At is not null && f.Meaning is Meaning.Stock && IsOf(key, f.Key)).OrderBy(f => f.At)];

    private static bool IsOf(string key, string candidate) =>
        candidate == key || (candidate.Length == key.Length + 4 && candidate.StartsWith(key, StringComparison.Ordinal)
            && candidate.AsSpan(key.Length).IndexOfAnyExceptInRange('0', '9') < 0);
}

public sealed record Names(string En, string Zh);

/// <param name="Code">GB/T 2260; "-" and a name for a functional district without one.</param>
public sealed record District(string Code, Names Name, int Population)
{
    public Place? Seat { get; init; }
}

public sealed record Place(double Latitude, double Longitude);

public sealed record Source(string Title, DateOnly Date);

public sealed record Census(DateOnly At, Source Source);

public sealed record Milestone(DateOnly Date, string En, string Zh);

/// <param name="Kpi">As in the list of KPIs, for example K24.</param>
public sealed record Target(string Kpi, double Value, Source Source);

[JsonConverter(typeof(JsonStringEnumConverter<Meaning>))]
public enum Meaning { Stock, Flow, Cumulative, Ratio }

/// <summary>One figure: a stock or cumulative one at a date, a flow in a period, a ratio of either kind.</summary>
public sealed record Figure(string Key, double Value, Meaning Meaning, string Unit, Source Source)
{
    public DateOnly? At { get; init; }
    public DateOnly? From { get; init; }
    public DateOnly? To { get; init; }
    public bool Published { get; init; }
    public bool Interpolated { get; init; }
    public string? Note { get; init; }
}

/// <summary>A value of ours, and why it is so.</summary>
public sealed record Assumed<T>(T Value, string Why);
