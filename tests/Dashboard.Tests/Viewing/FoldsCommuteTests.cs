using FamilyDoctor.Dashboard.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;

namespace FamilyDoctor.Dashboard.Tests.Viewing;

public class FoldsCommuteTests
{
    private static readonly List<IntegrationEvent> Said = SampleCity.Messages(scale: 2000);

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Rows_are_the_same_whatever_the_order_and_however_often_a_message_comes(int seed)
    {
        var (random, twice) = (new Random(seed), Said.Concat(Said).ToArray());
        random.Shuffle(twice);

        Same<InstitutionStep>(twice);
        Same<HospitalStep>(twice);
        Same<PractitionerStep>(twice);
        Same<TeamStep>(twice);
        Same<KnownStudio>(twice);
        Same<KnownFigure>(twice);
        Same<KnownContract>(twice);
        Same<KnownAppointment>(twice);
        Same<KnownReferral>(twice);
        Same<KnownDownReferral>(twice);
        Same<KnownExam>(twice);
        Same<KnownQuota>(twice);
        Same<BedCapacityStep>(twice);
        Same<KnownBed>(twice);
        Same<KnownVisit>(twice);
    }

    [Fact]
    public void The_views_are_the_ones_that_are_tested_and_offers()
    {
        Assert.Equal(16, Knowing.Views.Count);
    }

    private static void Same<T>(IEnumerable<IntegrationEvent> disordered) where T : class, IRow<T>
    {
        var ordered = Said.Fold<T>();
        Assert.NotEmpty(ordered);
        var other = disordered.Fold<T>();
        Assert.Equal(ordered.Count, other.Count);
        foreach (var (id, row) in ordered)
            Assert.Equal(row, other[id]);
    }
}
