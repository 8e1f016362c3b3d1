using System.Security.Cryptography;
using System.Text;

namespace FamilyDoctor.EventSourcing;

/// <summary>Ids derived from what they name: the same name always gives the same id (UUIDv5, RFC 9562).</summary>
public static class Ids
{
    private static readonly Guid Namespace = new("9d1f3c1e-2b5a-5f7e-8c4d-6a0b7e2f4c31");

    public static Guid Of(string name) => Of(Namespace, name);

    public static Guid Of(Guid space, string name)
    {
        Span<byte> input = stackalloc byte[16 + Encoding.UTF8.GetMaxByteCount(name.Length)];
        space.TryWriteBytes(input, bigEndian: true, out _);
        var length = 16 + Encoding.UTF8.GetBytes(name, input[16..]);
        Span<byte> hash = stackalloc byte[20];
#pragma warning disable CA5350 // UUIDv5 is defined on SHA-1; nothing secret rests on it.
        SHA1.HashData(input[..length], hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>A number people can read out: a letter and the id's last 40 bits in Crockford's base 32.</summary>
    public static string Human(char letter, Guid id)
    {
        const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var bits = 0L;
        foreach (var b in bytes[11..])
            bits = (bits << 8) | b;
        return string.Create(10, (letter, bits), static (text, n) =>
        {
            (text[0], text[1]) = (n.letter, '-');
            for (var i = 0; i < 8; i++)
                text[2 + i] = Alphabet[(int)(n.bits >> (5 * (7 - i))) & 31];
        });
    }
}
