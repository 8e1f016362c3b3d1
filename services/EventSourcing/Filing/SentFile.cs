using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace FamilyDoctor.EventSourcing;

/// <summary>Marks an endpoint whose body is a file: it is read once, by the endpoint itself.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TakesFileAttribute : Attribute;

/// <summary>A file as somebody sent it, read once: what it says it is, no larger than may be, and rid of what nobody needs to know.</summary>
public sealed class SentFile
{
    /// <summary>Ten mebibytes.</summary>
    public const int MostBytes = 10 * 1024 * 1024;

    private const string Pdf = "application/pdf", Jpeg = "image/jpeg", Png = "image/png", Text = "text/plain";
    private readonly byte[] buffer;
    private readonly int length;

    private SentFile(string contentType, byte[] buffer, int length) => (ContentType, this.buffer, this.length) = (contentType, buffer, length);

    public string ContentType { get; }

    public ReadOnlyMemory<byte> Content => Room[Vault.SealSize..];

    /// <summary>The content and, in front of it, room for its seal.</summary>
    internal Memory<byte> Room => buffer.AsMemory(0, Vault.SealSize + length);

    /// <summary>Reads the body of a request and looks at what it is, whatever it is called.</summary>
    public static async Task<SentFile> Receive(HttpContext http, CancellationToken ct)
    {
        var declared = TypeOf(http.Request);
        var (buffer, length) = await Read(http.Request, ct);
        if (length == 0)
            throw new RuleBroken("VALIDATION_FAILED", "The file is empty.");
        length = Check(declared, buffer.AsSpan(Vault.SealSize, length));
        var file = new SentFile(declared is Text ? "text/plain; charset=utf-8" : declared, buffer, length);
        if (http.Request.Headers.ContainsKey("Idempotency-Key"))
        {
            http.Items[Envelopes.ContentHash] = Convert.ToHexString(SHA256.HashData(
                [.. Encoding.UTF8.GetBytes($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}\n"), .. SHA256.HashData(file.Content.Span)]));
        }
        return file;
    }

    private static string TypeOf(HttpRequest request)
    {
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType?.ToLowerInvariant() is Pdf or Jpeg or Png or Text
            && (type.CharSet is null || type.CharSet.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)))
            return type.MediaType.ToLowerInvariant();
        throw new RuleBroken("UNSUPPORTED_MEDIA_TYPE", "A document is a PDF, a JPEG, a PNG or a text in UTF-8.", new { allowed = new[] { Pdf, Jpeg, Png, Text } });
    }

    private static async Task<(byte[] Buffer, int Length)> Read(HttpRequest request, CancellationToken ct)
    {
        if (request.ContentLength > MostBytes)
            throw TooLarge();
        // One byte more than is told, so that the end is seen without another buffer.
        var (buffer, length) = (new byte[Vault.SealSize + (request.ContentLength ?? 0x10000) + 1], 0);
        while (await request.Body.ReadAsync(buffer.AsMemory(Vault.SealSize + length), ct) is > 0 and var read)
        {
            length += read;
            if (length > MostBytes)
                throw TooLarge();
            if (Vault.SealSize + length == buffer.Length)
                Array.Resize(ref buffer, Vault.SealSize + Math.Min(2 * length, MostBytes + 1));
        }
        return (buffer, length);
    }

    private static RuleBroken TooLarge() => new("PAYLOAD_TOO_LARGE", "A document has ten mebibytes at most.", new { MostBytes });

    /// <summary>How much of the file is kept; refuses what is not whole, and what is something else than it says.</summary>
    private static int Check(string declared, Span<byte> file)
    {
        var found = file.StartsWith("%PDF-"u8) ? Pdf
            : file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? Jpeg
            : file.StartsWith(PngFile.Signature) ? Png
            : IsText(file) ? Text : null;
        if (found != declared)
            throw new RuleBroken("DOCUMENT_TYPE_MISMATCH", "The file is something else than its Content-Type says.", new { declared, found });
        var kept = declared switch
        {
            Pdf => PdfFile.IsWhole(file) ? file.Length : null,
            Jpeg => JpegFile.Strip(file),
            Png => PngFile.Strip(file),
            _ => (int?)file.Length,
        };
        return kept ?? throw new RuleBroken("DOCUMENT_DAMAGED", "The file is damaged, or was cut off.", new { declared });
    }

    private static bool IsText(ReadOnlySpan<byte> file) => System.Text.Unicode.Utf8.IsValid(file)
        && file.IndexOfAnyInRange((byte)0, (byte)8) < 0 && file.IndexOfAnyInRange((byte)14, (byte)31) < 0 && !file.ContainsAny((byte)11, (byte)127);
}

public static class Files
{
    /// <summary>The body of this endpoint is the file itself, with its Content-Type.</summary>
    public static RouteHandlerBuilder TakesFile(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new TakesFileAttribute())
        .Accepts<Stream>("application/pdf", "image/jpeg", "image/png", "text/plain");
}
