using FamilyDoctor.Contracts.Attributing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;
using static FamilyDoctor.Contracts.Tests.Sample;

namespace FamilyDoctor.Contracts.Tests.Tables;

/// <summary>AttributionList.states.md is what the code does.</summary>
public sealed class AttributionTableTests
{
    private static readonly MemberClaimed Right = new(Team, Resident, MemberClaim.Belongs, ClaimAnswer.Agrees);
    private static readonly MemberClaimed Wrong = new(Team, Resident, MemberClaim.DoesNotBelong, ClaimAnswer.HasContract);
    private static readonly Enrolment Signed = new[] { Registered, Eligible, Applied, (DomainEvent)Sample.Signed }.Aggregate(default(Enrolment), Enrolment.Evolve)!;

    private static readonly Dictionary<string, DomainEvent[]> States = new()
    {
        ["-"] = [],
        ["Agreed"] = [Right],
        ["Open"] = [Wrong],
        ["Settled"] = [Wrong, new MemberDifferenceResolved(Team, Resident, "listIsRight")],
    };

    private static readonly Dictionary<string, Func<AttributionList?, IEnumerable<DomainEvent>>> Commands = new()
    {
        ["ClaimsRight"] = list => Claim(MemberClaim.Belongs, list),
        ["ClaimsWrong"] = list => Claim(MemberClaim.DoesNotBelong, list),
        [nameof(ResolveDifference)] = list => new ResolveDifference("listIsRight").Decide(Team, Resident, list),
        [nameof(ConfirmAttributionList)] = list => new ConfirmAttributionList("now").Decide(Team, list, "now", 1),
        ["ConfirmsOldList"] = list => new ConfirmAttributionList("before").Decide(Team, list, "now", 1),
    };

    [Fact]
    public void Every_command_does_in_every_state_what_the_table_says() =>
        new TransitionTable("Contracts/AttributionList.states.md", States.Keys, Commands.Keys).HoldsFor((state, command) =>
        {
            var list = States[state].Aggregate(default(AttributionList), AttributionList.Evolve);
            var events = Commands[command](list).ToList();
            return (events, StateOf(events.Aggregate(list, AttributionList.Evolve)));
        });

    [Theory]
    [InlineData(MemberClaim.Belongs, ClaimAnswer.Agrees, ClaimAnswer.OtherTeam, ClaimAnswer.Unknown)]
    [InlineData(MemberClaim.DoesNotBelong, ClaimAnswer.HasContract, ClaimAnswer.Agrees, ClaimAnswer.Agrees)]
    public void It_is_told_what_we_know(MemberClaim claim, ClaimAnswer own, ClaimAnswer elsewhere, ClaimAnswer unknown)
    {
        var command = new ClaimMember(Resident);
        Assert.Equal((own, elsewhere, unknown),
            (command.Answer(Team, claim, Signed), command.Answer(Guid.CreateVersion7(), claim, Signed), command.Answer(Team, claim, null)));
    }

    [Fact]
    public void Who_has_died_or_has_no_contract_is_not_on_a_list()
    {
        var free = new DomainEvent[] { Registered, Eligible }.Aggregate(default(Enrolment), Enrolment.Evolve)!;
        Assert.Equal(ClaimAnswer.NoContract, new ClaimMember(Resident).Answer(Team, MemberClaim.Belongs, free));
        Assert.Equal(ClaimAnswer.Deceased, new ClaimMember(Resident).Answer(Team, MemberClaim.Belongs, Enrolment.Evolve(free, new ResidentDied(new(2024, 3, 1), "register"))));
        Assert.Equal(ClaimAnswer.NoContract, new ClaimMember(Resident).Answer(Team, MemberClaim.Belongs, Enrolment.Evolve(free, Applied))); // not before it is signed
    }

    private static IEnumerable<DomainEvent> Claim(MemberClaim claim, AttributionList? list)
    {
        var command = new ClaimMember(Resident);
        return command.Decide(Team, claim, command.Answer(Team, claim, Signed), list);
    }

    private static string StateOf(AttributionList? list) => list?.Claims.GetValueOrDefault(Resident) switch
    {
        null => "-",
        { IsOpen: true } => "Open",
        { Answer: ClaimAnswer.Agrees } => "Agreed",
        _ => "Settled",
    };
}
