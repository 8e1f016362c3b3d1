using FamilyDoctor.Beds.Approving;
using FamilyDoctor.Beds.Offering;
using FamilyDoctor.Beds.Requesting;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Referrals;
using FamilyDoctor.Testing;
using static FamilyDoctor.Beds.Tests.Sample;
using static FamilyDoctor.Testing.Spec;
using Decided = System.Collections.Generic.IEnumerable<FamilyDoctor.EventSourcing.DomainEvent>;

namespace FamilyDoctor.Beds.Tests.Tables;

/// <summary>The tables of the guards, the ledger and the offers are what the code does.</summary>
public sealed class SmallTablesTests
{
    private static readonly BedWaitlistJoined Waits = new(Institution, new(Bed, 40, On("2024-03-03 09:00")));
    private static readonly Dictionary<string, DomainEvent[]> Capacities = new()
    {
        ["-"] = [],
        ["Free"] = Capacity(2, taken: 1),
        ["Full"] = Capacity(1, taken: 1),
        ["Waited"] = [.. Capacity(1, taken: 1), Waits],
        ["Freed"] = [.. Capacity(2, taken: 2), Waits, Released("2024-03-06 09:00")],
        ["Turned"] = [.. Capacity(1, taken: 1), new BedCapacityClosed(Institution, 2024, 1)],
    };

    private static readonly Dictionary<string, Func<BedCapacity?, Decided>> OnCapacity = new()
    {
        [nameof(SetBedCapacity)] = c => new SetBedCapacity(Institution, null, 5).Decide(c, "330203", At("2024-03-06 09:00")),
        ["Reserve"] = c => BedCapacity.Reserve(c, OtherBed, 50),
        ["Release"] = c => c is null ? [] : [new BedSeatReleased(BedCapacity.Open(c).InstitutionId, OtherBed, On("2024-03-06 09:00"))],
        [nameof(GiveFreedSeat)] = c => GiveFreedSeat.Decide(Fold<FamilyBed>([.. AnAssessedBed, new BedWaitlisted(Bed, 1, Gp, null, 60)]), c).Capacity,
    };

    private static readonly TransitionTable OfCapacity = new("Beds/BedCapacity.states.md", Capacities.Keys, OnCapacity.Keys);

    [Fact]
    public void Every_command_on_a_capacity_does_what_the_table_says() => Try(OfCapacity, Capacities, OnCapacity, c => c switch
    {
        null => "-",
        { IsClosed: true } => "Turned",
        { Free: > 0, Waiting.Count: > 0 } => "Freed",
        { Free: > 0 } => "Free",
        { Waiting.Count: > 0 } => "Waited",
        _ => "Full",
    });

    [Fact]
    public void No_event_on_a_capacity_follows_where_it_cannot() => Following.Only<BedCapacity>("""
        BedCapacityClosed: all but -, Turned
        BedCapacityOpened: -
        BedCapacitySet: all but -, Turned
        BedSeatReleased: all but -, Turned
        BedSeatReserved: all but -, Turned
        BedWaitlistJoined: all but -, Turned
        BedWaitlistLeft: all but -, Turned
        """, Capacities, new BedCapacitySet(Institution, "330203", 5, On("2024-03-06 09:00")), Seat, new BedWaitlistLeft(Institution, Bed));

    [Fact]
    public void Every_code_on_a_capacity_is_given_where_it_stands() => OfCapacity.RefusesAsListed(
        [("-", nameof(SetBedCapacity), "RULE_VIOLATION", () => _ = new SetBedCapacity(Institution, null, -1).Decide(null, "330203", At("2024-03-06 09:00")).Count())]);

    [Fact]
    public void Every_command_on_a_resident_does_what_the_table_says()
    {
        var states = new Dictionary<string, DomainEvent[]> { ["-"] = [], ["Taken"] = [Taken], ["Free"] = [Taken, Freed] };
        var commands = new Dictionary<string, Func<ResidentBeds?, Decided>>
        {
            [nameof(RequestBed)] = r => ResidentBeds.Take(r, Resident, OtherBed),
            ["CloseBed"] = r => r?.Current is { } bed ? [new ResidentBedFreed(Resident, bed)] : [],
        };
        Try(new("Beds/ResidentBeds.states.md", states.Keys, commands.Keys), states, commands, r => r is null ? "-" : r.Current is null ? "Free" : "Taken");
    }

    [Fact]
    public void Every_command_on_a_day_does_what_the_table_says()
    {
        var (date, wanted) = (new DateOnly(2024, 3, 8), On("2024-03-08 09:00"));
        var taken = new PractitionerTimeTaken(Nurse, date, Visit, wanted, wanted.AddMinutes(30));
        var states = new Dictionary<string, DomainEvent[]>
        {
            ["-"] = [],
            ["Busy"] = [taken],
            ["Elsewhere"] = [taken with { VisitId = OtherBed, From = wanted.AddMinutes(30), To = wanted.AddMinutes(60) }],
        };
        var commands = new Dictionary<string, Func<PractitionerDay?, Decided>>
        {
            ["Take"] = d => PractitionerDay.Take(d, taken),
            ["Free"] = d => PractitionerDay.Free(d, Visit),
        };
        Try(new("Beds/PractitionerDay.states.md", states.Keys, commands.Keys), states, commands,
            d => d?.Open.Exists(v => v.VisitId == Visit) is true ? "Busy" : d?.Open.Count > 0 ? "Elsewhere" : "-");
    }

