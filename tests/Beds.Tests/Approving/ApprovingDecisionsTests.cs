using FamilyDoctor.Beds.Approving;
using FamilyDoctor.Beds.Requesting;
using FamilyDoctor.EventSourcing;
using static FamilyDoctor.Beds.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Beds.Tests.Approving;

/// <summary>From the request to the seat.</summary>
public sealed class ApprovingDecisionsTests
{
    private static readonly RequestBed Request = new(Bed, Resident, BedOrigin.Team, BedType.Rehabilitative, ["I63.9"]);
    private static readonly ApproveBed Approve = new(Gp);
    private static readonly JoinBedWaitlist Join = new(Gp);

    [Fact]
    public void A_contracted_resident_asks_for_a_bed() => Given<FamilyBed>().And<ResidentBeds>()
        .When("2024-03-01 09:00", (bed, resident, at) => Request.Decide(Bed, bed, resident, Right, at)).Then(Requested, Taken);

    [Fact]
    public void Asking_twice_is_asking_once() => Given<FamilyBed>(ARequest).And<ResidentBeds>(Taken)
        .When("2024-03-02 09:00", (bed, resident, at) => Request.Decide(Bed, bed, resident, Right, at)).ThenNothing();

    [Fact]
    public void Without_a_contract_there_is_no_bed() => Given<FamilyBed>().And<ResidentBeds>()
        .When("2024-03-01 09:00", (bed, resident, at) => Request.Decide(Bed, bed, resident, null, at)).ThenRefused("CONTRACT_NOT_ACTIVE");

    [Fact]
    public void A_resident_has_one_bed_at_a_time() => Given<FamilyBed>().And<ResidentBeds>(Taken)
        .When("2024-03-01 09:00", (bed, resident, at) => Request.Decide(OtherBed, bed, resident, Right, at)).ThenRefused("BED_ALREADY_OPEN");

    [Fact]
    public void After_a_bed_there_may_be_another() => Given<FamilyBed>().And<ResidentBeds>(Taken, Freed)
        .When("2024-03-01 09:00", (bed, resident, at) => Request.Decide(OtherBed, bed, resident, Right, at))
        .ThenEvents(typeof(BedRequested), typeof(ResidentBedTaken));

    [Theory]
    [InlineData("Active", true)]
    [InlineData("InGrace", true)]
    [InlineData("Expired", false)]
    [InlineData("Terminated", false)]
    public void Only_a_current_contract_gives_a_right(string status, bool right) =>
        Assert.Equal(right, new CareContract(Contract with { Status = status }, 5, On("2024-01-01 09:00")).Right is not null);

    [Fact]
    public void What_was_found_is_recorded() => Given<FamilyBed>(ARequest)
        .When("2024-03-03 09:00", (bed, _) => new RecordAssessment(40, 15, "medium", true, true, "familyBed").Decide(bed)).Then(Assessed);

    [Fact]
    public void The_same_assessment_again_is_nothing_new() => Given<FamilyBed>(AnAssessedBed)
        .When("2024-03-03 09:00", (bed, _) => new RecordAssessment(40, 15, "medium", true, true, "familyBed").Decide(bed)).ThenNothing();

    [Fact]
    public void Before_approval_an_assessment_may_be_corrected() => Given<FamilyBed>(AnAssessedBed)
        .When("2024-03-03 09:00", (bed, _) => new RecordAssessment(35, 15, "high", true, true, "familyBed").Decide(bed)).ThenEvents(typeof(BedAssessed));

    [Fact]
    public void An_assessment_comes_before_approval() => Given<FamilyBed>(AnApprovedBed)
        .When("2024-03-03 09:00", (bed, _) => new RecordAssessment(40, 15, "medium", true, true, "familyBed").Decide(bed)).ThenRefused("INVALID_TRANSITION");

    [Fact]
    public void An_assessed_bed_takes_a_seat() => Given<FamilyBed>(AnAssessedBed).And<BedCapacity>(Capacity(1))
        .When("2024-03-04 09:00", (bed, capacity, at) => Flat(Approve.Decide(bed, capacity, TeamOfGp, at))).Then(Approved, Seat);

    [Fact]
    public void Approving_twice_is_approving_once() => Given<FamilyBed>(AnApprovedBed).And<BedCapacity>([.. Capacity(1), Seat])
        .When("2024-03-04 09:00", (bed, capacity, at) => Flat(Approve.Decide(bed, capacity, TeamOfGp, at))).ThenNothing();

    [Fact]
    public void Nothing_is_approved_unseen() => Given<FamilyBed>(ARequest).And<BedCapacity>(Capacity(1))
        .When("2024-03-04 09:00", (bed, capacity, at) => Flat(Approve.Decide(bed, capacity, TeamOfGp, at))).ThenRefused("ASSESSMENT_REQUIRED");

