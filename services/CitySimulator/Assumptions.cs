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
    public Assumed<AnswerShares> AnswerShares { get; init; } = new(new(),
        "Returned for information as in SISREG, Brazil (3.8 %); hospitals here publish nothing of it, so the others are ours.");
    public Assumed<ExamCourseShares> ExamCourseShares { get; init; } = new(new(), "Ours: the safety gate stops few, fewer come to no end.");
    public Assumed<OfferShares> OfferShares { get; init; } = new(new(), "Ours: a quarter of the opened beds are offered at discharge, and most who are asked take them.");
    public Assumed<BedCourseShares> BedCourseShares { get; init; } = new(new(),
        "Ours: whoever is cared for at home is old and ill, so some die, some go to hospital in between, and some stay for another period.");
    public Assumed<VisitShares> VisitShares { get; init; } = new(new(),
        "Ours: some doors stay closed, some homes have no network; a deterioration is rare and an urgent one rarer.");
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

/// <summary>What else happens to referrals on live days on their way to an answer, as shares of those that are taken.</summary>
public sealed record AnswerShares
{
    /// <summary>The hospital asks the family doctor first.</summary>
    public double Information { get; init; } = 0.038;
    public double Waitlisted { get; init; } = 0.04;
    /// <summary>Sent on to another hospital.</summary>
    public double Redirected { get; init; } = 0.02;
    /// <summary>The specialist's advice is enough.</summary>
    public double Advised { get; init; } = 0.05;
    /// <summary>Of those who did not come: they get another slot.</summary>
    public double Rebooked { get; init; } = 0.6;
    /// <summary>Of patients on their way back: their institution cannot care for them, another does.</summary>
    public double SentElsewhere { get; init; } = 0.03;
}

/// <summary>What becomes of exams on live days, as shares of the booked ones.</summary>
public sealed record ExamCourseShares
{
    /// <summary>Beside the booked ones: the safety gate refuses them.</summary>
    public double Unsafe { get; init; } = 0.01;
    /// <summary>At the device it turns out not to be safe.</summary>
    public double Rejected { get; init; } = 0.01;
    public double Cancelled { get; init; } = 0.02;
    public double NoShow { get; init; } = 0.03;
    public double Critical { get; init; } = 0.02;
    /// <summary>Of the critical results: nobody takes note within the hours there are.</summary>
    public double ReadLate { get; init; } = 0.1;
}

/// <summary>The beds offered at discharge.</summary>
public sealed record OfferShares
{
    /// <summary>So many of the opened beds were offered.</summary>
    public double OfOpened { get; init; } = 0.25;
    public double Declined { get; init; } = 0.2;
    public double Unanswered { get; init; } = 0.1;
}

/// <summary>How family beds go on and end on live days, as shares of the opened ones.</summary>
public sealed record BedCourseShares
{
    /// <summary>Beside the opened ones: after the assessment it is not the right care.</summary>
    public double Declined { get; init; } = 0.05;
    /// <summary>Beside the opened ones: the request is taken back.</summary>
    public double Cancelled { get; init; } = 0.03;
    public double Extended { get; init; } = 0.1;
    public double Paused { get; init; } = 0.06;
    public double Died { get; init; } = 0.06;
    /// <summary>The contract ends, and the bed after its week of care.</summary>
    public double ContractEnded { get; init; } = 0.02;
    /// <summary>Nobody acts, and the period ends.</summary>
    public double PeriodEnded { get; init; } = 0.02;
    /// <summary>Of all: doctor and nurse come more often after some time.</summary>
    public double Revised { get; init; } = 0.2;
}

/// <summary>How home visits go on live days, as shares of the planned ones; missed ones have a share of their own.</summary>
public sealed record VisitShares
{
    public double NotAtHome { get; init; } = 0.015;
    public double Refused { get; init; } = 0.01;
    /// <summary>Written down on a device without a network, told in the evening.</summary>
    public double Offline { get; init; } = 0.2;
    /// <summary>A doctor looks at it the same day.</summary>
    public double Review { get; init; } = 0.01;
    /// <summary>The hospital is called.</summary>
    public double Urgent { get; init; } = 0.004;
}