    private static readonly DischargeBedOffered Offered = new(Offer, Resident, DownReferral, Team, Institution, "330203", On("2024-03-04 09:00"));
    private static readonly DownReferralFacts Proposed = new(DownReferral, "D-00000001", Resident, null, Team, Institution, "330203", Guid.Empty, "Proposed",
        Institution, true, On("2024-03-01 09:00"), On("2024-03-04 09:00"), null);
    private static readonly AcceptDischargeOffer Accept = new(null, BedType.Therapeutic, ["I63.9"]);
    private static readonly OfferDischargeBed OfferByHand = new(Offer, Resident, DownReferral, Institution, Team);

    private static readonly Dictionary<string, DomainEvent[]> Offers = new()
    {
        ["-"] = [],
        ["Open"] = [Offered],
        ["Accepted"] = [Offered, new DischargeBedOfferAccepted(Offer, Bed)],
        ["Declined"] = [Offered, new DischargeBedOfferDeclined(Offer, "other")],
        ["Expired"] = [Offered, new DischargeBedOfferExpired(Offer)],
    };

    private static readonly Dictionary<string, Func<DischargeBedOffer?, Decided>> OnOffer = new()
    {
        [nameof(OfferDischargeBed)] = o => OfferByHand.Decide(Offer, o, null, "330203", At("2024-03-01 09:00")),
        [nameof(WhenDownReferralProposed)] = o => WhenDownReferralProposed.Decide(Offer, o, null, Proposed, At("2024-03-01 09:00")),
        [nameof(AcceptDischargeOffer)] = o =>
        {
            var (offer, bed, resident) = Accept.Decide(Bed, o, null, null, null, At("2024-03-02 09:00"));
            return [.. offer, .. bed, .. resident];
        },
        [nameof(DeclineDischargeOffer)] = o => new DeclineDischargeOffer("other").Decide(o),
        [nameof(ExpireDischargeOffer)] = o => ExpireDischargeOffer.Decide(o, At("2024-03-04 09:00")),
    };

    private static readonly TransitionTable OfOffer = new("Beds/DischargeBedOffer.states.md", Offers.Keys, OnOffer.Keys);

    [Fact]
    public void Every_command_on_an_offer_does_what_the_table_says() => OfOffer.HoldsFor((state, command) =>
    {
        var offer = Offers[state].Aggregate(default(DischargeBedOffer), DischargeBedOffer.Evolve);
        var events = OnOffer[command](offer).ToList();
        var after = events.Where(e => e is not (BedRequested or ResidentBedTaken)).Aggregate(offer, DischargeBedOffer.Evolve);
        return (events, after?.Status.ToString() ?? "-");
    });

    [Fact]
    public void No_event_on_an_offer_follows_where_it_cannot() => Following.Only<DischargeBedOffer>("""
        DischargeBedOfferAccepted: Open
        DischargeBedOfferDeclined: Open
        DischargeBedOfferExpired: Open
        DischargeBedOfferRehomed: Open
        DischargeBedOffered: -
        """, Offers, new DischargeBedOfferRehomed(Offer, Institution, "330203"));

    [Fact]
    public void Every_code_on_an_offer_is_given_where_it_stands() => OfOffer.RefusesAsListed(
    [
        ("-", nameof(OfferDischargeBed), "BED_ALREADY_OPEN", () => _ = OfferByHand.Decide(Offer, null, Fold<ResidentBeds>([Taken]), "330203", At("2024-03-01 09:00")).Count()),
        ("Open", nameof(AcceptDischargeOffer), "BED_ALREADY_OPEN", () => _ = Accept.Decide(OtherBed, Fold<DischargeBedOffer>([Offered]), null,
            Fold<ResidentBeds>([Taken]), null, At("2024-03-02 09:00")).Resident.Count()),
        ("Open", nameof(AcceptDischargeOffer), "BED_NOT_ELIGIBLE", () => _ = Accept.Decide(Bed, Fold<DischargeBedOffer>([Offered with { TeamId = null }]), null, null, null,
            At("2024-03-02 09:00")).Bed.Count()),
    ]);

    private static void Try<T>(TransitionTable table, Dictionary<string, DomainEvent[]> states, Dictionary<string, Func<T?, Decided>> commands, Func<T?, string> stateOf)
        where T : class, IState<T> => table.HoldsFor((state, command) =>
        {
            var before = states[state].Aggregate(default(T), (s, e) => T.Evolve(s, e));
            var events = commands[command](before).ToList();
            return (events, stateOf(events.Aggregate(before, (s, e) => T.Evolve(s, e))));
        });

    private static T Fold<T>(IEnumerable<DomainEvent> history) where T : class, IState<T> => history.Aggregate(default(T), (state, e) => T.Evolve(state, e))!;
}