    [Fact]
    public void Nothing_is_approved_in_an_unsuitable_home() => Given<FamilyBed>(Requested, Assessed with { HomeSuitable = false }).And<BedCapacity>(Capacity(1))
        .When("2024-03-04 09:00", (bed, capacity, at) => Flat(Approve.Decide(bed, capacity, TeamOfGp, at))).ThenRefused("HOME_UNSUITABLE");

    [Theory]
    [InlineData(95, true, "familyBed")]
    [InlineData(60, false, "familyBed")]
    [InlineData(40, true, "hospital")]
    public void Nothing_is_approved_for_whom_it_is_not_right(int barthel, bool caregiver, string recommendation) =>
        Given<FamilyBed>(Requested, Assessed with { Barthel = barthel, Caregiver = caregiver, Recommendation = recommendation }).And<BedCapacity>(Capacity(1))
            .When("2024-03-04 09:00", (bed, capacity, at) => Flat(Approve.Decide(bed, capacity, TeamOfGp, at))).ThenRefused("BED_NOT_ELIGIBLE");

    [Theory]
    [InlineData(BedType.Therapeutic, 90, true, 0)]
    [InlineData(BedType.Therapeutic, 91, true, 1)]
    [InlineData(BedType.Palliative, 100, true, 0)]
    [InlineData(BedType.Rehabilitative, 61, false, 0)]
    [InlineData(BedType.Palliative, 60, false, 1)]
    public void What_speaks_against_a_bed(BedType type, int barthel, bool caregiver, int criteria) =>
        Assert.Equal(criteria, FamilyBed.Against(type, barthel, caregiver, "familyBed").Count);

    [Theory]
    [InlineData(45, 0)]
    [InlineData(46, 1)]
    public void The_home_is_within_reach(int minutes, int criteria) =>
        Assert.Equal(criteria, FamilyBed.Against(BedType.Therapeutic, 40, true, "familyBed", Assessed with { ReachMinutes = minutes }).Count);

    [Fact]
    public void Of_a_team_unknown_here_any_doctor_may_care() => Given<FamilyBed>(AnAssessedBed).And<BedCapacity>(Capacity(1))
        .When("2024-03-04 09:00", (bed, capacity, at) => Flat(Approve.Decide(bed, capacity, null, at))).Then(Approved, Seat);

    [Fact]
    public void The_same_appointment_again_is_nothing_new_though_its_time_has_come()
    {
        var scheduled = new BedAssessmentScheduled(Bed, On("2024-03-03 09:00"), Nurse);
        Given<FamilyBed>(Requested, scheduled).When("2024-03-03 09:00", new ScheduleAssessment(scheduled.At, Nurse).Decide).ThenNothing();
        Given<FamilyBed>(Requested, scheduled).When("2024-03-03 09:00", new ScheduleAssessment(scheduled.At, Gp).Decide).ThenRefused("RULE_VIOLATION");
    }

    [Fact]
    public void Whoever_waits_gets_a_free_seat_by_rank_and_not_by_hand() => Given<FamilyBed>(Requested, Assessed, new BedWaitlisted(Bed, 1, Gp, null, 60)).And<BedCapacity>(Capacity(1))
        .When("2024-03-04 09:00", (bed, capacity, at) => Flat(Approve.Decide(bed, capacity, TeamOfGp, at))).ThenRefused("INVALID_TRANSITION");

    [Theory]
    [InlineData(1, 2)] // he waits already
    [InlineData(2, 3)] // where he would stand
    public void Whoever_finds_no_seat_is_told_where_he_stands(int bed, int rank)
    {
        var full = Fold([.. Capacity(1, taken: 1), Waits(Id(3), 20, "2024-03-01 09:00"), Waits(Id(1), 40, "2024-03-02 09:00"), Waits(Id(4), 50, "2024-03-02 09:00")]);
        var refused = Assert.Throws<RuleBroken>(() => BedCapacity.Reserve(full, Id(bed), 40));
        Assert.Equal(rank, refused.Facts!.GetType().GetProperty("waitlistRank")!.GetValue(refused.Facts));
        var left = BedCapacity.Evolve(full, new BedWaitlistLeft(Institution, Id(1)));
        Assert.Equal([Id(3), Id(4)], left.Waiting.Select(w => w.BedId));
    }

    [Fact]
    public void A_closed_ledger_gives_no_seat_and_waits_for_nothing()
    {
        var freed = Fold([.. Capacity(2, taken: 1), Waits(Bed, 40, "2024-03-03 09:00")]);
        Assert.Equal([new("GiveFreedSeat", freed.FreedAt)], BedCapacity.Deadlines(freed));
        Assert.Empty(BedCapacity.Deadlines(BedCapacity.Evolve(freed, new BedCapacityClosed(Institution, 2024, 1))));
        Assert.Empty(BedCapacity.Deadlines(Fold(Capacity(1))));
    }

