namespace FamilyDoctor.Contracts.Registering;

/// <summary>What makes a certificate number well formed.</summary>
public static class Certificates
{
    public static IReadOnlyList<string> Types { get; } =
        ["identityCard", "passport", "hkMacauPermit", "taiwanPermit", "foreignerResidence", "birthCertificate"];

    /// <summary>An identity card has 18 digits with a check digit (GB 11643), or is an old one of 15; others have 5 to 20 signs.</summary>
    public static bool IsWellFormed(string type, string number) => type switch
    {
        "identityCard" => IsIdentityCard(number),
        _ => Types.Contains(type) && number.Length is >= 5 and <= 20 && number.All(char.IsAsciiLetterOrDigit),
    };

    private static bool IsIdentityCard(string number) => number.Length switch
    {
        15 => number.All(char.IsAsciiDigit),
        18 => number[..17].All(char.IsAsciiDigit) && char.ToUpperInvariant(number[17]) == CheckDigit(number),
        _ => false,
    };

    /// <summary>ISO 7064 MOD 11-2 over the first 17 digits.</summary>
    public static char CheckDigit(ReadOnlySpan<char> number)
    {
        ReadOnlySpan<int> weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        var sum = 0;
        for (var i = 0; i < 17; i++)
            sum += (number[i] - '0') * weights[i];
        return "10X98765432"[sum % 11];
    }
}
