using System.Globalization;
using System.Net.Http.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;
using Xunit.Abstractions;

namespace FamilyDoctor.EndToEnd.Tests;

/// <summary>
/// What happens to a journey on its way: every service dies once without warning, what it was told meanwhile comes
/// twice and in another order, and what was told before comes again. By a seed, so that a journey can be made again.
/// </summary>
internal sealed class Mischief : IAsyncDisposable
{
    private static readonly string[] Publishers = City.Services[..4];
    private readonly City city;
    private readonly Rim rim;
    private readonly Random chance;
    private readonly ITestOutputHelper output;
    private readonly Dictionary<string, long> since;
    private readonly HashSet<string> struck = [];
    private Task comingBack = Task.CompletedTask;

    private Mischief(City city, Rim rim, int seed, ITestOutputHelper output, Dictionary<string, long> since) =>
        (this.city, this.rim, chance, this.output, this.since) = (city, rim, new(seed), output, since);

    public static async Task<Mischief> Begin(City city, ITestOutputHelper output)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("FAMILYDOCTOR_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given : (int)(TimeProvider.System.GetTimestamp() & int.MaxValue);
        output.WriteLine($"Seed {seed}: FAMILYDOCTOR_SEED={seed} makes this journey again.");
        var since = new Dictionary<string, long>();
        foreach (var service in Publishers)
            since[service] = await city.Scalar<long>($"{service}db", "select coalesce(max(seq_id), 0) from mt_events");
        return new(city, await Rim.Open(await city.Broker()), seed, output, since);
    }

    /// <summary>A service is killed; life goes on meanwhile, and what it did not hear reaches it twice and out of order.</summary>
    public async Task Kills(string service, Func<Task> meanwhile)
    {
        await comingBack;
        struck.Add(service);
        await city.Kill(service);
        await meanwhile();
        await city.IsPublished([.. Publishers.Where(city.IsUp)]);
        await Shuffle(service);
        comingBack = city.StartAgain(service); // the journey goes on: whoever needs it has to wait
    }

    /// <summary>Everybody who is left is killed, and it is later when they come back.</summary>
    public async Task Passes(TimeSpan time)
    {
        await comingBack;
        struck.UnionWith(City.Services);
        await city.PutForward(time, () => Task.WhenAll(City.Services.Select(Shuffle)));
        var now = city.Now;
        foreach (var service in Publishers)
        {
            await Talking.Eventually<string>(() => city.Scalar<string?>($"{service}db",
                $"select coalesce(string_agg(name || ' ' || due_at, ', '), '') from fd_deadlines where due_at <= '{now:O}'"), due => due == "");
        }
    }

    /// <summary>A part of what was told on this journey is told again, backwards.</summary>
    public async Task Echo()
    {
        await comingBack;
        await Repeat(all => [.. all.Where(_ => chance.Next(3) == 0).Reverse()]);
    }

    /// <summary>Everything that was told on this journey is told twice more, in any order, and changes nothing.</summary>
    public async Task ChangesNothing()
    {
        await comingBack;
        await city.IsDrained();
        Assert.Equal(City.Services.Order(), struck.Order());
        var before = await Events();
        await Repeat(all =>
        {
            FeedItem[] again = [.. all, .. all];
            chance.Shuffle(again);
            return again;
        });
        await city.IsDrained();
        Assert.Equal(before, await Events());
        foreach (var service in City.Services)
            Assert.Equal((service, 0u), (service, await rim.Failed(service)));
    }

    public async ValueTask DisposeAsync()
    {
        await comingBack.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var service in City.Services.Where(s => !city.IsUp(s)))
            await city.StartAgain(service); // a journey that broke off leaves the city as it found it
        await rim.DisposeAsync();
    }

    private async Task Shuffle(string service) => output.WriteLine($"{service} was down and missed {await rim.Shuffle(service, chance)} messages");

    private async Task Repeat(Func<IReadOnlyList<FeedItem>, IReadOnlyList<FeedItem>> select)
    {
        foreach (var service in Publishers)
        {
            using var feed = await city.Client(service, Role.Service);
            var (told, after) = (new List<FeedItem>(), since[service]);
            for (var page = await Read(after); page.Items.Count > 0 || page.Next > after; page = await Read(after))
            {
                told.AddRange(page.Items);
                after = page.Next;
            }
            await rim.Send(service, select(told));

            async Task<FeedPage> Read(long from) => (await feed.GetFromJsonAsync<FeedPage>($"/integration-events?after={from}&limit=2000"))!;
        }
    }

    private async Task<string> Events()
    {
        var counts = new List<string>();
        foreach (var service in City.Services)
            counts.Add($"{service} {await city.Scalar<long>($"{service}db", "select count(*) from mt_events")}");
        return string.Join(", ", counts);
    }
}
