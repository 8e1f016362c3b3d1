using System.Globalization;
using System.Text.Json;
using FamilyDoctor.Dashboard.Measuring;

namespace FamilyDoctor.Dashboard.Ui;

/// <summary>Whoever reads the page: language, theme and how numbers are written. Every text stands once in ui.json as [en, zh].</summary>
public sealed class Reader(IHttpContextAccessor accessor, TimeZoneInfo zone)
{
    private static readonly Dictionary<string, string[]> Texts =
        JsonSerializer.Deserialize<Dictionary<string, string[]>>(typeof(Reader).Assembly.GetManifestResourceStream("ui.json")!)!;
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB"), Chinese = CultureInfo.GetCultureInfo("zh-CN");

    private HttpRequest Request => accessor.HttpContext!.Request;

    public bool Zh { get; } = accessor.HttpContext!.Request.Cookies["lang"] is "zh" or "en"
        ? accessor.HttpContext!.Request.Cookies["lang"] == "zh"
        : accessor.HttpContext!.Request.Headers.AcceptLanguage.ToString().StartsWith("zh", StringComparison.OrdinalIgnoreCase);

    public CultureInfo Culture => Zh ? Chinese : English;
    public string HtmlLang => Zh ? "zh-CN" : "en-GB";
    public string Theme => Request.Cookies["theme"] == "dark" ? "dark" : "light";
    public bool IsOverview => Request.Path == "/";
    public string Back => Uri.EscapeDataString(Request.Path + Request.QueryString);

    public string this[string key, params object[] values] => Texts.TryGetValue(key, out var text)
        ? values.Length == 0 ? text[Zh ? 1 : 0] : string.Format(Culture, text[Zh ? 1 : 0], values)
        : $"⟦{key}⟧";

    /// <summary>A word of the facts, such as a status; one that has no text yet is shown as it is.</summary>
    public string Word(string kind, string word) => Texts.TryGetValue($"{kind}.{word}", out var text) ? text[Zh ? 1 : 0] : word;

    /// <summary>What happened, in both languages; one that has no sentence yet is told by its name.</summary>
    public static Text Sentence(string type) => Texts.TryGetValue($"event.{type}", out var text) ? new(text[0], text[1]) : new(type, type);

    /// <summary>A text in both languages.</summary>
    public static Text Both(string key, params Text[] values) => new(
        string.Format(English, Texts[key][0], [.. values.Select(v => v.En)]), string.Format(Chinese, Texts[key][1], [.. values.Select(v => v.Zh)]));

    /// <summary>A text, or if it is not there another one.</summary>
    public static Text Both(string key, string otherwise) => Both(Texts.ContainsKey(key) ? key : otherwise);

    public static Text Listed(IEnumerable<Text> texts) => new(
        string.Join(Texts["list.and"][0], texts.Select(t => t.En)), string.Join(Texts["list.and"][1], texts.Select(t => t.Zh)));

    public string Say(Text? text) => text is null ? "" : Zh ? text.Zh : text.En;

    public string Int(double n) => n.ToString("N0", Culture);

    public string Number(double n, int decimals = 1) => n.ToString("N" + (n == Math.Truncate(n) ? 0 : decimals), Culture);

    public string Percent(double n) => n.ToString("F1", Culture) + "%";

    public string Signed(double n, string format) => (n > 0 ? "+" : n < 0 ? "−" : "") + Math.Abs(n).ToString(format, Culture);

    public DateTimeOffset Local(DateTimeOffset instant) => TimeZoneInfo.ConvertTime(instant, zone);

    public string Moment(DateTimeOffset instant) => Local(instant).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static string Iso(DateTimeOffset instant) => instant.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    public static string Css(double n) => n.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Days and hours, or hours and minutes: nobody plans by more than two.</summary>
    public string Span(TimeSpan time)
    {
        time = time.Duration();
        return time.TotalHours >= 48 ? this["span.d", (int)time.TotalDays, time.Hours]
            : time.TotalHours >= 1 ? this["span.h", (int)time.TotalHours, time.Minutes]
            : this["span.m", time.Minutes];
    }
}