    [Fact]
    public void The_same_capacity_in_another_district_is_news() => Given<BedCapacity>(Capacity(20))
        .When("2024-02-01 00:00", (capacity, at) => new SetBedCapacity(Institution, null, 20).Decide(capacity, "330205", at)).ThenEvents(typeof(BedCapacitySet));

    [Fact]
    public void The_doctor_is_of_the_residents_team() => Given<FamilyBed>(AnAssessedBed).And<BedCapacity>(Capacity(1))
        .When("2024-03-04 09:00", (bed, capacity, at) => Flat(new ApproveBed(Nurse).Decide(bed, capacity, TeamOfGp, at))).ThenRefused("BED_NOT_ELIGIBLE");

    [Fact]
    public void A_period_has_a_limit() => Given<FamilyBed>(AnAssessedBed).And<BedCapacity>(Capacity(1))
        .When("2024-03-04 09:00", (bed, capacity, at) => Flat(new ApproveBed(Gp, null, 61).Decide(bed, capacity, TeamOfGp, at))).ThenRefused("PERIOD_LIMIT");

    [Fact]
    public void Without_a_seat_nothing_is_approved() => Given<FamilyBed>(AnAssessedBed).And<BedCapacity>(Capacity(3, taken: 3))
        .When("2024-03-04 09:00", (bed, capacity, at) => Flat(Approve.Decide(bed, capacity, TeamOfGp, at))).ThenRefused("BED_CAPACITY_FULL");

    [Fact]
    public void An_institution_without_beds_is_full() => Given<FamilyBed>(AnAssessedBed).And<BedCapacity>()
        .When("2024-03-04 09:00", (bed, capacity, at) => Flat(Approve.Decide(bed, capacity, TeamOfGp, at))).ThenRefused("BED_CAPACITY_FULL");

    [Fact]
    public void A_bed_that_finds_no_seat_is_waited_for() => Given<FamilyBed>(AnAssessedBed).And<BedCapacity>(Capacity(3, taken: 3))
        .When("2024-03-04 09:00", (bed, capacity, at) => Flat(Join.Decide(bed, capacity, TeamOfGp, at)))
        .Then(new BedWaitlisted(Bed, 1, Gp, null, 60), new BedWaitlistJoined(Institution, new(Bed, 40, On("2024-03-04 09:00"))));

    [Fact]
    public void Nobody_waits_while_a_seat_is_free() => Given<FamilyBed>(AnAssessedBed).And<BedCapacity>(Capacity(1))
        .When("2024-03-04 09:00", (bed, capacity, at) => Flat(Join.Decide(bed, capacity, TeamOfGp, at))).Then(Approved, Seat);

    [Fact]
    public void Whoever_waits_is_told_his_place_again() => Given<FamilyBed>(Requested, Assessed, new BedWaitlisted(Bed, 2, Gp, null, 60))
        .And<BedCapacity>([.. Capacity(1, taken: 1), Waits(OtherBed, 20, "2024-03-02 09:00"), Waits(Bed, 40, "2024-03-03 09:00")])
        .When("2024-03-04 09:00", (bed, capacity, at) => Flat(Approve.Decide(bed, capacity, TeamOfGp, at))).ThenRefused("BED_CAPACITY_FULL");

    [Fact]
    public void The_most_dependent_come_first_then_who_waits_longest()
    {
        var (a, b, c, d) = (Id(1), Id(2), Id(3), Id(4));
        var capacity = Fold([.. Capacity(1, taken: 1), Waits(a, 40, "2024-03-01 09:00"), Waits(b, 20, "2024-03-02 09:00"),
            Waits(c, 40, "2024-03-03 09:00"), Waits(d, 20, "2024-03-04 09:00")]);
        Assert.Equal([b, d, a, c], capacity.Waiting.Select(w => w.BedId));
        Assert.Equal(3, capacity.RankOf(30));
        Assert.Null(capacity.Next);
    }

    [Fact]
    public void A_freed_seat_goes_to_the_next_in_line() => Given<FamilyBed>(Requested, Assessed, new BedWaitlisted(Bed, 1, Gp, null, 60))
        .And<BedCapacity>([.. Capacity(1, taken: 1), Waits(Bed, 40, "2024-03-03 09:00"), new BedSeatReleased(Institution, OtherBed, On("2024-03-06 09:00"))])
        .When("2024-03-06 09:00", (bed, capacity, _) => GiveFreedSeat.Decide(bed, capacity))
        .Then(Approved, new BedWaitlistLeft(Institution, Bed), Seat);

