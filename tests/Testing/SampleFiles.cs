using System.Text;

namespace FamilyDoctor.Testing;

/// <summary>Small files as people send them: whole ones, and photos as a telephone takes them, with the place in it.</summary>
public static class SampleFiles
{
    /// <summary>Stands in every note of the camera, so that none is kept unseen.</summary>
    public const string Place = "SAMPLE-PLACE-29.87N-121.54E";

    /// <summary>Sixteen by eight dots, with the profile of its colours.</summary>
    public static byte[] Jpeg { get; } = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAA" +
        "AAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRn" +
        "WFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAA" +
        "AMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAA" +
        "AADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgAD" +
        "IAMAAxADb/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8" +
        "fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/wAARCAAIABADASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAT/xAAUEAEAAA" +
        "AAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAwX/xAAaEQACAgMAAAAAAAAAAAAAAAABAgARAxIh/9oADAMBAAIRAxEAPwCMABe1AoSyuPVi1ns//9k=");

    public static byte[] Png { get; } = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAABAAAAAICAYAAADwdn+XAAAAPklEQVR4AcyPsQkAMAgEH1f6oZzJnZKZElIKavNNhGtUTt8WeRQMYiWBM1Ax3UiCabGbfSaI7ajo3n99Oc" +
        "IFAAD//zlAMxsAAAAGSURBVAMAnAc1Iarj8R8AAAAASUVORK5CYII=");

    /// <summary>The smallest PDF with a page.</summary>
    public static byte[] Pdf { get; } = PdfOf(0);

    /// <summary>The same picture lying on its side, with notes, a smaller picture and more behind its end.</summary>
    public static byte[] JpegOfATelephone(bool isLittleEndian = true) =>
    [
        .. Jpeg[..2], .. Segment(0xE1, [.. "Exif\0\0"u8, .. Notes(isLittleEndian, orientation: 6)]),
        .. Segment(0xE1, Encoding.ASCII.GetBytes("http://ns.adobe.com/xap/1.0/\0" + Place)), .. Segment(0xE2, Encoding.ASCII.GetBytes("MPF\0" + Place)),
        .. Segment(0xED, Encoding.ASCII.GetBytes("Photoshop 3.0\0" + Place)), .. Segment(0xFE, Encoding.ASCII.GetBytes(Place)),
        .. Jpeg[2..], .. Encoding.ASCII.GetBytes(Place), .. Jpeg,
    ];

    public static byte[] PngOfATelephone =>
    [
        .. Png[..33], .. Chunk("tEXt", Encoding.ASCII.GetBytes("Comment\0" + Place)), .. Chunk("eXIf", Notes(isLittleEndian: false, orientation: 6)),
        .. Chunk("iTXt", Encoding.ASCII.GetBytes("XML:com.adobe.xmp\0\0\0\0\0" + Place)), .. Chunk("tIME", [7, 232, 3, 1, 9, 0, 0]), .. Png[33..], .. Encoding.ASCII.GetBytes(Place),
    ];

    /// <summary>A PDF of exactly so many bytes.</summary>
    public static byte[] PdfOf(int size)
    {
        const string Objects = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/MediaBox[0 0 595 842]/Parent 2 0 R>>endobj\n";
        string With(int filling)
        {
            var body = Objects + (filling > 0 ? "%" + new string('x', filling - 2) + "\n" : "");
            return $"{body}xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000053 00000 n \n0000000103 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n{body.Length}\n%%EOF\n";
        }
        var file = With(0);
        if (size > file.Length)
        {
            for (var filling = size - file.Length - 10; file.Length != size; filling++)
                file = With(filling);
        }
        return Encoding.ASCII.GetBytes(file);
    }

    public static byte[] Segment(byte marker, byte[] content) => [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    public static byte[] Chunk(string name, byte[] content)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. content];
        var sum = uint.MaxValue;
        foreach (var b in named)
        {
            sum ^= b;
            for (var bit = 0; bit < 8; bit++)
                sum = (sum & 1) != 0 ? 0xEDB88320 ^ (sum >> 1) : sum >> 1;
        }
        return [.. BigEndian((uint)content.Length), .. named, .. BigEndian(~sum)];
    }

    /// <summary>Exif: who made it, which way up, and where.</summary>
    private static byte[] Notes(bool isLittleEndian, byte orientation)
    {
        var text = Encoding.ASCII.GetBytes(Place + "\0");
        byte[] Short(int n) => isLittleEndian ? [(byte)n, (byte)(n >> 8)] : [(byte)(n >> 8), (byte)n];
        byte[] Long(int n) => isLittleEndian ? [.. BitConverter.GetBytes(n)] : BigEndian((uint)n);
        return
        [
            .. isLittleEndian ? "II"u8 : "MM"u8, .. Short(42), .. Long(8), .. Short(3),
            .. Short(0x010F), .. Short(2), .. Long(text.Length), .. Long(8 + 2 + 36 + 4),
            .. Short(0x0112), .. Short(3), .. Long(1), .. Short(orientation), 0, 0,
            .. Short(0x8825), .. Short(4), .. Long(1), .. Long(8), .. Long(0), .. text,
        ];
    }

    private static byte[] BigEndian(uint n) => [(byte)(n >> 24), (byte)(n >> 16), (byte)(n >> 8), (byte)n];
}
