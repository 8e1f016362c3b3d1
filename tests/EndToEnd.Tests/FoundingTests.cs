using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using FamilyDoctor.Testing;
using Xunit.Abstractions;

namespace FamilyDoctor.EndToEnd.Tests;

/// <summary>A small city is founded twice: once in peace, once with every process killed in the middle of its work.</summary>
[Collection("city")]
public sealed partial class FoundingTests(ITestOutputHelper output)
{
    private static readonly string[] Stores = ["teams", "contracts", "referrals", "beds"];
    private static readonly string[] Small = ["--City=ningbo", "--Scale=4000", "--City:Clock:Speed=0", "--Simulation:Live=false"];

    [Fact]
    public async Task Whatever_is_killed_while_a_city_is_founded_it_ends_up_the_same()
    {
        Dictionary<string, long> counts;
        List<string> types;
        Dictionary<string, string> peaceful;
        Dictionary<string, double?> kpis;
        await using (var city = await City.Start(Small))
        {
            await city.IsFounded();
            await NothingIsDue(city);
            await city.IsDrained();
            (counts, types) = (await Count(city), await CountTypes(city));
            peaceful = await Fingerprints(city);
            kpis = await city.Kpis();
        }
        Assert.All(counts, count => Assert.True(count.Value > 20, $"{count.Key} has {count.Value} events."));

        await using (var city = await City.Start(Small))
        {
            foreach (var service in Stores)
            {
                var half = counts[service] / 3;
                await Talking.Until(async () => await city.Scalar<long>($"{service}db", "select count(*) from mt_events") >= half, seconds: 90);
                await city.KillAndRestart(service);
                output.WriteLine($"{service} killed after {half} of {counts[service]} events");
                if (service == "contracts")
                    await city.KillAndRestart("simulator");
            }
            await city.KillAndRestart("dashboard");
            await city.IsFounded();
            await NothingIsDue(city);
            await city.IsDrained();
            Assert.Equal(types, await CountTypes(city));
            Assert.Equal(counts, await Count(city));
            Assert.Equal(peaceful, await Fingerprints(city));
            Assert.Equal(kpis, await city.Kpis());
        }
    }

    /// <summary>What the history left to the clock was decided; the city's clock stands still.</summary>
    private static async Task NothingIsDue(City city)
    {
        foreach (var service in Stores)
        {
            await Talking.Until(() => city.Scalar<bool>($"{service}db",
                $"select not exists (select 1 from fd_deadlines where due_at <= '{City.ClockStart:O}')"), seconds: 60);
        }
    }

    private static async Task<Dictionary<string, long>> Count(City city)
    {
        var counts = new Dictionary<string, long>();
        foreach (var service in Stores)
            counts[service] = await city.Scalar<long>($"{service}db", "select count(*) from mt_events");
        return counts;
    }

    /// <summary>How many events of each type: says what differs where a hash only says that something does.</summary>
    private static async Task<List<string>> CountTypes(City city)
    {
        var types = new List<string>();
        foreach (var service in Stores)
        {
            await using var database = await city.Database($"{service}db");
            await using var command = database.CreateCommand($"select '{service} ' || type || ' ' || count(*) from mt_events group by type order by type");
            await using var row = await command.ExecuteReaderAsync();
            while (await row.ReadAsync())
                types.Add(row.GetString(0));
        }
        return types;
    }

    /// <summary>A hash over the sorted event types and data, without ids and times.</summary>
    private static async Task<Dictionary<string, string>> Fingerprints(City city)
    {
        var prints = new Dictionary<string, string>();
        foreach (var service in Stores)
        {
            await using var database = await city.Database($"{service}db");
            await using var command = database.CreateCommand("select type || ' ' || data::text from mt_events");
            await using var row = await command.ExecuteReaderAsync();
            var lines = new List<string>();
            while (await row.ReadAsync())
                lines.Add(IdOrTime().Replace(row.GetString(0), ""));
            lines.Sort(StringComparer.Ordinal);
            prints[service] = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))));
        }
        return prints;
    }

    [GeneratedRegex(@"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[0-9:.+Z-]+|[A-Z]-[0-9A-Z]{8}")]
    private static partial Regex IdOrTime();
}
