using FamilyDoctor.Contracts.Fulfilling;
using FamilyDoctor.Contracts.Registering;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Contracts.Tests.Tables;

/// <summary>PackageCatalogue.states.md is what the code does.</summary>
public sealed class CatalogueTableTests
{
    private static readonly DefinePackage Copd = new("copd", ["copd"], [new("followUp", 4), new("lungFunction", 1)], new(2024, 7, 1));
    private static readonly PackageDefined Defined = new("copd", ["copd"], [new("followUp", 6)], new(2024, 6, 1));

    private static readonly Dictionary<string, DomainEvent[]> States = new() { ["-"] = [], ["Defined"] = [Defined] };

    private static readonly Dictionary<string, Func<PackageCatalogue?, IEnumerable<DomainEvent>>> Commands = new()
    {
        [nameof(DefinePackage)] = c => Copd.Decide(c, At("2024-05-01 09:00")),
    };

    private static readonly TransitionTable Table = new("Contracts/PackageCatalogue.states.md", States.Keys, Commands.Keys);

    [Fact]
    public void Every_command_does_in_every_state_what_the_table_says() => Table.HoldsFor((state, command) =>
    {
        var catalogue = Fold(States[state]);
        var events = Commands[command](catalogue).ToList();
        return (events, events.Aggregate(catalogue, PackageCatalogue.Evolve) is null ? "-" : "Defined");
    });

    [Fact]
    public void Every_code_is_given_where_it_stands() => Table.RefusesAsListed(
    [
        Asking("GROUP_UNKNOWN", Copd with { Groups = ["leftHanded"] }),
        Asking("EFFECTIVE_DATE_INVALID", Copd with { From = new(2024, 4, 30) }),
        Asking("VALIDATION_FAILED", Copd with { Items = [null!] }),
    ]);

    [Fact]
    public void Defining_what_is_so_already_changes_nothing() =>
        Assert.Empty(new DefinePackage("copd", ["copd"], [new("followUp", 6)], Defined.From).Decide(Fold([Defined]), At("2024-06-01 09:00")));

    [Fact]
    public void A_package_counts_in_the_form_of_the_day()
    {
        var catalogue = Fold([Defined, new PackageDefined("copd", ["copd"], [], new(2024, 8, 1))])!;
        Assert.Equal([4, 6], new[] { new DateOnly(2024, 5, 31), new DateOnly(2024, 6, 1) }.Select(day => catalogue.On(day).Single(p => p.PackageId == "copd").Items[0].TimesAYear));
        Assert.Empty(catalogue.On(new(2024, 8, 1)).Single(p => p.PackageId == "copd").Items);
    }

    [Theory]
    [InlineData("2017-05-01", "child", "child0to6")]
    [InlineData("2017-04-30", "minor", null)] // seven yesterday
    [InlineData("1959-05-02", "adult", null)]
    [InlineData("1959-05-01", "elder", "elderly")] // sixty-five today
    public void Age_alone_makes_a_child_and_an_elder_a_priority_group(string born, string band, string? group)
    {
        var at = At("2024-05-01 09:00") with { Now = At("2024-04-30 09:00").Now.AddDays(band is "child" ? 0 : 1) };
        Assert.Equal(band, FollowAge.BandOf(DateOnly.Parse(born), at));
        var registered = new RegisterResident(null, "passport", "E12345678", "Sample", "female", DateOnly.Parse(born), null, null, "330203", null).Decide(Sample.Resident, null, at);
        Assert.Equal(group is null ? [] : [group], registered.OfType<PriorityGroupAssigned>().Select(g => g.Group));
    }

    [Fact]
    public void Who_grows_out_of_childhood_leaves_its_group_and_nobody_joins_one_twice()
    {
        var at = At("2024-05-01 09:00");
        var child = new DomainEvent[] { Sample.Registered with { AgeBand = "child" }, new PriorityGroupAssigned("child0to6", "birthDate", new(2020, 1, 1)) }
            .Aggregate(default(Enrolment), Enrolment.Evolve);
        Assert.Equal([new AgeBandChanged("minor"), new PriorityGroupEnded("child0to6", "outgrown", at.Today)], FollowAge.Decide(child, "minor", Sample.Catalogue, at));
        Assert.Empty(FollowAge.Decide(child, "child", Sample.Catalogue, at));
    }

    private static (string, string, string, Action) Asking(string code, DefinePackage package) =>
        ("-", nameof(DefinePackage), code, () => _ = package.Decide(null, At("2024-05-01 09:00")).Count());

    private static PackageCatalogue? Fold(IEnumerable<DomainEvent> history) => history.Aggregate(default(PackageCatalogue), PackageCatalogue.Evolve);
}
