namespace FamilyDoctor.CitySimulator.Planning;

/// <summary>A sample resident and his contract; compact, since a city has millions of them.</summary>
public sealed class Resident
{
    /// <summary>In the order of signing, from 0.</summary>
    public required int Index { get; init; }
    /// <summary>The one he signed with, until he goes to another on a live day.</summary>
    public required Team Team { get; set; }
    /// <summary>Where he lives, as an index of the city's districts.</summary>
    public required int District { get; init; }
    public required DateTimeOffset SignedAt { get; init; }
    public required DateOnly SignedOn { get; init; }
    public int TermMonths { get; set; } = 12;
    /// <summary>Last day of the term that was not renewed; null while he stays.</summary>
    public DateOnly? LeftOn { get; set; }
    public DateOnly Birth { get; set; }
    public bool IsFemale { get; set; }
    public bool IsRegistered { get; set; }
    /// <summary>Tells apart those of the same birth date and sex.</summary>
    public int Serial { get; set; }
    public List<string> Groups { get; } = [];

    public int AgeWhenSigning => AgeOn(SignedOn);

    public int AgeOn(DateOnly day) => day.Year - Birth.Year - (day < Birth.AddYears(day.Year - Birth.Year) ? 1 : 0);

    /// <summary>Under contract on a day, and for a while after, so that what begins then can end.</summary>
    public bool StaysFrom(DateOnly day) => SignedOn < day && (LeftOn is not { } left || day.AddDays(30) < left);
}

/// <summary>The terms of a contract, one after the other.</summary>
public static class Terms
{
    public static DateOnly FirstEnd(DateOnly signedOn, int months) => signedOn.AddMonths(months).AddDays(-1);

    public static DateOnly NextEnd(DateOnly end, int months) => end.AddDays(1).AddMonths(months).AddDays(-1);
}
