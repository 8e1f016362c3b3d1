using System.Text.Json;
using System.Text.Json.Serialization;

namespace FamilyDoctor.CitySimulator;

/// <summary>A city file that cannot be founded; every fault with its place.</summary>
public sealed class BadCityFile(string file, IReadOnlyList<string> faults)
    : Exception($"{file} is not a city file as described:{string.Concat(faults.Select(f => $"{Environment.NewLine}  {f}"))}")
{
    public IReadOnlyList<string> Faults => faults;
}

/// <summary>Reads a city by name or path, and says what is wrong with a file and where.</summary>
public static class CityFileReading
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <param name="city">A path, or the name of a file in Cities.</param>
    public static CityFile Read(string city)
    {
        var named = Path.Combine(AppContext.BaseDirectory, "Cities", $"{city}.json");
        var path = File.Exists(city) ? city : File.Exists(named) ? named : throw new BadCityFile(city, ["there is no such file"]);
        return Parse(Path.GetFileName(path), File.ReadAllText(path));
    }

    public static CityFile Parse(string file, string json)
    {
        CityFile city;
        try
        {
            city = JsonSerializer.Deserialize<CityFile>(json, Strict) ?? throw new JsonException("The file is empty.");
        }
        catch (JsonException e)
        {
            throw new BadCityFile(file, [$"{e.Path ?? "$"}: {e.Message.Split(" Path: ")[0].Split(" LineNumber: ")[0]}"]);
        }
        var faults = CityFaults.Of(city);
        return faults.Count == 0 ? city : throw new BadCityFile(file, faults);
    }
}