    [Fact]
    public void A_freed_seat_is_given_once() => Given<FamilyBed>(Requested, Assessed, new BedWaitlisted(Bed, 1, Gp, null, 60), Approved)
        .And<BedCapacity>([.. Capacity(1, taken: 1)])
        .When("2024-03-06 09:00", (bed, capacity, _) => GiveFreedSeat.Decide(bed, capacity)).ThenNothing();

    [Fact]
    public void A_year_hands_its_beds_and_its_line_to_the_next()
    {
        var capacity = Fold([.. Capacity(2, taken: 2), Waits(Bed, 40, "2024-12-30 09:00")]);
        var (closed, opened) = BedCapacity.Turn(capacity, 2025);
        Assert.True(BedCapacity.Evolve(capacity, closed).IsClosed);
        var next = BedCapacity.Evolve(null, opened);
        Assert.Equal((2025, 2, 2, Bed), (next.Year, next.Approved, next.Taken, next.Waiting[0].BedId));
    }

    [Fact]
    public void After_the_assessment_a_bed_may_be_declined() => Given<FamilyBed>(AnAssessedBed).And<ResidentBeds>(Taken)
        .When("2024-03-04 09:00", (bed, _, _) => new DeclineBed("selfCarePossible", "clinicVisits").Decide(bed))
        .Then(new BedDeclined(Bed, "selfCarePossible", "clinicVisits"), Freed);

    [Fact]
    public void An_open_bed_is_not_declined() => Given<FamilyBed>(AnOpenBed)
        .When("2024-03-04 09:00", (bed, _) => new DeclineBed("other").Decide(bed).Bed).ThenRefused("INVALID_TRANSITION");

    [Fact]
    public void A_cancelled_approval_gives_its_seat_back() => Given<FamilyBed>(AnApprovedBed).And<ResidentBeds>(Taken).And<BedCapacity>([.. Capacity(1), Seat])
        .When("2024-03-05 09:00", (bed, _, capacity, at) => new CancelBedRequest("familyDecided").Decide(bed, capacity, new("c", "clinic"), at))
        .Then(new BedRequestCancelled(Bed, "clinic", "familyDecided"), Freed, Released("2024-03-05 09:00"));

    [Fact]
    public void Who_cancels_leaves_the_line() => Given<FamilyBed>(Requested, Assessed, new BedWaitlisted(Bed, 1, Gp, null, 60)).And<ResidentBeds>(Taken)
        .And<BedCapacity>([.. Capacity(1, taken: 1), Waits(Bed, 40, "2024-03-03 09:00")])
        .When("2024-03-05 09:00", (bed, _, capacity, at) => new CancelBedRequest("familyDecided").Decide(bed, capacity, new("c", "clinic"), at))
        .Then(new BedRequestCancelled(Bed, "clinic", "familyDecided"), Freed, new BedWaitlistLeft(Institution, Bed));

    [Fact]
    public void An_open_bed_is_closed_not_cancelled() => Given<FamilyBed>(AnOpenBed).And<ResidentBeds>(Taken).And<BedCapacity>([.. Capacity(1), Seat])
        .When("2024-03-05 11:00", (bed, _, capacity, at) => new CancelBedRequest("x").Decide(bed, capacity, new("c", "clinic"), at)).ThenRefused("INVALID_TRANSITION");

    [Fact]
    public void Setting_a_capacity_opens_the_ledger() => Given<BedCapacity>()
        .When("2024-01-01 00:00", (capacity, at) => new SetBedCapacity(Institution, null, 20).Decide(capacity, "330203", at))
        .Then(new BedCapacityOpened(Institution, "330203", 2024, 0, 0, On("2024-01-01 00:00"), []),
            new BedCapacitySet(Institution, "330203", 20, On("2024-01-01 00:00")));

    [Fact]
    public void Setting_the_same_capacity_is_nothing_new() => Given<BedCapacity>(Capacity(20))
        .When("2024-02-01 00:00", (capacity, at) => new SetBedCapacity(Institution, null, 20).Decide(capacity, "330203", at)).ThenNothing();

    private static BedWaitlistJoined Waits(Guid bed, int barthel, string since) => new(Institution, new(bed, barthel, On(since)));

    private static Guid Id(int n) => new(n, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private static BedCapacity Fold(DomainEvent[] history) => history.Aggregate(default(BedCapacity), BedCapacity.Evolve)!;

    private static (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) Flat((IEnumerable<DomainEvent> Bed, IEnumerable<DomainEvent> Resident, IEnumerable<DomainEvent> Capacity) events) =>
        (events.Bed, events.Capacity);
}
