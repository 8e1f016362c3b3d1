using System.Text;
using FamilyDoctor.Testing;
using Microsoft.AspNetCore.Http;

namespace FamilyDoctor.EventSourcing.Tests;

/// <summary>What a sent file is, whatever it is called, and what of it is kept.</summary>
public sealed class FilingTests
{
    private const string Pdf = "application/pdf", Jpeg = "image/jpeg", Png = "image/png", Text = "text/plain";

    private static readonly Dictionary<string, byte[]> Whole = new()
    {
        [Pdf] = SampleFiles.Pdf,
        [Jpeg] = SampleFiles.Jpeg,
        [Png] = SampleFiles.Png,
        [Text] = Encoding.UTF8.GetBytes("样例 sample\r\n\tsecond line"),
    };

    public static TheoryData<string> Types => [.. Whole.Keys];

    public static TheoryData<string> Formats => [Pdf, Jpeg, Png];

    [Theory, MemberData(nameof(Types))]
    public async Task A_whole_file_is_kept_as_it_is(string type)
    {
        var file = await Sent(Whole[type], type);
        Assert.Equal(Whole[type], file.Content.ToArray());
        Assert.Equal(type, file.ContentType.Split(';')[0]);
    }

    [Fact]
    public async Task What_it_is_called_must_be_what_it_is()
    {
        var others = Whole.Values.Concat<byte[]>([Encoding.UTF8.GetBytes("<html><script>alert(1)</script>"), [0x50, 0x4B, 3, 4, 0, 0], "GIF89a"u8.ToArray(), [0, 1, 2]]).ToList();
        foreach (var type in Whole.Keys)
        {
            foreach (var content in others.Where(c => c != Whole[type] && !(type is Text && c[0] is (byte)'<' or (byte)'G')))
                Assert.Equal("DOCUMENT_TYPE_MISMATCH", await Code(content, type));
        }
        Assert.Equal("DOCUMENT_TYPE_MISMATCH", await Code([.. "%PDF"u8, .. SampleFiles.Pdf], Pdf));
        Assert.Equal("DOCUMENT_TYPE_MISMATCH", await Code([0x80, 0x81], Text));
        Assert.Equal("DOCUMENT_TYPE_MISMATCH", await Code([.. "escape \u001b[2J"u8], Text));
    }

    [Theory]
    [InlineData(null), InlineData(""), InlineData("application/json"), InlineData("image/svg+xml"), InlineData("text/html"), InlineData("multipart/form-data; boundary=x")]
    [InlineData("text/plain; charset=gbk"), InlineData("nonsense")]
    public async Task Other_types_are_not_taken(string? type) => Assert.Equal("UNSUPPORTED_MEDIA_TYPE", await Code(SampleFiles.Pdf, type));

    [Theory, MemberData(nameof(Formats))]
    public async Task A_file_that_was_cut_off_anywhere_is_refused(string type)
    {
        var (file, least) = (Whole[type], type is Pdf ? "%PDF-"u8.Length : 8);
        for (var length = least; length < file.Length - (type is Pdf ? 1 : 0); length++) // a PDF's last byte is a new line, which it may lack
            Assert.Equal("DOCUMENT_DAMAGED", await Code(file[..length], type));
    }

    [Fact]
    public async Task A_picture_with_a_changed_byte_is_refused_where_it_has_sums()
    {
        for (var at = 8; at < SampleFiles.Png.Length; at++)
            Assert.Equal("DOCUMENT_DAMAGED", await Code([.. SampleFiles.Png[..at], (byte)(SampleFiles.Png[at] ^ 0x20), .. SampleFiles.Png[(at + 1)..]], Png));
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task A_photo_keeps_its_picture_its_colours_and_which_way_up_it_is_and_nothing_else(bool isLittleEndian)
    {
        var kept = (await Sent(SampleFiles.JpegOfATelephone(isLittleEndian), Jpeg)).Content.ToArray();
        Assert.DoesNotContain(SampleFiles.Place[..8], Encoding.Latin1.GetString(kept), StringComparison.Ordinal);
        Assert.Contains("ICC_PROFILE", Encoding.Latin1.GetString(kept), StringComparison.Ordinal);
        byte[] upright = [.. SampleFiles.Jpeg[..2], .. SampleFiles.Segment(0xE1, [.. "Exif\0\0MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]), .. SampleFiles.Jpeg[2..]];
        Assert.Equal(upright, kept);
        Assert.Equal(kept, (await Sent(kept, Jpeg)).Content.ToArray()); // stripping once more changes nothing
    }

    [Fact]
    public async Task So_does_a_picture_without_loss()
    {
        Assert.Equal(SampleFiles.Png, (await Sent(SampleFiles.PngOfATelephone, Png)).Content.ToArray());
        Assert.Equal("DOCUMENT_DAMAGED", await Code([.. SampleFiles.Png[..33], .. SampleFiles.Chunk("SECR", [1]), .. SampleFiles.Png[33..]], Png));
    }

    [Fact]
    public async Task Notes_that_lie_about_their_own_length_are_no_fault()
    {
        for (var at = 2; at < 120; at++)
        {
            foreach (var value in new byte[] { 0, 0xFF, 0x80 })
            {
                var file = SampleFiles.JpegOfATelephone();
                file[at] = value;
                Assert.Contains(await Code(file, Jpeg), new[] { null, "DOCUMENT_DAMAGED", "DOCUMENT_TYPE_MISMATCH" });
            }
        }
    }

    [Theory]
    [InlineData(true), InlineData(false)]
    public async Task Ten_mebibytes_are_taken_and_not_a_byte_more(bool tellsLength)
    {
        foreach (var size in new[] { SentFile.MostBytes - 1, SentFile.MostBytes })
            Assert.Equal(size, (await Sent(SampleFiles.PdfOf(size), Pdf, tellsLength)).Content.Length);
        Assert.Equal("PAYLOAD_TOO_LARGE", await Code(SampleFiles.PdfOf(SentFile.MostBytes + 1), Pdf, tellsLength));
        Assert.Equal("VALIDATION_FAILED", await Code([], Pdf, tellsLength));
    }

    private static Task<SentFile> Sent(byte[] content, string? type, bool tellsLength = true)
    {
        var http = new DefaultHttpContext();
        (http.Request.Body, http.Request.ContentType) = (new MemoryStream(content), type);
        http.Request.ContentLength = tellsLength ? content.Length : null;
        return SentFile.Receive(http, default);
    }

    private static async Task<string?> Code(byte[] content, string? type, bool tellsLength = true)
    {
        try
        {
            await Sent(content, type, tellsLength);
            return null;
        }
        catch (RuleBroken refused)
        {
            return refused.Code;
        }
    }
}
