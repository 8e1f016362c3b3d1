using System.Globalization;

namespace FamilyDoctor.CitySimulator;

/// <summary>An age range as a city file writes it: "65-95".</summary>
internal static class Ages
{
    public static bool TryParse(string range, out int from, out int to)
    {
        (from, to) = (0, 0);
        var parts = range.Split('-');
        return parts.Length == 2 && int.TryParse(parts[0], CultureInfo.InvariantCulture, out from)
            && int.TryParse(parts[1], CultureInfo.InvariantCulture, out to) && from >= 0 && from <= to && to <= 120;
    }
}
