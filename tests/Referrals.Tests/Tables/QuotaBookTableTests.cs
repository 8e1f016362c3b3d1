using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Referrals.Quotas;
using FamilyDoctor.Referrals.Referring;
using FamilyDoctor.Testing;
using static FamilyDoctor.Referrals.Tests.Sample;
using static FamilyDoctor.Testing.Spec;
using Decided = System.Collections.Generic.IEnumerable<FamilyDoctor.EventSourcing.DomainEvent>;

namespace FamilyDoctor.Referrals.Tests.Tables;

/// <summary>QuotaBook.states.md is what the code does.</summary>
public sealed class QuotaBookTableTests
{
    private static readonly PublishQuota Publish = new(HospitalId, "cardiology", Day, new(8, 0), 10, 2, 1, 1);
    private static readonly Guid Third = Ids.Of("3");
    private static readonly SlotsWithdrawn Withdrawn = new([0], new(1, 0, 0), new(1, 0, 0), [Id], [Id], "doctorIll", Time("2024-03-04 09:00"));

    private static readonly Dictionary<string, DomainEvent[]> States = new()
    {
        ["-"] = [],
        ["Open"] = [Published],
        ["Full"] = [Published, Held with { HoldId = OtherId }, new SlotRequested(OtherId), Held with { HoldId = Third, Slot = 1 }, new SlotRequested(Third)],
        ["Held"] = [Published, Held],
        ["Requested"] = ADayWithHisRequest,
        ["Booked"] = [.. ADayWithHisRequest, new SlotBooked(Id, 0, Pool.FamilyDoctor)],
        ["Released"] = [Published, new PoolReleasedToPublic(2)],
        ["Withdrawn"] = [.. ADayWithHisRequest, Withdrawn],
    };

    private static readonly Dictionary<string, Func<QuotaBook?, Moment, Decided>> Commands = new()
    {
        [nameof(PublishQuota)] = (b, at) => Publish.Decide(b, Hospital, at),
        ["PublishQuota: too few for family doctors"] = (b, at) => (Publish with { FamilyDoctor = 1, Public = 2 }).Decide(b, Hospital, at),
        [nameof(HoldSlot)] = (b, at) => new HoldSlot(Day).Decide(Referral.Evolve(null, Drafted()), b, at).Book,
        [nameof(ReleaseHold)] = (b, _) => QuotaBook.Release(b, Id),
        [nameof(ExpireHolds)] = ExpireHolds.Decide,
        [nameof(ReleasePoolToPublic)] = ReleasePoolToPublic.Decide,
        [nameof(WithdrawSlots)] = new WithdrawSlots([0], "doctorIll").Decide,
        [nameof(TellOfWithdrawal)] = (b, _) => TellOfWithdrawal.Decide(Id, null, b).Book,
    };

    private static readonly TransitionTable Table = new("Referrals/QuotaBook.states.md", States.Keys, Commands.Keys);

    [Fact]
    public void Every_command_does_what_the_table_says() => Table.HoldsFor((state, command) =>
    {
        var book = Fold(States[state]);
        var decided = Commands[command](book, At(TimeOf(command))).ToList();
        return (decided, StateOf(decided.Aggregate(book, QuotaBook.Evolve)));
    });

    [Fact]
    public void Every_code_is_given_where_it_stands() => Table.RefusesAsListed(
    [
        Case("-", nameof(PublishQuota), "SERVICE_NOT_OFFERED", (b, at) => (Publish with { Service = "dentistry" }).Decide(b, Hospital, at)),
        Case("-", nameof(PublishQuota), "RULE_VIOLATION", (b, at) => (Publish with { Public = 500 }).Decide(b, Hospital, at)),
        Case("Open", nameof(PublishQuota), "INVALID_TRANSITION", (b, at) => (Publish with { Public = 9 }).Decide(b, Hospital, at)),
        Case("Open", nameof(HoldSlot), "POOL_CLOSED", (b, _) => [QuotaBook.Hold(b, Id, ReferralPriority.Routine, true, At("2024-03-15 08:31"))]),
        Case("Open", nameof(WithdrawSlots), "RULE_VIOLATION", new WithdrawSlots([4], "doctorIll").Decide),
        Case("Open", nameof(WithdrawSlots), "POOL_CLOSED", (b, _) => new WithdrawSlots([0], "doctorIll").Decide(b, At("2024-03-15 08:01"))),
    ]);

    [Fact]
    public void Free_slots_are_withdrawn_from_the_public_first_and_the_share_that_is_left_is_looked_at()
    {
        var three = new WithdrawSlots([3, 1, 2], "doctorIll").Decide(Fold([Published, Held, new SlotRequested(Id)]), At("2024-03-04 09:00")).ToList();
        var withdrawn = Assert.IsType<SlotsWithdrawn>(Assert.Single(three));
        Assert.Equal((new PoolSizes(1, 1, 1), new PoolSizes(0, 0, 0), "1, 2, 3"), (withdrawn.Pools, withdrawn.Taken, string.Join(", ", withdrawn.Slots)));
        var big = Fold([Published with { Pools = new(2, 0, 4) }, Held, new SlotRequested(Id), Held with { HoldId = OtherId, Slot = 1 }]);
        Assert.Equal(new QuotaShortfallDetected(20, 30, 11, 14),
            new WithdrawSlots([0], "doctorIll").Decide(big, At("2024-03-04 09:00")).OfType<QuotaShortfallDetected>().Single());
    }

    [Fact]
    public void A_withdrawn_slot_is_never_given_again()
    {
        var book = Fold(States["Withdrawn"])!;
        Assert.Equal((1, Pool.FamilyDoctor), book.FirstFree(ReferralPriority.Routine, contracted: true, Time("2024-03-05 09:00")));
        Assert.Equal([new Deadline(nameof(TellOfWithdrawal), Withdrawn.At), new(nameof(ReleasePoolToPublic), Published.ReleaseAt)], QuotaBook.Deadlines(book));
    }

    private static string TimeOf(string command) => command switch
    {
        nameof(PublishQuota) or "PublishQuota: too few for family doctors" => "2024-03-01 09:00",
        nameof(ReleasePoolToPublic) => "2024-03-13 08:00",
        _ => "2024-03-04 09:00",
    };

    private static string StateOf(QuotaBook? book) => book switch
    {
        null => "-",
        { Displaced.Count: > 0 } => "Withdrawn",
        { Released: true } => "Released",
        _ when book.Taken.GetValueOrDefault(Id) is { } his => his.IsBooked ? "Booked" : his.ExpiresAt is null ? "Requested" : "Held",
        _ => book.Free(Pool.FamilyDoctor) == 0 ? "Full" : "Open",
    };

    private static (string, string, string, Action) Case(string state, string command, string code, Func<QuotaBook?, Moment, Decided> ask) =>
        (state, command, code, () => _ = ask(Fold(States[state]), At(TimeOf(command))).Count());

    private static QuotaBook? Fold(IEnumerable<DomainEvent> history) => history.Aggregate(default(QuotaBook), QuotaBook.Evolve);
}
