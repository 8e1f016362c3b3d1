using FamilyDoctor.Beds.Ending;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;
using static FamilyDoctor.Beds.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Beds.Tests.Ending;

/// <summary>An institution closes, a team ends, somebody leaves: the beds go on with others.</summary>
public sealed class MovingDecisionsTests
{
    private static readonly Guid Next = new("00000000-0000-7000-8000-000000000041"), OtherTeam = new("00000000-0000-7000-8000-000000000042"), OtherGp = new("00000000-0000-7000-8000-000000000043");
    private static readonly BedHome Home = new(Institution, Next, "330205");
    private static readonly BedRehomed Moved = new(Bed, Institution, Next, "330205");
    private static readonly BedCapacityOpened There = new(Next, "330205", 2024, 3, 0, On("2024-01-01 00:00"), []);
    private static readonly WaitingBed Waits = new(Bed, 40, On("2024-03-03 09:00"));

    [Fact]
    public void A_bed_takes_its_seat_along()
    {
        foreach (var bed in new[] { AnApprovedBed, AnOpenBed, APausedBed, ABedToBeClosed })
            Moving(bed, [.. Capacity(1), Seat], There).Then(Moved, Released("2024-03-20 09:00"), new BedSeatReserved(Next, Bed));
        Moving(ARequest, Capacity(1), There).Then(Moved);
        Moving(AnOpenBed, [.. Capacity(1), Seat]).Then(
            Moved, Released("2024-03-20 09:00"), new BedCapacityOpened(Next, "330205", 2024, 0, 0, On("2024-03-20 09:00"), []), new BedSeatReserved(Next, Bed));
    }

    [Fact]
    public void Whoever_waits_keeps_his_place_by_need() =>
        Moving([.. AnAssessedBed, new BedWaitlisted(Bed, 1, Gp, null, 60)],
            [.. Capacity(1, taken: 1), new BedWaitlistJoined(Institution, new(OtherBed, 20, On("2024-03-02 09:00"))), new BedWaitlistJoined(Institution, Waits)], There)
            .Then(Moved, new BedWaitlistLeft(Institution, Bed), new BedWaitlistJoined(Next, Waits));

    [Fact]
    public void What_is_over_or_another_institution_s_stays()
    {
        Moving(AClosedBed, Capacity(1), There).ThenNothing();
        Moving([.. AnOpenBed, Moved], [.. Capacity(1), Seat], There).ThenNothing();
    }

    [Fact]
    public void Visits_and_offers_that_are_open_move_too()
    {
        var planned = new VisitPlanned(Visit, Bed, Resident, Team, Institution, "330203", "nurse", On("2024-03-08 09:00"), On("2024-03-08 09:45"));
        DomainEvent[] started = [planned, new VisitAssigned(Visit, Nurse), new VisitStarted(Visit, planned.From, null)];
        foreach (var visit in new[] { [planned], started })
            Given<HomeVisit>(visit).When("2024-03-08 09:10", (v, _) => Home.Move(v)).Then(new VisitRehomed(Visit, Next, "330205"));
        Given<HomeVisit>([.. started, new VisitRefused(Visit, "asleep")]).When("2024-03-08 09:10", (v, _) => Home.Move(v)).ThenNothing();
        Given<HomeVisit>(planned with { InstitutionId = Next }).When("2024-03-08 09:10", (v, _) => Home.Move(v)).ThenNothing();

        var offered = new DischargeBedOffered(Offer, Resident, DownReferral, Team, Institution, "330203", On("2024-03-04 09:00"));
        Given<DischargeBedOffer>(offered).When("2024-03-02 09:00", (o, _) => Home.Move(o)).Then(new DischargeBedOfferRehomed(Offer, Next, "330205"));
        Given<DischargeBedOffer>(offered, new DischargeBedOfferDeclined(Offer, "other")).When("2024-03-02 09:00", (o, _) => Home.Move(o)).ThenNothing();
        Given<DischargeBedOffer>(offered with { InstitutionId = Next }).When("2024-03-02 09:00", (o, _) => Home.Move(o)).ThenNothing();
    }

    [Fact]
    public void When_somebody_dies_what_is_open_ends_and_nothing_else()
    {
        var offered = new DischargeBedOffered(Offer, Resident, DownReferral, Team, Institution, "330203", On("2024-03-04 09:00"));
        Given<DischargeBedOffer>(offered).When("2024-03-02 09:00", (o, _) => WhenResidentDiedThenOffersAndVisits.Decide(o)).Then(new DischargeBedOfferDeclined(Offer, "residentDied"));
        Given<DischargeBedOffer>(offered, new DischargeBedOfferExpired(Offer)).When("2024-03-02 09:00", (o, _) => WhenResidentDiedThenOffersAndVisits.Decide(o)).ThenNothing();

        var planned = new VisitPlanned(Visit, null, Resident, Team, Institution, "330203", "nurse", On("2024-03-08 09:00"), On("2024-03-08 09:45"));
        DomainEvent[] done = [planned, new VisitAssigned(Visit, Nurse), new VisitCompleted(Visit, null, [], [])];
        Given<HomeVisit>(planned).When("2024-03-08 09:10", (v, _) => WhenResidentDiedThenOffersAndVisits.Decide(v, null).Visit).Then(new VisitCancelled(Visit, "residentDied"));
        Given<HomeVisit>(done).When("2024-03-08 09:10", (v, _) => WhenResidentDiedThenOffersAndVisits.Decide(v, null).Visit).ThenNothing();
    }

    [Fact]
    public void When_a_team_ends_another_one_cares_unless_the_contract_finds_one()
    {
        var successor = TeamOfGp with { TeamId = OtherTeam };
        var changed = new BedGpChanged(Bed, OtherTeam, OtherGp, Nurse, "teamDisbanded");
        Ending(AnOpenBed).Then(changed);
        Ending(AnOpenBed, goesAlong: true).ThenNothing();
        Ending([Requested with { ContractId = null }, Assessed, Approved, Opened], goesAlong: true).Then(changed); // it rests on no contract
        Ending([.. AnOpenBed, changed]).ThenNothing();
        Ending(AClosedBed).ThenNothing();

        Outcome Ending(DomainEvent[] bed, bool goesAlong = false) => Given<FamilyBed>(bed)
            .When("2024-03-20 09:00", (b, _) => WhenTeamEndsThenBeds.Decide(b, Team, successor, OtherGp, Nurse, goesAlong));
    }

    [Fact]
    public void Whoever_leaves_is_replaced_once_and_not_when_somebody_else_has_done_so()
    {
        var terms = new BedTerms(Gp, null, 60);
        Replacing(terms, OtherGp, null).Then(new BedGpChanged(Bed, Team, OtherGp, null, "departed"));
        Replacing(terms, null, Nurse).Then(new BedGpChanged(Bed, Team, Gp, Nurse, "departed"));
        Replacing(terms, null, null).ThenNothing();
        Replacing(terms, Gp, null).ThenNothing();
        Replacing(terms with { GpId = OtherGp }, OtherGp, null).ThenNothing();

        static Outcome Replacing(BedTerms before, Guid? gp, Guid? nurse) =>
            Given<FamilyBed>(AnOpenBed).When("2024-03-20 09:00", (b, _) => StaffOfBeds.Decide(b, before, gp, nurse, "departed"));
    }

    private static Outcome Moving(DomainEvent[] bed, DomainEvent[] old, params DomainEvent[] next) =>
        Given<FamilyBed>(bed).And<BedCapacity>(old).And<BedCapacity>(next).When("2024-03-20 09:00", Home.Move);
}
