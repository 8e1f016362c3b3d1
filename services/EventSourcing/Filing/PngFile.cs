using System.Buffers.Binary;

namespace FamilyDoctor.EventSourcing;

/// <summary>Portable Network Graphics (ISO 15948): chunks, each with a sum that shows whether it is whole.</summary>
internal static class PngFile
{
    private const int Around = 12; // length, name and sum of a chunk

    private static readonly uint[] Sums = [.. Enumerable.Range(0, 256).Select(n =>
        Enumerable.Range(0, 8).Aggregate((uint)n, (sum, _) => (sum & 1) != 0 ? 0xEDB88320 ^ (sum >> 1) : sum >> 1))];

    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>
    /// Moves what makes the picture together and says how long it is then: no notes, no place or time, nothing behind the
    /// end. Null when it is no whole picture.
    /// </summary>
    public static int? Strip(Span<byte> file)
    {
        var (from, to, hasData) = (Signature.Length, Signature.Length, false);
        while (from + Around <= file.Length)
        {
            var content = BinaryPrimitives.ReadUInt32BigEndian(file[from..]);
            if (content > file.Length - from - Around)
                return null;
            var chunk = file.Slice(from, (int)content + Around);
            var name = chunk[4..8];
            if (BinaryPrimitives.ReadUInt32BigEndian(chunk[^4..]) != Sum(chunk[4..^4]))
                return null;
            var isFirst = from == Signature.Length;
            if (isFirst != name.SequenceEqual("IHDR"u8) || (isFirst && !IsHeader(chunk[8..^4])))
                return null;
            hasData |= name.SequenceEqual("IDAT"u8);
            var isEnd = name.SequenceEqual("IEND"u8);
            if (IsOfThePicture(name))
            {
                chunk.CopyTo(file[to..]);
                to += (int)content + Around;
            }
            else if (char.IsAsciiLetterUpper((char)name[0]))
                return null; // nobody could show it without knowing what that is
            if (isEnd)
                return hasData ? to : null;
            from += (int)content + Around;
        }
        return null;
    }

    private static bool IsHeader(ReadOnlySpan<byte> content) => content.Length == 13
        && BinaryPrimitives.ReadInt32BigEndian(content) > 0 && BinaryPrimitives.ReadInt32BigEndian(content[4..]) > 0;

    private static bool IsOfThePicture(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("IHDR"u8) || name.SequenceEqual("PLTE"u8) || name.SequenceEqual("IDAT"u8) || name.SequenceEqual("IEND"u8)
        || name.SequenceEqual("tRNS"u8) || name.SequenceEqual("gAMA"u8) || name.SequenceEqual("cHRM"u8) || name.SequenceEqual("sRGB"u8)
        || name.SequenceEqual("iCCP"u8) || name.SequenceEqual("sBIT"u8) || name.SequenceEqual("bKGD"u8) || name.SequenceEqual("pHYs"u8);

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var b in bytes)
            sum = Sums[(byte)(sum ^ b)] ^ (sum >> 8);
        return ~sum;
    }
}
