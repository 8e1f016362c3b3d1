namespace FamilyDoctor.CitySimulator;

/// <summary>What a city does not publish and its life needs all the same. A file may replace any of it.</summary>
public sealed record Assumptions
{
    private const string Ours = "Our assumption for cities that say nothing else.";

    public Assumed<DateOnly?> HistoryFrom { get; init; } = new(null, Ours);
    /// <summary>Yearly growth of the contracted before the first published stock.</summary>
    public Assumed<double> Growth { get; init; } = new(0.25, Ours);
    public Assumed<double> RenewedShare { get; init; } = new(0.95, Ours);
    /// <summary>Contracts ended before their term in a year, on live days.</summary>
    public Assumed<double> TerminatedShare { get; init; } = new(0.01, Ours);
    /// <summary>Residents who go to another team by their own wish in a year, on live days.</summary>
    public Assumed<double> TransferredShare { get; init; } = new(0.02, Ours);
    /// <summary>Residents whom the commission gives another team in a year, on live days.</summary>
    public Assumed<double> PlacedShare { get; init; } = new(0.005, Ours);
    /// <summary>So many working days after the city's clock starts the end of one team is announced; null when all go on.</summary>
    public Assumed<int?> DisbandmentAfter { get; init; } = new(10, Ours);
    /// <summary>Months to share.</summary>
    public Assumed<Dictionary<string, double>> Terms { get; init; } = new(new() { ["12"] = 1 }, Ours);
    public Assumed<double> HouseholdShare { get; init; } = new(0.8, Ours);
    /// <summary>"65-95" to share, of the residents when they sign.</summary>
    public Assumed<Dictionary<string, double>> Ages { get; init; } =
        new(new() { ["0-6"] = 0.07, ["7-17"] = 0.09, ["18-44"] = 0.3, ["45-64"] = 0.28, ["65-95"] = 0.26 }, Ours);
    public Assumed<Dictionary<string, double>> Groups { get; init; } =
        new(new() { ["hypertension"] = 0.2, ["diabetesT2"] = 0.08, ["disabled"] = 0.015 }, Ours);
    public Assumed<double> BookedSlotShare { get; init; } = new(0.8, Ours);
    public Assumed<double> NoShowShare { get; init; } = new(0.04, Ours);
    /// <summary>In the whole city, before scaling.</summary>
    public Assumed<int> Hospitals { get; init; } = new(10, Ours);
    public Assumed<ReferralShares> ReferralShares { get; init; } = new(new(), Ours);
    public Assumed<Dictionary<string, double>> ExamShares { get; init; } =
        new(new() { ["CT"] = 0.5, ["MRI"] = 0.25, ["endoscopy"] = 0.2, ["PETCT"] = 0.05 }, Ours);
    public Assumed<double> BedVisitsShare { get; init; } = new(0.8, Ours);
    public Assumed<double> MissedVisitShare { get; init; } = new(0.03, Ours);
    public Assumed<double> BedUse { get; init; } = new(0.7, Ours);
    public Assumed<double> VisitsPerBed { get; init; } = new(4, Ours);
    public Assumed<double> VisitsPerPerson { get; init; } = new(8, Ours);
    /// <summary>Kind to share, where only the number of technical staff is published.</summary>
    public Assumed<Dictionary<string, double>> TechnicalStaff { get; init; } = new(new() { ["doctor"] = 0.5, ["nurse"] = 0.4, ["publicHealth"] = 0.1 }, Ours);
    public Assumed<Dictionary<string, double>> OtherStaff { get; init; } = new(new() { ["socialWorker"] = 1 }, Ours);
    /// <summary>Flow per contracted resident and year on live days, where none is published.</summary>
    public Assumed<Dictionary<string, double>> Rates { get; init; } = new([], Ours);
}

/// <summary>What becomes of referrals, as shares of the submitted ones.</summary>
public sealed record ReferralShares
{
    public double Declined { get; init; } = 0.03;
    public double Cancelled { get; init; } = 0.02;
    public double NoShow { get; init; } = 0.03;
    public double Urgent { get; init; } = 0.08;
    public double Admitted { get; init; } = 0.2;
    public double DownReferral { get; init; } = 0.12;
}
