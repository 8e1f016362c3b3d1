using System.Buffers.Text;

namespace FamilyDoctor.EventSourcing;

/// <summary>Portable Document Format (ISO 32000).</summary>
internal static class PdfFile
{
    /// <summary>Whether it begins and ends as a PDF and its end leads to its table of contents: a part of one does not.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith("%PDF-1."u8) && !file.StartsWith("%PDF-2."u8))
            return false;
        var end = file.TrimEnd("\0\t\n\f\r "u8);
        var start = end.LastIndexOf("startxref"u8);
        if (!end.EndsWith("%%EOF"u8) || start < 0)
            return false;
        var told = end[(start + "startxref"u8.Length)..^"%%EOF"u8.Length].Trim("\0\t\n\f\r "u8);
        if (!Utf8Parser.TryParse(told, out int table, out var digits) || digits != told.Length || table <= 0 || table >= start)
            return false;
        var there = file[table..start].TrimStart("\0\t\n\f\r "u8);
        return there.StartsWith("xref"u8) || IsObject(there);
    }

    /// <summary>A table of contents may also be an object: "12 0 obj".</summary>
    private static bool IsObject(ReadOnlySpan<byte> there) =>
        Utf8Parser.TryParse(there, out int _, out var number) && there[number..].StartsWith(" "u8)
        && Utf8Parser.TryParse(there[(number + 1)..], out int _, out var generation) && there[(number + 1 + generation)..].StartsWith(" obj"u8);
}
