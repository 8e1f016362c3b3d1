using System.Globalization;

namespace FamilyDoctor.Contracts.Registering;

/// <summary>What makes a certificate number well formed.</summary>
public static class Certificates
{
    public static IReadOnlyList<string> Types { get; } =
        ["identityCard", "passport", "hkMacauPermit", "taiwanPermit", "foreignerResidence", "birthCertificate"];

    /// <summary>An identity card has 18 digits with a check digit (GB 11643), or is an old one of 15; the others have forms of their own.</summary>
    /// <param name="birthDate">What an identity card says of it must be so; a birth certificate is for small children.</param>
    public static bool IsWellFormed(string type, string number, DateOnly? birthDate = null)
    {
        var n = Clean(number);
        return type switch
        {
            "identityCard" => IsIdentityCard(n, birthDate),
            "passport" => n.Length is >= 5 and <= 20 && n.All(char.IsAsciiLetterOrDigit),
            "hkMacauPermit" => (n.Length is 9 or 11 && n[0] is 'H' or 'M' && n[1..].All(char.IsAsciiDigit)) || IsResidentPermit(n, "81", "82"),
            "taiwanPermit" => (n.Length is 8 or 10 && n.All(char.IsAsciiDigit)) || IsResidentPermit(n, "83"),
            "foreignerResidence" => (n.Length is 15 && n[..3].All(char.IsAsciiLetterUpper) && n[3..].All(char.IsAsciiDigit)) || IsResidentPermit(n, "9"),
            "birthCertificate" => n.Length is 10 && char.IsAsciiLetterUpper(n[0]) && n[1..].All(char.IsAsciiDigit),
            _ => false,
        };
    }

    /// <summary>The one way a number is written: an old identity card as the 18 digits it became, so that both are one person.</summary>
    public static string Normal(string type, string number)
    {
        var n = Clean(number);
        if (type is not "identityCard" || n.Length is not 15 || !n.All(char.IsAsciiDigit))
            return n;
        // Orders 996 to 999 were given to people who were a hundred already when numbers were introduced.
        var century = string.CompareOrdinal(n[12..], "996") >= 0 ? "18" : "19";
        var body = string.Concat(n.AsSpan(0, 6), century, n.AsSpan(6));
        return body + CheckDigit(body);
    }

    /// <summary>ISO 7064 MOD 11-2 over the first 17 digits.</summary>
    public static char CheckDigit(ReadOnlySpan<char> number)
    {
        ReadOnlySpan<int> weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        var sum = 0;
        for (var i = 0; i < 17; i++)
            sum += (number[i] - '0') * weights[i];
        return "10X98765432"[sum % 11];
    }

    private static string Clean(string number) => string.Concat(number.Where(c => !char.IsWhiteSpace(c) && c is not '-')).ToUpperInvariant();

    private static bool IsIdentityCard(string n, DateOnly? birthDate)
    {
        var full = Normal("identityCard", n);
        return full.Length is 18 && HasCheckDigit(full)
            && DateOnly.TryParseExact(full.AsSpan(6, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var born)
            && (birthDate is null || birthDate == born);
    }

    private static bool IsResidentPermit(string n, params string[] starts) =>
        n.Length is 18 && starts.Any(s => n.StartsWith(s, StringComparison.Ordinal)) && HasCheckDigit(n);

    private static bool HasCheckDigit(string n) => n[..17].All(char.IsAsciiDigit) && n[17] == CheckDigit(n);
}
