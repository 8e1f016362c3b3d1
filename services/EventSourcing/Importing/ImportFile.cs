using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FamilyDoctor.EventSourcing;

/// <summary>What one row of a file says, as JSON, or why it says nothing.</summary>
/// <param name="Line">Where it begins.</param>
/// <param name="End">Its last line.</param>
internal sealed record ImportLine(int Line, TextLine End, string? Json, string? Fault = null, string? Field = null);

/// <summary>A file of rows while it arrives: a JSON object a line, or CSV.</summary>
internal sealed class ImportFile
{
    private static readonly Encoding Utf8 = new UTF8Encoding(false, throwOnInvalidBytes: true);
    private readonly CsvRecords? records;
    private readonly CsvColumns? columns;

    private ImportFile(ImportLines lines, CsvRecords? records, CsvColumns? columns) => (Lines, this.records, this.columns) = (lines, records, columns);

    public ImportLines Lines { get; }

    /// <summary>Reads the header, if there is one.</summary>
    public static async Task<ImportFile> Open(HttpRequest request, RowShape shape, IReadOnlyList<string> map, TimeZoneInfo zone, CancellationToken ct)
    {
        _ = MediaTypeHeaderValue.TryParse(request.ContentType, out var type);
        var lines = new ImportLines(request.BodyReader, EncodingOf(type?.Charset.Value));
        switch (type?.MediaType.Value?.ToLowerInvariant())
        {
            case "text/csv":
                var records = new CsvRecords(lines);
                return new(lines, records, new(shape, await records.Next(ct), map, zone));
            case null or "application/x-ndjson" or "application/jsonl" or "application/json" or "text/plain":
                return new(lines, null, null);
            default:
                throw new RuleBroken("UNSUPPORTED_MEDIA_TYPE", "Rows come as application/x-ndjson or text/csv.");
        }
    }

    /// <summary>The next row; null at the end. What is empty is no row.</summary>
    public async ValueTask<ImportLine?> Next(CancellationToken ct)
    {
        if (records is not null)
        {
            while (await records.Next(ct) is { } record)
            {
                if (columns!.Read(record) is { } row)
                    return row;
            }
            return null;
        }
        while (await Lines.Next(ct) is { } line)
        {
            if (line.Fault is not null || !string.IsNullOrWhiteSpace(line.Text))
                return new(line.Number, line, line.Text, line.Fault);
        }
        return null;
    }

    /// <summary>GB18030 holds all of GBK and GB 2312, in which hospitals export.</summary>
    private static Encoding EncodingOf(string? charset) => charset?.Trim('"').ToUpperInvariant() switch
    {
        null or "" or "UTF-8" or "UTF8" or "US-ASCII" => Utf8,
        "GB18030" or "GBK" or "GB2312" => CodePagesEncodingProvider.Instance.GetEncoding("gb18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!,
        _ => throw new RuleBroken("UNSUPPORTED_MEDIA_TYPE", "Files are read in UTF-8 and GB18030."),
    };
}
