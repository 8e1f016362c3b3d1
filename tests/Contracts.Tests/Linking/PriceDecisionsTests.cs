using FamilyDoctor.Contracts.Linking;
using FamilyDoctor.Contracts.Signing;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using static FamilyDoctor.Contracts.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Contracts.Tests.Linking;

public sealed class PriceDecisionsTests
{
    private const string Morning9 = "2024-03-01 09:00";
    private static readonly PriceSet Visit = new("outpatientVisit", CareLevel.Tertiary, 5_005, new(40, 60, 65), new(2015, 5, 1));
    private static readonly SetPrice Mri = Price("2024-04-01");

    [Fact]
    public void A_new_service_may_have_cost_this_since_the_linkage() => Given<PriceList>()
        .When(Morning9, Price("2015-05-01").Decide).Then(new PriceSet("mri", CareLevel.Tertiary, 60_000, new(40, 55, 60), new(2015, 5, 1)));

    [Fact]
    public void Nothing_is_priced_before_the_linkage() =>
        Given<PriceList>().When(Morning9, Price("2015-04-30").Decide).ThenRefused("EFFECTIVE_DATE_INVALID");

    [Fact]
    public void A_known_price_changes_from_today_on() => Given<PriceList>(Set("2015-05-01")).When(Morning9, Mri.Decide).ThenEvents(typeof(PriceSet));

    [Fact]
    public void A_known_price_is_not_changed_afterwards() =>
        Given<PriceList>(Set("2015-05-01")).When(Morning9, Price("2024-02-29").Decide).ThenRefused("EFFECTIVE_DATE_INVALID");

    [Fact]
    public void Setting_a_price_twice_is_setting_it_once() => Given<PriceList>(Set("2015-05-01")).When(Morning9, Price("2015-05-01").Decide).ThenNothing();

    [Theory]
    [InlineData(41, 40, 60)]
    [InlineData(40, 61, 60)]
    public void Who_has_no_referral_or_no_contract_never_pays_less(int linked, int notReferred, int noContract) => Given<PriceList>()
        .When(Morning9, (Mri with { Shares = new(linked, notReferred, noContract) }).Decide).ThenRefused("PRICE_INVALID");

    [Fact]
    public void A_price_holds_until_the_next_one_begins()
    {
        var list = new[] { Visit, Visit with { PriceFen = 6_000, From = new(2024, 4, 1) } }.Aggregate(default(PriceList), PriceList.Evolve)!;
        Assert.Equal([5_005, 6_000], new DateOnly[] { new(2024, 3, 31), new(2024, 4, 1) }.Select(day => list.On(day, "outpatientVisit", CareLevel.Tertiary)!.PriceFen));
        Assert.Null(list.On(new(2024, 4, 1), "outpatientVisit", (CareLevel)7));
    }

    public static TheoryData<string, CareLevel, bool, bool, int, string> Shares => new()
    {
        { "2024-03-01 09:00", CareLevel.Tertiary, true, true, 40, "contractAndReferral" },
        { "2024-03-01 09:00", CareLevel.Tertiary, true, false, 60, "noReferral" },
        { "2024-03-01 09:00", CareLevel.Primary, true, false, 40, "contract" },
        { "2024-03-01 09:00", CareLevel.Tertiary, false, true, 65, "noContract" },
        { "2024-03-01 09:00", CareLevel.Primary, false, false, 65, "noContract" },
        { "2024-02-29 23:59", CareLevel.Tertiary, true, true, 65, "noContract" }, // it begins tomorrow
        { "2015-04-30 23:59", CareLevel.Tertiary, true, true, 65, "linkageNotInForce" },
    };

    [Theory, MemberData(nameof(Shares))]
    public void The_share_says_why_it_is_that_one(string at, CareLevel level, bool signed, bool referred, int percent, string why)
    {
        var resident = (signed ? ASignedResident : [Registered, Eligible]).Aggregate(default(Enrolment), Enrolment.Evolve);
        var price = PriceForResident.Of(Resident, Visit with { Level = level }, resident, referred, At(at));
        Assert.Equal((percent, why), (price.SharePercent, price.Why));
    }

    [Fact]
    public void A_contract_that_ended_no_longer_helps()
    {
        var ended = ASignedResident.Append(new ContractTerminated(ContractId, TerminationReason.MovedOut, new(2024, 3, 1), "clinic"))
            .Aggregate(default(Enrolment), Enrolment.Evolve);
        Assert.Equal("noContract", PriceForResident.Of(Resident, Visit, ended, true, At(Morning9)).Why);
    }

    [Fact]
    public void A_share_is_rounded_to_the_nearest_fen() =>
        Assert.Equal(3_253, PriceForResident.Of(Resident, Visit, null, false, At(Morning9)).ShareFen);

    [Fact]
    public void Signing_is_free_by_default() => Assert.Null(Fee(At(Morning9)));

    [Theory]
    [InlineData(12, 12_001, 8_401, 3_600)] // the half fen is the team's
    [InlineData(24, 24_002, 16_802, 7_200)]
    public void A_fee_is_split_by_policy_and_the_team_never_gets_less_than_its_share(int months, int fee, int team, int institution) =>
        Assert.Equal(new FeeSplit(fee, team, institution), Fee(WithFee, months));

    [Fact]
    public void Who_is_exempt_pays_nothing() => Assert.Null(Fee(WithFee, 12, new PriorityGroupAssigned("lowIncome", "civilAffairsList", new(2020, 1, 1))));

    [Fact]
    public void The_contract_says_what_was_paid()
    {
        var resident = new DomainEvent[] { Registered, Eligible, Applied }.Aggregate(default(Enrolment), Enrolment.Evolve);
        var panel = new DomainEvent[] { Panel, Reserved }.Aggregate(default(TeamPanel), TeamPanel.Evolve);
        var (signed, _) = new ConfirmContract("inPerson").Decide(ContractId, resident, panel, Catalogue, WithFee);
        Assert.Equal(new FeeSplit(12_001, 8_401, 3_600), signed.OfType<ContractSigned>().Single().FeeSplit);
    }

    private static Moment WithFee => At(Morning9) with { Policy = Policy.Default with { SigningFeeFen = 12_001 } };

    private static FeeSplit? Fee(Moment at, int months = 12, params DomainEvent[] more) =>
        FeeSplit.Of(ASignedResident.Concat(more).Aggregate(default(Enrolment), Enrolment.Evolve)!, months, at);

    private static PriceSet Set(string from) => new("mri", CareLevel.Tertiary, 60_000, new(40, 55, 60), DateOnly.Parse(from));

    private static SetPrice Price(string from) => new("mri", CareLevel.Tertiary, 60_000, new(40, 55, 60), DateOnly.Parse(from));
}
