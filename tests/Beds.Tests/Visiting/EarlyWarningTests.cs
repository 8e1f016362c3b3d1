using FamilyDoctor.EventSourcing;
using static FamilyDoctor.Beds.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Beds.Tests.Visiting;

/// <summary>NEWS2 as its table has it, and what follows from a score.</summary>
public sealed class EarlyWarningTests
{
    private static readonly HomeVisit Visited = new DomainEvent[]
    {
        new VisitPlanned(Visit, Bed, Resident, Team, Institution, "330203", "nurse", On("2024-03-08 09:00"), On("2024-03-08 09:45")), new VisitAssigned(Visit, Nurse),
    }.Aggregate(default(HomeVisit), HomeVisit.Evolve)!;

    [Theory]
    [InlineData("9279-1", "8:3 9:1 11:1 12:0 20:0 21:2 24:2 25:3")]
    [InlineData("2708-6", "91:3 92:2 93:2 94:1 95:1 96:0 100:0")]
    [InlineData("59408-5", "91:3 96:0")]
    [InlineData("3151-8", "0:0 2:2")]
    [InlineData("8480-6", "90:3 91:2 100:2 101:1 110:1 111:0 219:0 220:3")]
    [InlineData("8867-4", "40:3 41:1 50:1 51:0 90:0 91:1 110:1 111:2 130:2 131:3")]
    [InlineData("67775-7", "0:0 1:3")]
    [InlineData("8310-5", "35:3 35.1:1 36:1 36.1:0 38:0 38.1:1 39:1 39.1:2")]
    [InlineData("29463-7", "20:0 200:0")]
    public void Each_value_has_its_points(string code, string table)
    {
        foreach (var pair in table.Split(' ').Select(p => p.Split(':')))
            Assert.Equal((pair[0], pair[1]), (pair[0], $"{EarlyWarning.Points(Of(code, double.Parse(pair[0], System.Globalization.CultureInfo.InvariantCulture)))}"));
    }

    [Fact]
    public void One_red_value_is_urgent_within_half_an_hour() => Assert.Equal(
        [new ObservationOutOfRange(Visit, "8867-4", 131), Detected(3, Severity.Urgent, "2024-03-08 09:40", "8867-4")], Look(AnOpenBed, Of("8867-4", 131)).Select(Plain));

    [Fact]
    public void Five_points_are_for_a_doctor_the_same_day() => Assert.Equal(
        Detected(5, Severity.Review, "2024-03-09 00:00", "3151-8", "9279-1", "8310-5"),
        Plain(Look(AnOpenBed, Of("9279-1", 22), Of("3151-8", 2), Of("8310-5", 38.5)).Last()));

    [Fact]
    public void Seven_points_are_urgent() => Assert.Equal(Severity.Urgent, Found(AnOpenBed, Of("9279-1", 22), Of("3151-8", 2), Of("8310-5", 39.5), Of("8867-4", 95)));

    [Fact]
    public void Four_points_are_none() => Assert.Null(Found(AnOpenBed, Of("9279-1", 22), Of("3151-8", 2)));

    [Fact]
    public void A_palliative_bed_has_thresholds_of_its_own_and_no_red_value()
    {
        DomainEvent[] palliative = [RequestedAs(BedType.Palliative), Assessed, Approved, Opened];
        Assert.Null(Found(palliative, Of("8867-4", 131)));
        Assert.Equal(Severity.Review, Found(palliative, Of("9279-1", 22), Of("3151-8", 2), Of("8310-5", 39.5), Of("8867-4", 95)));
        Assert.Equal(Severity.Urgent, Found(palliative, Of("9279-1", 26), Of("3151-8", 2), Of("8310-5", 39.5), Of("8867-4", 120)));
    }

    [Fact]
    public void What_was_measured_before_counts_and_only_what_gets_worse_is_told_again()
    {
        var seen = Look(AnOpenBed, Of("9279-1", 22), Of("3151-8", 2), Of("8310-5", 38.5));
        var later = new DomainEvent[] { new ObservationRecorded(Visit, Of("9279-1", 22)), new ObservationRecorded(Visit, Of("3151-8", 2)), new ObservationRecorded(Visit, Of("8310-5", 38.5)) }
            .Concat(seen).Aggregate(Visited, HomeVisit.Evolve);
        Assert.DoesNotContain(EarlyWarning.Of(later, null, [Of("8867-4", 95)], At("2024-03-08 09:20")), e => e is DeteriorationDetected);
        var worse = EarlyWarning.Of(later, null, [Of("8867-4", 120)], At("2024-03-08 09:20")).OfType<DeteriorationDetected>().Single();
        Assert.Equal((7, Severity.Urgent), (worse.Score, worse.Severity));
    }

    [Fact]
    public void Two_points_are_far_off_and_of_a_value_measured_twice_the_later_counts()
    {
        Assert.Equal([new ObservationOutOfRange(Visit, "9279-1", 22)], Look(AnOpenBed, Of("9279-1", 22), Of("8867-4", 95)));
        Assert.Null(Found(AnOpenBed, Of("8867-4", 131), Of("8867-4", 72)));
        Assert.Equal(Severity.Urgent, Found(AnOpenBed, Of("8867-4", 72), Of("8867-4", 131)));
        var before = HomeVisit.Evolve(Visited, new ObservationRecorded(Visit, Of("9279-1", 26)));
        Assert.DoesNotContain(EarlyWarning.Of(before, null, [Of("9279-1", 16)], At("2024-03-08 09:20")), e => e is DeteriorationDetected); // he breathes well again
    }

    [Fact]
    public void Five_points_of_a_palliative_bed_are_none()
    {
        DomainEvent[] palliative = [RequestedAs(BedType.Palliative), Assessed, Approved, Opened];
        Assert.Null(Found(palliative, Of("9279-1", 22), Of("3151-8", 2), Of("8310-5", 38.5), Of("8867-4", 95)));
    }

    private static Severity? Found(DomainEvent[] bed, params Vital[] measured) => Look(bed, measured).OfType<DeteriorationDetected>().SingleOrDefault()?.Severity;

    private static List<DomainEvent> Look(DomainEvent[] bed, params Vital[] measured) =>
        [.. EarlyWarning.Of(Visited, bed.Aggregate(default(FamilyBed), FamilyBed.Evolve), measured, At("2024-03-08 09:10"))];

    private static object Detected(int score, Severity severity, string dueAt, params string[] triggers) => (score, severity, On(dueAt), string.Join(' ', triggers));

    /// <summary>Lists compare by what is in them.</summary>
    private static object Plain(DomainEvent e) => e is DeteriorationDetected d ? (d.Score, d.Severity, d.DueAt, string.Join(' ', d.Triggers)) : e;

    private static Vital Of(string code, double value) => new(code, value, "1");
}
