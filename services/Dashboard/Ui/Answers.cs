using System.Collections.Concurrent;
using System.Text.Json;
using FamilyDoctor.Dashboard.Measuring;
using FamilyDoctor.Policies;
using Npgsql;

namespace FamilyDoctor.Dashboard.Ui;

/// <summary>
/// What the page shows, measured for everybody at once: an answer is kept for two seconds, so that a thousand readers
/// cost no more than one.
/// </summary>
public sealed class Answers(
    Facts facts, CityFile city, PolicyBook policies, TimeProvider clock, NpgsqlDataSource database, IHostApplicationLifetime life,
    IWebHostEnvironment environment)
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(2);
    private readonly ConcurrentDictionary<string, (long Asked, Lazy<Task<object>> Answer)> answers = new();
    private readonly Lazy<Shapes?> shapes = new(() => Shapes.Read(environment, city.Key));

    public CityFile City => city;
    public DateTimeOffset Now => clock.GetUtcNow();
    public DateOnly Today => policies.At(Now).Today;
    public Shapes? Shapes => shapes.Value;

    /// <summary>The key figures of the last twelve months, by code.</summary>
    public Task<IReadOnlyDictionary<string, KpiAnswer>> Kpis() => Ask<IReadOnlyDictionary<string, KpiAnswer>>("kpis", async (source, ct) =>
        (await CityKpis.Measure(source, Year(), null, city, ct, "K1", "K3", "K4", "K15", "K16", "K19", "K20", "K22", "K23", "K24", "K27", "K27-opened",
            "K28", "K29", "K30", "K31", "K34", "K35")).ToDictionary(k => k.Code));

    public Task<IReadOnlyList<FigureAnswer>> Figures() =>
        Ask("figures", (source, ct) => PublishedAndMeasured.All(source, city, policies, clock.GetUtcNow(), ct));

    public Task<IReadOnlyList<DistrictScore>> Districts() => Ask("districts", (source, ct) => Scores.Districts(source, Year(), ct));

    public Task<ReferralSteps> Referrals() => Ask("referrals", (source, ct) => Scores.Referrals(source, Year(), ct));

    public Task<IReadOnlyList<HospitalFunnel>> Funnel() => Ask("funnel", (source, ct) => ReferralFunnel.Measure(source, Year(), ct));

    public Task<IReadOnlyList<MovingReferral>> Moving() => Ask("moving", (source, ct) => Scores.Moving(source, Year(), ct));

    public Task<Attention> Needs() => Ask("needs", (source, ct) => Scores.Needs(source, Year(), ct));

    public Task<Names> Names() => Ask("names", (source, ct) => Scores.Names(source, Year(), ct));

    public Task<Freshness> Freshness() => Ask("freshness", async (source, ct) =>
    {
        await using var command = new NpgsqlCommand("""
            select (select max((headers ->> 'occurredAt')::timestamptz) from (select headers from mt_events order by seq_id desc limit 200) newest),
                   (select coalesce(max(seq_id), 0) from mt_events)
                     - (select coalesce(min(last_seq_id), 0) from mt_event_progression where name like '%:All' and name not like 'Relay%'),
                   exists (select 1 from views.known_contract)
            """, source.Connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return new Freshness(row.IsDBNull(0) ? null : row.GetFieldValue<DateTimeOffset>(0), Math.Max(0, row.GetInt64(1)), row.GetBoolean(2));
    });

    /// <summary>How far the views have come; it moves when anything on the page may have changed.</summary>
    public async Task<long> Position(CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select coalesce(sum(last_seq_id), 0)::bigint from mt_event_progression where name like '%:All' and name not like 'Relay%'");
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Measures all of it at once, before the readers are told to look again.</summary>
    public Task Renew() => Task.WhenAll(Kpis(), Figures(), Districts(), Referrals(), Funnel(), Moving(), Needs(), Names(), Freshness());

    private Question Year()
    {
        var now = clock.GetUtcNow();
        var day = policies.At(now).Today;
        return Question.Of(Scope.City, Period.Parse("year", day), day, now, policies);
    }

    private async Task<T> Ask<T>(string question, Func<Source, CancellationToken, Task<T>> measure)
    {
        var now = TimeProvider.System.GetTimestamp();
        var known = answers.AddOrUpdate(question, _ => (now, Start()), (_, old) =>
            TimeProvider.System.GetElapsedTime(old.Asked, now) < Kept && !(old.Answer.IsValueCreated && old.Answer.Value.IsFaulted) ? old : (now, Start()));
        return (T)await known.Answer.Value;

        // One reader's leaving must not take the answer from the others.
        Lazy<Task<object>> Start() => new(async () =>
            (object)(await facts.Ask(null, source => measure(source, life.ApplicationStopping), life.ApplicationStopping))!);
    }
}

/// <summary>A district on the map.</summary>
/// <param name="Room">How much room there is for a label around its middle.</param>
public sealed record Shape(IReadOnlyList<string> Codes, string D, double Cx, double Cy, double Room);

/// <summary>The map of a city, as the client build drew it.</summary>
public sealed record Shapes(int Width, int Height, IReadOnlyList<Shape> List)
{
    /// <summary>A city without shapes has no map.</summary>
    public static Shapes? Read(IWebHostEnvironment environment, string city)
    {
        var file = environment.WebRootFileProvider.GetFileInfo("dist/maps.json");
        if (!file.Exists)
            return null;
        using var stream = file.CreateReadStream();
        return JsonSerializer.Deserialize<Dictionary<string, Shapes>>(stream, JsonSerializerOptions.Web)!.GetValueOrDefault(city);
    }
}
