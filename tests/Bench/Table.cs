using System.Globalization;
using System.Text.Json;

namespace FamilyDoctor.Bench;

/// <summary>What came out, 140 columns wide at most.</summary>
public sealed class Table(bool quick)
{
    private const int Width = 140;
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerOptions.Web) { WriteIndented = true };
    private readonly List<Result> results = [];

    public bool EveryMustHolds => results.Count > 0 && results.TrueForAll(r => r.Row.Target?.Holds(r.Ours, r.Limit) ?? true);

    public void Add(Result result) => results.Add(result);

    public void Print()
    {
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        Console.WriteLine();
        Console.WriteLine($"{"",-42} {"",9} {"",9} {"",6} {"",7} {"",7}  {"",-10} {"ours, ms",20}  {"limit, ms",20}");
        Console.WriteLine($"{"",-42} {"ours/s",9} {"limit/s",9} {"ratio",6} {"must",7} {"want",7}  {"",-10} {Waits("p50", "p99", "p99.9")}  {Waits("p50", "p99", "p99.9")}");
        foreach (var result in results)
        {
            var (row, ours, limit) = (result.Row, result.Ours, result.Limit);
            Console.WriteLine(($"{row.Name,-42} {Rounded(ours.PerSecond),9} {Rounded(limit.PerSecond),9} {result.Ratio,6:0.00} {Figure(row.Target, t => t.Must),7} "
                + $"{Figure(row.Target, t => t.Want),7}  {Verdict(result),-10} {Waits(ours),20}  {Waits(limit),20}").TrimEnd());
            var rule = row.Target is { IsPerSecond: true } ? $"{row.Limit}; false conflicts of ours: {ours.FalseConflicts}" : row.Limit;
            foreach (var line in Wrapped($"against {rule}{(result.Word is { } word ? $". {word}" : "")}", Width - 4))
                Console.WriteLine($"    {line}");
        }
        Console.WriteLine();
        var missed = results.Count(r => r.Row.Target is { } target && !target.Holds(r.Ours, r.Limit));
        Console.WriteLine((missed == 0 ? "Every must holds." : $"{missed} of {results.Count(r => r.Row.Target is not null)} musts do not hold.")
            + (quick ? " Quick figures are rough: short rounds, few of them." : ""));
    }

    public async Task Write(string file)
    {
        await using var stream = File.Create(file);
        await JsonSerializer.SerializeAsync(stream, results.Select(r => new
        {
            r.Row.Path,
            Ours = Math.Round(r.Ours.PerSecond, 1),
            Limit = Math.Round(r.Limit.PerSecond, 1),
            Ratio = Math.Round(r.Ratio, 3),
        }), Indented);
    }

    private static string Verdict(Result result) => result.Row.Target switch
    {
        null => "",
        { } target when !target.Holds(result.Ours, result.Limit) => "TOO LITTLE",
        { } target when target.IsAsWanted(result.Ours, result.Limit) => "as wanted",
        _ => "holds",
    };

    private static string Figure(Target? target, Func<Target, double> figure) => target switch
    {
        null => "",
        { IsPerSecond: true } => $"{figure(target):N0}/s",
        _ => $"{figure(target):0.0}",
    };

    private static string Waits(Measured m) => double.IsNaN(m.P50) ? "" : Waits(Short(m.P50), Short(m.P99), Short(m.P999));

    private static string Waits(string p50, string p99, string p999) => $"{p50,6} {p99,6} {p999,6}";

    private static string Short(double ms) => ms switch { < 1 => $"{ms:0.00}", < 100 => $"{ms:0.0}", _ => $"{ms:N0}" };

    /// <summary>Three digits mean something, more do not.</summary>
    private static string Rounded(double figure)
    {
        var step = Math.Pow(10, Math.Max(0, Math.Floor(Math.Log10(Math.Max(figure, 1))) - 2));
        return $"{Math.Round(figure / step) * step:N0}";
    }

    private static IEnumerable<string> Wrapped(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' '))
        {
            if (line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "  ";
            }
            line = line.Length == 0 ? word : $"{line} {word}";
        }
        yield return line;
    }
}
