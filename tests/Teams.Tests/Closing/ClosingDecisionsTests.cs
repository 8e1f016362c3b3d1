using FamilyDoctor.EventSourcing;
using FamilyDoctor.Teams.Closing;
using FamilyDoctor.Testing;
using static FamilyDoctor.Teams.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Teams.Tests.Closing;

/// <summary>An institution ends once, in one that works.</summary>
public sealed class ClosingDecisionsTests
{
    private const string Morning = "2024-03-01 09:00";
    private static readonly Guid Second = new("00000000-0000-7000-8000-000000000011"), Third = new("00000000-0000-7000-8000-000000000012");

    [Fact]
    public void Closing_again_is_nothing_even_when_the_successor_has_closed_too() => Given<Institution>([.. AnActiveInstitution, new InstitutionClosed(Clinic, Second, "retired")])
        .And<Institution>([.. Working(Second), new InstitutionClosed(Second, Third, "retired")])
        .When(Morning, (i, successor, _) => (new CloseInstitution(Second, "retired").Decide(i, successor), [])).ThenNothing();

    [Fact]
    public void One_or_two_different_ones_are_merged()
    {
        Merging([Second, Third], Working(Second), Working(Third)).ThenEvents(typeof(InstitutionsMerged), typeof(InstitutionClosed), typeof(InstitutionClosed));
        Merging([Second, Second], Working(Second), Working(Second)).ThenRefused("VALIDATION_FAILED");
        Merging([Second, Third, TeamId], Working(Second), Working(Third)).ThenRefused("VALIDATION_FAILED");
    }

    [Fact]
    public void Merging_again_is_nothing() => Merging([Second], [.. Working(Second), new InstitutionClosed(Second, Clinic, "merged")], []).ThenNothing();

    [Fact]
    public async Task None_is_asked_for_twice_or_merged_into_itself()
    {
        await using var city = new States.MemoryCity(At(Morning).Now);
        city.Given<Institution>(Clinic, AnActiveInstitution).Given<Institution>(Second, Working(Second));
        foreach (var from in new Guid[][] { [Second, Second], [Clinic], [Second, Clinic] })
        {
            var refused = await Assert.ThrowsAsync<RuleBroken>(() => MergeInstitutionsEndpoint.Take(new(from), Clinic, city.By, city.Runner, default));
            Assert.Equal("RULE_VIOLATION", refused.Code);
        }
    }

    private static DomainEvent[] Working(Guid id) => [Registered with { InstitutionId = id }, new InstitutionActivated(id)];

    private static Outcome Merging(Guid[] from, DomainEvent[] first, DomainEvent[] second) => Given<Institution>(AnActiveInstitution).And<Institution>(first).And<Institution>(second)
        .When(Morning, (into, one, two, _) => new MergeInstitutions(from).Decide(into, one, two));
}
