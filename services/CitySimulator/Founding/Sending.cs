using System.Collections.Concurrent;
using System.Text.Json;
using FamilyDoctor.CitySimulator.Planning;
using FamilyDoctor.CitySimulator.Rows;

namespace FamilyDoctor.CitySimulator.Founding;

/// <summary>Sends rows page by page, several pages of a service at a time; a refused row is told, not sent again.</summary>
public sealed class Sending(Services services, FoundingProgress progress, ILogger<Sending> log)
{
    private const int Lanes = 3, PageRows = 1000, ToldRejects = 5;
    private static readonly JsonSerializerOptions Json = Wire.Json;
    private readonly ConcurrentDictionary<string, int> rejects = new();
    private int accepted, repeated, rejected;

    public int Accepted => accepted;
    public int Repeated => repeated;
    public int Rejected => rejected;

    /// <summary>Rows whose order among each other does not matter, or that are few.</summary>
    public async Task Send<T>(string service, string kind, IEnumerable<T> rows, CancellationToken ct) where T : Row =>
        await Parallel.ForEachAsync(rows.Chunk(PageRows), new ParallelOptions { MaxDegreeOfParallelism = Lanes, CancellationToken = ct },
            async (page, stop) => await SendPage(service, kind, page, stop));

    /// <summary>What belongs to one team keeps its order: it goes down one lane, the lanes beside each other.</summary>
    public Task SendByTeam<TItem, TRow>(
        string service, string kind, IReadOnlyList<TItem> items, Func<TItem, Team> team, Func<TItem, TRow> row, CancellationToken ct) where TRow : Row =>
        Task.WhenAll(Enumerable.Range(0, Lanes).Select(async lane =>
        {
            await Task.Yield();
            foreach (var page in items.Where(item => team(item).Index % Lanes == lane).Select(row).Chunk(PageRows))
                await SendPage(service, kind, page, ct);
        }));

    private async Task SendPage<T>(string service, string kind, T[] page, CancellationToken ct) where T : Row
    {
        using var body = new MemoryStream(page.Length * 400);
        foreach (var row in page)
        {
            JsonSerializer.Serialize(body, row, Json);
            body.WriteByte((byte)'\n');
        }
        var result = await services.Import(service, kind, body.ToArray(), ct);
        Interlocked.Add(ref accepted, result.Accepted);
        Interlocked.Add(ref repeated, result.Repeated);
        Interlocked.Add(ref rejected, result.Rejected);
        progress.Add(kind, page.Length);
        foreach (var reject in result.Rejects)
        {
            if (rejects.AddOrUpdate($"{kind} {reject.Code}", 1, (_, n) => n + 1) <= ToldRejects)
                log.LogError("{Service} refused {Kind} row {Id}: {Code} {Detail}", service, kind, reject.Id, reject.Code, reject.Detail);
        }
    }
}

/// <summary>How rows and requests are written: camelCase, enums as words, nulls told.</summary>
internal static class Wire
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter() },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
