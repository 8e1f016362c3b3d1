using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;

namespace FamilyDoctor.EventSourcing;

/// <param name="Number">From 1.</param>
/// <param name="Digest">Of this line and all before it.</param>
/// <param name="Fault">Why it could not be read; its text is empty then.</param>
internal sealed record TextLine(int Number, byte[] Digest, string Text, string? Fault = null);

/// <summary>
/// A file line by line while it arrives; no more of it is held than one line. A line that is too long or not in the
/// file's encoding is a fault of its own and spoils no other.
/// </summary>
internal sealed class ImportLines(PipeReader body, Encoding encoding)
{
    /// <summary>In bytes.</summary>
    public const int Longest = 1 << 20;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> line = new();
    private bool ended;

    /// <summary>Number and digest of the last line read.</summary>
    public (int Number, byte[] Digest) Last { get; private set; } = (0, new byte[SHA256.HashSizeInBytes]);

    /// <summary>The lines that follow are those after this one: the sender left out what was done before.</summary>
    public void StandAfter(int number, byte[] digest) => Last = (number, digest);

    public async ValueTask<TextLine?> Next(CancellationToken ct)
    {
        line.ResetWrittenCount();
        hash.AppendData(Last.Digest);
        for (var length = 0L; !ended;)
        {
            var read = await body.ReadAsync(ct);
            var newLine = read.Buffer.PositionOf((byte)'\n');
            var part = read.Buffer.Slice(0, newLine ?? read.Buffer.End);
            length += part.Length;
            foreach (var piece in part)
            {
                hash.AppendData(piece.Span);
                if (length <= Longest)
                    line.Write(piece.Span);
            }
            body.AdvanceTo(newLine is { } end ? read.Buffer.GetPosition(1, end) : read.Buffer.End);
            ended = newLine is null && read.IsCompleted;
            if (newLine is not null || (ended && length > 0))
            {
                Last = (Last.Number + 1, hash.GetHashAndReset());
                return length > Longest ? new(Last.Number, Last.Digest, "", "LINE_TOO_LONG") : Decode();
            }
        }
        hash.GetHashAndReset();
        return null;
    }

    private TextLine Decode()
    {
        try
        {
            var text = encoding.GetString(line.WrittenSpan).TrimEnd('\r');
            return new(Last.Number, Last.Digest, Last.Number == 1 ? text.TrimStart('\uFEFF') : text);
        }
        catch (DecoderFallbackException)
        {
            return new(Last.Number, Last.Digest, "", "WRONG_ENCODING");
        }
    }
}
