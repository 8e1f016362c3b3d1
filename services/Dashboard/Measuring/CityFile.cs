using System.Text.Json;

namespace FamilyDoctor.Dashboard.Measuring;

/// <summary>What a city published about itself; members that are not needed here, or not known yet, are passed over.</summary>
public sealed record CityFile
{
    public string Key { get; init; } = "";
    public Text? Name { get; init; }
    public IReadOnlyList<Milestone> Milestones { get; init; } = [];
    public IReadOnlyList<CityDistrict> Districts { get; init; } = [];
    public IReadOnlyList<PublishedFigure> Figures { get; init; } = [];
    public IReadOnlyList<Target> Targets { get; init; } = [];

    /// <summary>The simulated city is 1/Scale of the real one.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>From City:File and City:Scale; without a file nothing was published.</summary>
    public static CityFile From(IConfiguration configuration)
    {
        var city = configuration["City:File"] is { Length: > 0 } path ? Read(File.ReadAllText(path)) : new();
        return city with { Scale = Math.Max(1, configuration.GetValue("City:Scale", 1)) };
    }

    public static CityFile Read(string json) => JsonSerializer.Deserialize<CityFile>(json, JsonSerializerOptions.Web)!;

    public Target? TargetOf(string kpi) => Targets.FirstOrDefault(t => t.Kpi == kpi);
}

public sealed record Milestone(DateOnly Date, string En, string Zh);

/// <param name="Code">GB/T 2260; "-" and a name for functional districts without one.</param>
public sealed record CityDistrict(string Code, Text Name, int Population);

public sealed record FigureSource(string? Title, string? Date);

/// <summary>A target belongs to a city and names its source.</summary>
public sealed record Target(string Kpi, double Value, FigureSource? Source);

/// <summary>One published figure.</summary>
/// <param name="Meaning">stock at a date, flow in a period, cumulative to a date, or ratio.</param>
/// <param name="Interpolated">Ours, not the source's.</param>
/// <param name="Of">The measure it is a value of, when its key names a year too.</param>
public sealed record PublishedFigure(
    string Key, double Value, string? Meaning, DateOnly? At, DateOnly? From, DateOnly? To, string? Unit, FigureSource? Source,
    bool Interpolated, string? Of)
{
    /// <summary>contracted2015 is a value of contracted.</summary>
    public string Measure => Of is { Length: > 0 } ? Of : Key.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9');

    public bool IsShare => Meaning == "ratio" || Unit is "percent" or "%" || Key.EndsWith("Share", StringComparison.Ordinal);

    /// <summary>Counts shrink with the city; shares and averages do not.</summary>
    public int Divisor(int scale) => IsShare || Unit is "m2" or "m²" || Key.StartsWith("average", StringComparison.Ordinal) ? 1 : scale;

    /// <summary>The days it speaks of.</summary>
    public Period? Days => (From, To, At) switch
    {
        ({ } from, { } to, _) => new(from, to),
        (_, _, { } at) => new(at, at),
        (_, { } to, _) => new(to, to),
        _ => null,
    };
}
