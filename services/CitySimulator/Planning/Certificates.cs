using System.Globalization;

namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>Numbers of identity cards that are well formed and cannot be anybody's: there is no district 999999.</summary>
public static class Certificates
{
    private const int PerDayAndSex = 499;

    /// <param name="serial">From 1, among those of one birth date and sex.</param>
    public static string Number(DateOnly birth, bool isFemale, int serial)
    {
        var district = 999999 - ((serial - 1) / PerDayAndSex);
        var order = (((serial - 1) % PerDayAndSex) * 2) + (isFemale ? 2 : 1); // odd for men, even for women
        var body = string.Create(CultureInfo.InvariantCulture, $"{district:D6}{birth:yyyyMMdd}{order:D3}");
        return body + CheckDigit(body);
    }

    // ISO 7064 MOD 11-2 over the first 17 digits.
    private static char CheckDigit(string body)
    {
        ReadOnlySpan<int> weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
        var sum = 0;
        for (var i = 0; i < 17; i++)
            sum += (body[i] - '0') * weights[i];
        return "10X98765432"[sum % 11];
    }
}
