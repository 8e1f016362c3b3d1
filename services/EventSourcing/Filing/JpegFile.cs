using System.Buffers.Binary;

namespace FamilyDoctor.EventSourcing;

/// <summary>JPEG (ITU T.81, T.871): segments, each with its marker, up to the end of the picture.</summary>
internal static class JpegFile
{
    private const byte EndOfImage = 0xD9, StartOfScan = 0xDA, App0 = 0xE0, App1 = 0xE1, App2 = 0xE2, App14 = 0xEE, Comment = 0xFE;
    private const int Orientation = 0x0112;

    // What stays of the camera's notes: which way up the picture is.
    private static ReadOnlySpan<byte> OnlyOrientation =>
    [
        0xFF, App1, 0, 34, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0, (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8,
        0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
    ];
    private const int OrientationAt = 29;

    /// <summary>
    /// Moves what makes the picture together and says how long it is then: no place, time or device, no comment, no smaller
    /// picture, nothing behind the end. Null when it is no whole picture.
    /// </summary>
    public static int? Strip(Span<byte> file)
    {
        var (from, to, hasFrame, hasScan, hasOrientation) = (2, 2, false, false, false);
        while (true)
        {
            while (from + 1 < file.Length && file[from] == 0xFF && file[from + 1] == 0xFF)
                from++; // a marker may be filled up in front
            if (from + 2 > file.Length || file[from] != 0xFF)
                return null;
            var marker = file[from + 1];
            if (marker is EndOfImage && hasScan)
            {
                file.Slice(from, 2).CopyTo(file[to..]);
                return to + 2;
            }
            if (marker < 0xC0 || marker is >= 0xD0 and <= EndOfImage || from + 4 > file.Length)
                return null;
            var length = 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(from + 2)..]);
            if (length < 4 || from + length > file.Length)
                return null;
            var segment = file.Slice(from, length);
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (length < 10 || BinaryPrimitives.ReadUInt16BigEndian(segment[7..]) == 0) // its width; its height may follow
                    return null;
                hasFrame = true;
            }
            if (marker is StartOfScan)
            {
                if (!hasFrame || EndOfScan(file, from + length) is not { } end)
                    return null;
                (hasScan, length) = (true, end - from);
                segment = file.Slice(from, length);
            }
            if (!hasOrientation && marker is App1 && length >= OnlyOrientation.Length && OrientationOf(segment[4..]) is { } orientation)
            {
                OnlyOrientation.CopyTo(file[to..]);
                file[to + OrientationAt] = orientation;
                (to, hasOrientation) = (to + OnlyOrientation.Length, true);
            }
            else if (IsOfThePicture(marker, segment[4..]))
            {
                segment.CopyTo(file[to..]);
                to += length;
            }
            from += length;
        }
    }

    private static bool IsOfThePicture(byte marker, ReadOnlySpan<byte> content) => marker switch
    {
        App0 => content.StartsWith("JFIF\0"u8),
        App2 => content.StartsWith("ICC_PROFILE\0"u8), // its colours
        App14 => content.StartsWith("Adobe"u8), // how its colours are told
        Comment => false,
        >= App0 => false,
        _ => true,
    };

    /// <summary>Where the next marker stands behind a scan; null when the file ends before.</summary>
    private static int? EndOfScan(ReadOnlySpan<byte> file, int from)
    {
        while (file[from..].IndexOf((byte)0xFF) is >= 0 and var next && from + next + 1 < file.Length)
        {
            from += next;
            if (file[from + 1] is not (0x00 or 0xFF or (>= 0xD0 and <= 0xD7))) // stuffed, filled up, restarted
                return from;
            from += file[from + 1] is 0xFF ? 1 : 2;
        }
        return null;
    }

    /// <summary>Which way up the picture is, when it is not as it lies.</summary>
    private static byte? OrientationOf(ReadOnlySpan<byte> content)
    {
        if (!content.StartsWith("Exif\0\0"u8) || content.Length < 14)
            return null;
        var tiff = content[6..];
        var isLittle = tiff.StartsWith("II"u8);
        ushort Short(ReadOnlySpan<byte> at) => isLittle ? BinaryPrimitives.ReadUInt16LittleEndian(at) : BinaryPrimitives.ReadUInt16BigEndian(at);
        var start = isLittle ? BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]);
        if (start > tiff.Length - 2)
            return null;
        var entries = tiff[((int)start + 2)..];
        for (var i = 0; i < Short(tiff[(int)start..]) && entries.Length >= 12; i++, entries = entries[12..])
        {
            if (Short(entries) is Orientation)
                return Short(entries[8..]) is >= 2 and <= 8 and var orientation ? (byte)orientation : null;
        }
        return null;
    }
}
