using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using ZXing;
using ZXing.QrCode;

namespace FamilyDoctor.EventSourcing;

/// <param name="IsWhen">The day and time, to be seen at once.</param>
/// <param name="IsBlank">To be filled in by hand; the value says by whom.</param>
public sealed record SlipLine(string Label, string? Value, bool IsWhen = false, bool IsBlank = false);

/// <summary>
/// A paper that a resident takes with him: one A4 page that needs nothing from elsewhere, with a code for the desk. His name is
/// not on it: the services that print it do not know it, and whoever hands it out writes it down.
/// </summary>
/// <param name="PrintedAt">In the city.</param>
public sealed record Slip(
    Language Language, string Title, string From, string Number, string PickUpCode, IReadOnlyList<SlipLine> Lines, string ListTitle,
    IReadOnlyList<string> List, string Signature, DateTimeOffset PrintedAt) : IResult, IEndpointMetadataProvider
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private static readonly string Style = ReadStyle();
    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; sandbox allow-modals";

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(string), ["text/html"]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentLanguage = Language.Code;
        response.Headers.Vary = "Accept-Language";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.CacheControl = "no-store";
        return response.WriteAsync(Html(), httpContext.RequestAborted);
    }

    internal string Html() => $"""
        <!DOCTYPE html>
        <html lang="{Language.Code}">
        <head><meta charset="utf-8"><title>{E(Title)} {E(Number)}</title><style>{Style}</style></head>
        <body>
        <header>
        <div><h1>{E(Title)}</h1><p>{E(From)}</p><p class="number">{Language.Say("编号：", "No. ")}{E(Number)}</p></div>
        <div class="code">{QrCode(PickUpCode)}<span>{Language.Say("取号码", "Pick-up code")}</span><b>{E(PickUpCodes.Spaced(PickUpCode))}</b></div>
        </header>
        <table>{string.Concat(Lines.Where(l => l.Value is not null).Select(Row))}</table>
        <h2>{E(ListTitle)}</h2>
        <ul>{string.Concat(List.Select(item => $"<li>{E(item)}</li>"))}</ul>
        <p class="sign"><span>{E(Signature)}</span><span>{Language.Say("日期", "Date")}</span></p>
        <footer>{E(Footer)}</footer>
        </body>
        </html>

        """;

    private string Footer => Language.Say(
        "取号码仅用于在服务台查找本单，不含个人信息。本单由系统打印，姓名由发放人员手写。",
        "The pick-up code only finds this slip at the desk and tells nothing about you. The slip is printed by the system; whoever hands it out writes the name.")
        + Language.Say("打印时间：", " Printed: ") + PrintedAt.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Row(SlipLine line) =>
        $"<tr{(line.IsWhen ? " class=\"when\"" : line.IsBlank ? " class=\"blank\"" : "")}><th scope=\"row\">{E(line.Label)}</th><td>{E(line.Value!)}</td></tr>";

    /// <summary>One path over all dark fields, with the quiet edge that readers need.</summary>
    private static string QrCode(string text)
    {
        var code = new QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, 0, 0, new Dictionary<EncodeHintType, object>
        {
            [EncodeHintType.ERROR_CORRECTION] = ZXing.QrCode.Internal.ErrorCorrectionLevel.Q,
            [EncodeHintType.MARGIN] = 4,
        });
        var path = new StringBuilder();
        for (var y = 0; y < code.Height; y++)
        {
            for (var x = 0; x < code.Width; x++)
            {
                if (code[x, y])
                    path.Append(CultureInfo.InvariantCulture, $"M{x} {y}h1v1h-1z");
            }
        }
        return $"<svg viewBox=\"0 0 {code.Width} {code.Height}\" role=\"img\" aria-label=\"{E(text)}\" shape-rendering=\"crispEdges\"><path fill=\"#000\" d=\"{path}\"/></svg>";
    }

    private static string E(string text) => Encoder.Encode(text);

    private static string ReadStyle()
    {
        using var reader = new StreamReader(typeof(Slip).Assembly.GetManifestResourceStream("Slip.css")!);
        return reader.ReadToEnd();
    }
}
