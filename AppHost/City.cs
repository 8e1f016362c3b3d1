using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace FamilyDoctor.AppHost;

/// <summary>The city to run, from its file (<c>City</c>: a name or a path) and what the configuration says otherwise.</summary>
internal sealed record City(string Id, string File, string Scale, string TimeZone, string ClockStart, string Speed)
{
    private const string Default = "ningbo";

    public static City Read(IConfiguration configuration, string appHostDirectory)
    {
        var file = Find(configuration["City"] ?? Default, Path.Combine(appHostDirectory, "../services/CitySimulator/Cities"));
        using var city = JsonDocument.Parse(System.IO.File.ReadAllText(file), new() { CommentHandling = JsonCommentHandling.Skip });
        string Of(string member, string setting) => configuration[setting]
            ?? (city.RootElement.TryGetProperty(member, out var value) ? value.ToString() : null)
            ?? throw new InvalidOperationException($"The city file {file} has no {member}.");
        return new(Of("id", "City:Id"), file, Of("defaultScale", "Scale"), Of("timeZone", "City:TimeZone"),
            Of("clockStart", "City:Clock:Start"), Of("speed", "City:Clock:Speed"));
    }

    private static string Find(string city, string cities)
    {
        var named = Path.GetFullPath(Path.Combine(cities, $"{city}.json"));
        if (System.IO.File.Exists(named))
            return named;
        if (System.IO.File.Exists(city))
            return Path.GetFullPath(city);
        var known = Directory.Exists(cities)
            ? string.Join(", ", Directory.GetFiles(cities, "*.json").Select(Path.GetFileNameWithoutExtension).Order())
            : "none";
        throw new InvalidOperationException($"There is no city {city}: name one of {known}, or a file.");
    }
}

/// <summary>The moment of the first start, kept for ever after: the city's clock counts from it.</summary>
internal sealed class FirstStart(TimeProvider clock) : ParameterDefault
{
    public override string GetDefaultValue() => clock.GetUtcNow().ToString("O");

    public override void WriteToManifest(Aspire.Hosting.Publishing.ManifestPublishingContext context) =>
        context.Writer.WriteString("value", GetDefaultValue());
}
