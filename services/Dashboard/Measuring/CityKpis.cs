using System.Text.Json.Nodes;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Dashboard.Measuring;

/// <summary>The answer to one key figure: a value, or why there is none; never a zero for what is not known.</summary>
public sealed record KpiAnswer(
    string Code, Text Name, double? Value, string? Reason, string Unit, double? Numerator, double? Denominator, int DefinitionVersion,
    DateOnly AsOf, DateTimeOffset? KnownAt, string Period, string Scope, KpiTarget? Target, JsonNode? Further)
{
    /// <summary>The reason in the reader's language; the API speaks English.</summary>
    [System.Text.Json.Serialization.JsonIgnore] public Text? Why { get; init; }
}

public sealed record KpiTarget(double Value, string? Source);

/// <summary>The city's key figures, for any area, period and date, also as they were known at an earlier moment.</summary>
public static class CityKpis
{
    public static void MapCityKpis(this IEndpointRouteBuilder routes) => routes
        .MapGet("/api/kpis", Handle).WithName("Kpis").WithSummary("Key figures K1 to K38 of an area over a period")
        .ProducesProblem(400).ProducesProblem(503).AllowAnonymous();

    private static async Task<IReadOnlyList<KpiAnswer>> Handle(
        Facts facts, CityFile city, PolicyBook policies, TimeProvider clock, CancellationToken ct,
        string? scope = null, string? period = null, DateOnly? asOf = null, DateTimeOffset? knownAt = null)
    {
        var area = Scope.Parse(scope);
        return await facts.Ask(knownAt, source =>
        {
            // Asked as of an earlier knowledge, "now" is the newest fact of it: the answer stays the same for ever.
            var now = source.NewestFact?.AddTicks(10) ?? clock.GetUtcNow();
            var day = asOf ?? policies.At(now).Today;
            return Measure(source, Question.Of(area, Period.Parse(period, day), day, now, policies), knownAt, city, ct);
        }, ct);
    }

    public static async Task<IReadOnlyList<KpiAnswer>> Measure(
        Source source, Question question, DateTimeOffset? knownAt, CityFile city, CancellationToken ct, params IEnumerable<string> only)
    {
        var wanted = only.ToHashSet();
        var answers = new List<KpiAnswer>();
        foreach (var kpi in Kpi.All)
        {
            if (wanted.Count == 0 || wanted.Contains(kpi.Code))
                answers.Add(await Measure(source, question, knownAt, city, kpi, ct));
        }
        return answers;
    }

    private static async Task<KpiAnswer> Measure(
        Source source, Question question, DateTimeOffset? knownAt, CityFile city, Kpi kpi, CancellationToken ct)
    {
        var target = city.TargetOf(kpi.Code);
        var answer = new KpiAnswer(kpi.Code, kpi.Name, null, null, kpi.Unit.ToString().ToLowerInvariant(), null, null, kpi.DefinitionVersion,
            question.AsOf, knownAt, question.Period.ToString(), question.Scope.ToString(),
            target is null ? null : new(target.Value, target.Source?.Title), null);
        if (kpi.Code == "K36" && target is null)
            return Without(answer, new("does not apply: the city published no such target", "不适用：本市未公布该目标"));
        if (kpi.Sql is null)
            return Without(answer, Unavailable(kpi.Missing));
        if (question.Scope.Level > Phrases.Finest(kpi.Sql))
            return Without(answer, Unavailable(new($"it is not kept by {question.Scope.Level.ToString().ToLowerInvariant()}", "没有这一层级的数据")));
        var row = (await source.Read(kpi.Sql, question, r => (
            V: Number(r, 0), N: Number(r, 1), D: Number(r, 2), More: r.IsDBNull(3) ? null : r.GetString(3)), ct)).FirstOrDefault();
        if (row.V is not { } value)
            return Without(answer with { Numerator = row.N, Denominator = row.D }, Unavailable(kpi.Missing));
        return answer with
        {
            Value = Math.Round(value, 4),
            Numerator = row.N,
            Denominator = row.D,
            Further = row.More is null ? null : JsonNode.Parse(row.More),
        };

        static double? Number(Npgsql.NpgsqlDataReader r, int i) =>
            r.IsDBNull(i) ? null : Convert.ToDouble(r.GetValue(i), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Text Unavailable(Text what) => new($"not available: {what.En}", $"暂无数据：{what.Zh}");

    private static KpiAnswer Without(KpiAnswer answer, Text why) => answer with { Reason = why.En, Why = why };
}
