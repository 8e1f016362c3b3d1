using System.Security.Cryptography;
using System.Text.Json;
using FamilyDoctor.CitySimulator.Founding;
using FamilyDoctor.CitySimulator.Living;

namespace FamilyDoctor.CitySimulator.Tests;

/// <summary>The same file, scale and seed give the same city, byte for byte, and the same days.</summary>
public sealed class DeterminismTests
{
    [Theory, InlineData("ningbo", 1000), InlineData("shenzhen", 1000), InlineData("third", 1)]
    public void Same_seed_same_rows(string name, int scale) =>
        Assert.Equal(Hash(new Plan(Samples.City(name), scale)), Hash(new Plan(Samples.City(name), scale)));

    [Fact]
    public void Another_seed_another_city() =>
        Assert.NotEqual(Hash(new Plan(Samples.City("third"), 1)), Hash(new Plan(Samples.City("third") with { Seed = 8 }, 1)));

    [Theory, InlineData("ningbo", 1000), InlineData("shenzhen", 1000), InlineData("third", 1)]
    public void Same_seed_same_days(string name, int scale)
    {
        var (first, second) = (Days(), Days());
        Assert.Equal(first, second);
        Assert.NotEmpty(first);

        List<string> Days()
        {
            var live = new LivePlan(new Plan(Samples.City(name), scale));
            return [.. live.UnderWay().Concat(Enumerable.Range(0, 60).SelectMany(_ => live.Continue()))
                .Select(s => $"{s.At:O} {s.Until:O} {s.Case} {s.Service}{s.Path} {JsonSerializer.Serialize(s.Body, Wire.Json)}")];
        }
    }

    private static string Hash(Plan plan)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in Samples.AllRows(plan))
            all.AppendData(JsonSerializer.SerializeToUtf8Bytes(row, row.GetType(), Wire.Json));
        return Convert.ToHexString(all.GetHashAndReset());
    }
}
