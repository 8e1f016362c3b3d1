using FamilyDoctor.Beds.Requesting;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;
using static FamilyDoctor.Beds.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Beds.Tests.Requesting;

/// <summary>Who may need a bed by the groups he is in.</summary>
public sealed class HintDecisionsTests
{
    private static readonly BedHinted Hinted = new(Resident, Team, Institution, ["disabled"], 7);

    [Fact]
    public void Only_the_groups_that_hint_at_a_bed_are_named() => Following([], 7, "Active", "hypertension", "disabled").Then(Hinted);

    [Fact]
    public void A_group_that_hints_at_nothing_says_nothing() => Following([], 7, "Active", "hypertension").ThenNothing();

    [Fact]
    public void A_hint_is_dropped_once()
    {
        Following([Hinted], 8, "Active", "hypertension").Then(new BedHintDropped(Resident, 8));
        Following([Hinted, new BedHintDropped(Resident, 8)], 9, "Active", "hypertension").ThenNothing();
    }

    [Theory]
    [InlineData("Active", true)]
    [InlineData("InGrace", true)]
    [InlineData("AwaitingReassignment", true)]
    [InlineData("Terminated", false)]
    public void Without_a_contract_there_is_no_hint(string status, bool hint) =>
        Assert.Equal(hint, Following([], 7, status, "disabled").Events.Any());

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public void Older_news_counts_for_nothing(long version) => Following([Hinted], version, "Active", "tumour").ThenNothing();

    private static Outcome Following(DomainEvent[] history, long version, string status, params string[] groups) => Given<BedHint>(history)
        .When("2024-03-01 09:00", (hint, at) => WhenPriorityGroupChanged.Decide(hint, Contract with { Status = status, PriorityGroups = groups }, version, at));
}
