using FamilyDoctor.CitySimulator.Planning;
using FamilyDoctor.CitySimulator.Rows;
using FamilyDoctor.Policies;

namespace FamilyDoctor.CitySimulator;

/// <summary>
/// A whole city at 1:N, from its file and seed alone: the same file, scale and seed always give the same people,
/// contracts, appointments and beds, with the same ids.
/// </summary>
public sealed class Plan
{
    public Plan(CityFile city, int scale)
    {
        (City, Scale) = (city, scale >= 1 ? scale : throw new ArgumentOutOfRangeException(nameof(scale), scale, "The scale is 1 or more."));
        Choice = new(city.Key, city.Seed);
        Days = new(city.Zone, WorkingDays.Default);
        From = Days.OnOrAfter(Growth.HistoryFrom(city));
        Staffing = new(city, scale, Days, Choice);
        Hospitals = Planning.Hospitals.Of(city, scale, Choice);
        Ratings = new(city, scale, Staffing, Days, Choice);
        Population = new(city, scale, Staffing, Days, Choice);
        Panels = new(Population, Staffing, Choice);
        Booking = new(this);
        BedCare = new(this);
        HomeVisiting = new(this);
        Referring = new(this);
        Examining = new(this);
    }

    public CityFile City { get; }
    public int Scale { get; }
    public Choice Choice { get; }
    public Days Days { get; }
    /// <summary>First day of the history.</summary>
    public DateOnly From { get; }
    /// <summary>When the history ends and the city's clock starts.</summary>
    public DateTimeOffset End => City.ClockStart;
    public Staffing Staffing { get; }
    public IReadOnlyList<Hospital> Hospitals { get; }
    public Ratings Ratings { get; }
    public Population Population { get; }
    public Panels Panels { get; }
    public Booking Booking { get; }
    public BedCare BedCare { get; }
    public HomeVisiting HomeVisiting { get; }
    public Referring Referring { get; }
    public Examining Examining { get; }

    /// <summary>A published count at 1:N; 0 where the city published none.</summary>
    public int Count(string key) => Apportioning.Scaled(City.Find(key)?.Value ?? 0, Scale);

    /// <summary>How often something happens in a year at 1:N: as published, else at the rate that is assumed.</summary>
    public double YearlyRate(string key) => City.Find(key) is { } figure && PeriodOf(key) is { } period
        ? figure.Value / Scale * 365.25 / (period.To.DayNumber - period.From.DayNumber + 1)
        : City.Assumptions.Rates.Value.GetValueOrDefault(key) * (City.Series("contracted").LastOrDefault()?.Value ?? 0) / Scale;

    /// <summary>The period in which a flow happened; of a cumulative figure, the whole history.</summary>
    public (DateOnly From, DateOnly To)? PeriodOf(string key) => City.Find(key) switch
    {
        { From: { } from, To: { } to } => (from < From ? From : from, to),
        { At: { } at } => (From.AddMonths(6), at),
        _ => null,
    };

    public Guid IdOf(Resident resident) => Choice.Id("resident", resident.Index);

    /// <summary>The n-th contract of a resident: 0 is the signed one, the others are its renewals.</summary>
    public Guid ContractId(Resident resident, int n) => Choice.Id("contract", $"{resident.Index}:{n}");

    /// <summary>The contract that covers a day.</summary>
    public Guid ContractOn(Resident resident, DateOnly day)
    {
        var n = 0;
        for (var end = Terms.FirstEnd(resident.SignedOn, resident.TermMonths); end < day; end = Terms.NextEnd(end, resident.TermMonths))
            n++;
        return ContractId(resident, n);
    }

    /// <summary>The contract that counts at a moment: a renewal made early is the newest already.</summary>
    public Guid NewestContract(Resident resident, DateTimeOffset at)
    {
        var n = 0;
        for (var end = Terms.FirstEnd(resident.SignedOn, resident.TermMonths); RenewalOf(resident, end) < at; end = Terms.NextEnd(end, resident.TermMonths))
            n++;
        return ContractId(resident, n);
    }

    /// <summary>What a row of care tells of the contract it rests on.</summary>
    public ContractOfRow ContractOf(Resident resident, DateOnly day) => new(
        ContractOn(resident, day), IdOf(resident), resident.Team.Id, resident.Team.Institution.Id, City.Districts[resident.District].Code);

    /// <summary>Which team each of so many events concerns: by their panels in the middle of the period, in an order of the seed.</summary>
    public int[] TeamsOver(string key, int count)
    {
        if (PeriodOf(key) is not { } period)
            return [];
        var middle = period.From.AddDays((period.To.DayNumber - period.From.DayNumber) / 2);
        return Apportioning.Mixed(Apportioning.Apportion(count, [.. Staffing.Teams.Select(t => (double)Panels.CountOn(t, middle))]), Choice, $"teams of {key}");
    }

    /// <summary>When a resident renews the term that ends on a day.</summary>
    public DateTimeOffset RenewalOf(Resident resident, DateOnly end)
    {
        var salt = ((long)resident.Index << 20) + end.DayNumber;
        return Days.InHours(Days.OnOrBefore(end.AddDays(-7 - Choice.Below(54, "renewal", salt))), Choice.Fraction("renewal hour", salt));
    }
}
