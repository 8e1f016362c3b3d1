using FamilyDoctor.Beds.Visiting;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;
using static FamilyDoctor.Beds.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Beds.Tests.Visiting;

/// <summary>Home visits: for a bed or as house calls, never two at once for one practitioner.</summary>
public sealed class VisitingDecisionsTests
{
    private static readonly VisitPlanned Planned = new(Visit, Bed, Resident, Team, Institution, "330203", "nurse", On("2024-03-08 09:00"), On("2024-03-08 09:45"));
    private static readonly VisitAssigned Assigned = new(Visit, Nurse);
    private static readonly PractitionerTimeTaken Time = new(Nurse, new(2024, 3, 8), Visit, On("2024-03-08 09:00"), On("2024-03-08 09:45"));
    private static readonly Vital Pulse = new("8867-4", 72, "/min");
    private static readonly VisitCompleted Done = new(Visit, null, [Pulse], ["bloodPressure"]);
    private static readonly CompleteVisit Complete = new(null, [Pulse], ["bloodPressure"]);

    [Fact]
    public void A_visit_to_an_open_bed_is_planned() => Plan(AnOpenBed, "2024-03-08 09:00", "2024-03-08 09:45").Then(Planned, Assigned, Time);

    [Fact]
    public void A_house_call_rests_on_the_contract() => Given<HomeVisit>().And<PractitionerDay>().And<FamilyBed>()
        .When("2024-03-07 09:00", (visit, day, _, at) => Ask("2024-03-08 09:00", "2024-03-08 09:45", bed: null).Decide(Visit, visit, day, null, Right, at))
        .Then(Planned with { BedId = null }, Assigned, Time);

    [Fact]
    public void Without_a_contract_there_is_no_house_call() => Given<HomeVisit>().And<PractitionerDay>().And<FamilyBed>()
        .When("2024-03-07 09:00", (visit, day, _, at) => Ask("2024-03-08 09:00", "2024-03-08 09:45", bed: null).Decide(Visit, visit, day, null, null, at))
        .ThenRefused("CONTRACT_NOT_ACTIVE");

    [Fact]
    public void Planning_twice_is_planning_once() => Given<HomeVisit>(Planned, Assigned).And<PractitionerDay>(Time).And<FamilyBed>(AnOpenBed)
        .When("2024-03-07 09:00", (visit, day, bed, at) => Ask("2024-03-08 09:00", "2024-03-08 09:45").Decide(Visit, visit, day, bed, null, at)).ThenNothing();

    [Theory]
    [InlineData("2024-03-08 08:30", "2024-03-08 09:00", true)]
    [InlineData("2024-03-08 09:45", "2024-03-08 10:00", true)]
    [InlineData("2024-03-08 08:30", "2024-03-08 09:01", false)]
    [InlineData("2024-03-08 09:10", "2024-03-08 09:20", false)]
    [InlineData("2024-03-08 08:00", "2024-03-08 12:00", false)]
    public void Nobody_is_in_two_homes_at_once(string from, string to, bool possible)
    {
        var outcome = Plan(AnOpenBed, from, to, new PractitionerTimeTaken(Nurse, new(2024, 3, 8), OtherBed, Time.From, Time.To));
        if (possible)
            outcome.ThenEvents(typeof(VisitPlanned), typeof(VisitAssigned), typeof(PractitionerTimeTaken));
        else
            outcome.ThenRefused("VISIT_OVERLAP");
    }

    [Fact]
    public void A_time_given_back_is_free() => Plan(AnOpenBed, "2024-03-08 09:00", "2024-03-08 09:45",
        new PractitionerTimeTaken(Nurse, new(2024, 3, 8), OtherBed, Time.From, Time.To), new PractitionerTimeFreed(Nurse, new(2024, 3, 8), OtherBed))
        .ThenEvents(typeof(VisitPlanned), typeof(VisitAssigned), typeof(PractitionerTimeTaken));

    [Theory]
    [InlineData("2024-03-04 09:00", "2024-03-04 10:00")]
    [InlineData("2024-05-05 09:00", "2024-05-05 10:00")]
    public void A_visit_lies_in_the_beds_period(string from, string to) => Plan(AnOpenBed, from, to).ThenRefused("VISIT_OUTSIDE_PERIOD");

    [Fact]
    public void A_visit_in_the_bridge_lies_before_its_end() => Plan(ABedToBeClosed, "2024-03-28 09:00", "2024-03-28 10:00").ThenRefused("VISIT_OUTSIDE_PERIOD");

    [Fact]
    public void A_bed_that_is_not_open_yet_has_no_visits() => Plan(AnApprovedBed, "2024-03-08 09:00", "2024-03-08 09:45").ThenRefused("VISIT_OUTSIDE_PERIOD");

    [Fact]
    public void A_closed_bed_gets_no_more_visits() => Given<HomeVisit>().And<PractitionerDay>().And<FamilyBed>(AClosedBed)
        .When("2024-04-01 12:00", (visit, day, bed, at) => Ask("2024-04-02 09:00", "2024-04-02 09:45").Decide(Visit, visit, day, bed, null, at)).ThenRefused("BED_CLOSED");

    [Fact]
    public void A_visit_of_the_past_to_a_bed_that_is_closed_by_now_is_taken_in() => Plan(AClosedBed, "2024-03-08 09:00", "2024-03-08 09:45").Then(Planned, Assigned, Time);

    [Theory]
    [InlineData("2024-03-08 09:00", "2024-03-08 09:00")]
    [InlineData("2024-03-08 09:00", "2024-03-08 08:00")]
    [InlineData("2024-03-08 23:00", "2024-03-09 01:00")]
    [InlineData("2024-03-08 07:00", "2024-03-08 19:01")]
    [InlineData("2024-03-08 07:00", "2024-03-08 06:59")]
    public void A_visit_ends_after_it_begins_on_the_same_day(string from, string to) => Plan(AnOpenBed, from, to).ThenRefused("RULE_VIOLATION");

    [Fact]
    public void A_completed_visit_counts_for_its_bed() => Finish(Complete, null, Planned, Assigned)
        .Then(Done, new PractitionerTimeFreed(Nurse, new(2024, 3, 8), Visit), new BedVisited(Bed, Visit));

    [Fact]
    public void The_same_report_again_is_nothing_new() => Finish(Complete, null, Planned, Assigned, Done).ThenNothing();

    [Fact]
    public void Another_report_is_never_written_over_the_first() => Finish(Complete, OtherBed, Planned, Assigned, Done).ThenRefused("VISIT_ALREADY_COMPLETED");

    [Fact]
    public void A_missed_visit_cannot_be_completed() => Finish(Complete, null, Planned, Assigned, new VisitMissed(Visit, "notAtHome")).ThenRefused("INVALID_TRANSITION");

    [Theory]
    [InlineData("2024-03-05 09:00", "2024-03-05 21:00")] // the first day, for as long as may be
    [InlineData("2024-05-04 09:00", "2024-05-04 10:00")] // the last one
    public void A_visit_lies_on_any_day_of_the_bed_s_period(string from, string to) =>
        Plan(AnOpenBed, from, to).ThenEvents(typeof(VisitPlanned), typeof(VisitAssigned), typeof(PractitionerTimeTaken));

    [Fact]
    public void A_palliative_bed_is_visited_past_its_period() =>
        Plan([RequestedAs(BedType.Palliative), Assessed, Approved, Opened], "2024-06-05 09:00", "2024-06-05 10:00")
            .ThenEvents(typeof(VisitPlanned), typeof(VisitAssigned), typeof(PractitionerTimeTaken));

    [Fact]
    public void Whoever_stands_in_has_the_time_and_the_visit_stays_the_other_s() => Given<HomeVisit>().And<PractitionerDay>().And<FamilyBed>(AnOpenBed)
        .When("2024-03-07 09:00", (visit, day, bed, at) => Ask("2024-03-08 09:00", "2024-03-08 09:45").Decide(Visit, visit, day, bed, null, at, standsIn: Gp))
        .Then(Planned, Assigned, new VisitHandedOver(Visit, Gp, Nurse), Time with { PractitionerId = Gp });

    [Fact]
    public void A_report_that_differs_in_anything_is_another_report()
    {
        foreach (var other in new[]
        {
            Complete with { MedsReviewed = true }, Complete with { NextDue = new(2024, 3, 15) }, Complete with { Vitals = [] }, Complete with { ActionCodes = ["woundCare"] },
        })
            Finish(other, null, Planned, Assigned, Done).ThenRefused("VISIT_ALREADY_COMPLETED");
    }

    [Fact]
    public void Whose_visit_it_is_gets_it_no_second_time_and_takes_it_back_from_whoever_stands_in()
    {
        Giving(Planned, Assigned).ThenNothing();
        Giving(Planned, Assigned, new VisitHandedOver(Visit, Gp, Nurse)).ThenEvents(typeof(VisitAssigned), typeof(PractitionerTimeFreed), typeof(PractitionerTimeTaken));
        Giving(Planned, new VisitAssigned(Visit, Gp), new VisitHandedOver(Visit, Nurse, Gp)).ThenEvents(typeof(VisitAssigned), typeof(PractitionerTimeFreed), typeof(PractitionerTimeTaken));

        static Outcome Giving(params DomainEvent[] visit) => Given<HomeVisit>(visit).And<PractitionerDay>(Time).And<PractitionerDay>()
            .When("2024-03-07 09:00", new AssignVisit(Nurse).Decide);
    }

    [Fact]
    public void A_time_given_back_leaves_the_day_s_other_visits()
    {
        var day = new DomainEvent[] { Time, Time with { VisitId = OtherBed, From = Time.To, To = Time.To.AddMinutes(30) }, new PractitionerTimeFreed(Nurse, Time.Date, Visit) }
            .Aggregate(default(PractitionerDay), PractitionerDay.Evolve)!;
        Assert.Equal(OtherBed, Assert.Single(day.Open).VisitId);
        foreach (var (from, minutes, free) in new[] { (-30, 30, true), (-30, 31, false), (30, 30, true), (29, 30, false), (0, 30, false) })
            Assert.Equal(free, PractitionerDay.IsFree(day, Time.To.AddMinutes(from), Time.To.AddMinutes(from + minutes)));
    }

    [Fact]
    public void The_same_time_again_is_nothing_new() => Given<HomeVisit>(Planned, Assigned).And<PractitionerDay>(Time).And<PractitionerDay>()
        .When("2024-03-07 09:00", (visit, day, then, at) => new RescheduleVisit(Planned.From, Planned.To).Decide(visit, day, then, Folded(AnOpenBed), at)).ThenNothing();

    [Theory]
    [InlineData("2024-03-08 08:00", true)]
    [InlineData("2024-03-07 23:59", false)]
    public void A_late_visit_took_place_by_today(string now, bool possible)
    {
        var late = new LateVisitQuarantined(Planned, Nurse, Done);
        var outcome = Given<HomeVisit>(late).When(now, (visit, at) => new ReviewLateVisit("wrongDay", new(2024, 3, 8)).Decide(visit, Folded(AnOpenBed), at).Visit);
        if (possible)
            outcome.ThenEvents(typeof(VisitCompleted), typeof(LateVisitRecorded));
        else
            outcome.ThenRefused("VISIT_OUTSIDE_PERIOD");
    }

    [Fact]
    public void A_deterioration_is_led_on_once_and_by_itself_only_when_it_is_urgent()
    {
        var worse = new DeteriorationDetected(Visit, Bed, 8, ["9279-1"], Severity.Urgent, On("2024-03-08 09:40"));
        var route = new DeteriorationEscalated(Visit, "greenChannel", Referral);
        Leading(worse).Then(route);
        Leading(worse, route).ThenNothing();
        Leading(worse with { Severity = Severity.Review }).ThenNothing();
        Leading().ThenNothing();
        Given<HomeVisit>(Planned, Assigned, worse, route).When("2024-03-08 09:20", (v, _) => new EscalateDeterioration("greenChannel", Referral).Decide(v)).ThenNothing();

        static Outcome Leading(params DomainEvent[] found) => Given<HomeVisit>([Planned, Assigned, .. found])
            .When("2024-03-08 09:20", (v, _) => WhenUrgentStepUpMade.Decide(v, "greenChannel", Referral));
    }

    [Fact]
    public void The_care_plan_s_visits_end_where_it_is_wished_and_are_sixty_at_most()
    {
        var plan = new PlanVisits(new(9, 0), new(14, 0), new(2024, 3, 13));
        var bed = Folded(AnOpenBed) with { Plan = new(14, 1) };
        Assert.Equal(new(2024, 3, 13), At("2024-03-05 12:00").DateOf(plan.Of(bed, At("2024-03-05 12:00"))[^1].From)); // the last day is among them
        Assert.Equal(60, (plan with { Until = null }).Of(bed with { Plan = new(1, 1) }, At("2024-03-05 12:00")).Count);
        var palliative = Folded([RequestedAs(BedType.Palliative), Assessed, Approved, Opened]) with { Plan = new(30, 30) };
        Assert.Equal(On("2024-04-07 14:00"), (plan with { Until = null }).Of(palliative, At("2024-03-05 12:00"))[^1].From); // a period ahead, and after the holiday
        Assert.Equal(2, (plan with { Until = null }).Of(palliative with { Plan = new(61, 61) }, At("2024-03-06 08:00")).Count);
        Assert.All(plan.Of(bed, At("2024-03-06 09:00")), v => Assert.True(v.From > On("2024-03-06 09:00")));
        Assert.All(plan.Of(bed, At("2024-03-05 12:00")), v => Assert.Equal(v.From.AddMinutes(30), v.To));
        Assert.NotEmpty(plan.Of(Folded(APausedBed), At("2024-03-05 12:00")));
        Assert.Throws<RuleBroken>(() => plan.Of(Folded(AClosedBed), At("2024-03-05 12:00")));
        var sunday = bed with { Period = bed.Period! with { OpenedOn = new(2024, 3, 9) } };
        Assert.Equal(new(2024, 3, 10), At("2024-03-05 12:00").DateOf(plan.Of(sunday, At("2024-03-05 12:00"))[0].From)); // the first day after, whatever day it is
    }

    private static FamilyBed Folded(DomainEvent[] history) => history.Aggregate(default(FamilyBed), FamilyBed.Evolve)!;

    [Fact]
    public void A_missed_visit_frees_its_time() => Miss(Planned, Assigned)
        .Then(new VisitMissed(Visit, "notAtHome"), new PractitionerTimeFreed(Nurse, new(2024, 3, 8), Visit), new BedVisitMissed(Bed, Visit));

    [Fact]
    public void Missing_twice_is_missing_once() => Miss(Planned, Assigned, new VisitMissed(Visit, "notAtHome")).ThenNothing();

    [Fact]
    public void A_completed_visit_was_not_missed() => Miss(Planned, Assigned, Done).ThenRefused("VISIT_ALREADY_COMPLETED");

    private static PlanVisit Ask(string from, string to) => Ask(from, to, Bed);

    private static PlanVisit Ask(string from, string to, Guid? bed) => new(Visit, bed, bed is null ? Resident : null, Nurse, "nurse", On(from), On(to));

    private static Outcome Plan(DomainEvent[] bed, string from, string to, params DomainEvent[] day) =>
        Given<HomeVisit>().And<PractitionerDay>(day).And<FamilyBed>(bed)
            .When("2024-03-07 09:00", (visit, time, b, at) => Ask(from, to).Decide(Visit, visit, time, b, null, at));

    private static Outcome Finish(CompleteVisit complete, Guid? findings, params DomainEvent[] visit) =>
        Given<HomeVisit>(visit).And<PractitionerDay>(Time).And<FamilyBed>(AnOpenBed)
            .When("2024-03-08 10:00", (v, day, bed, at) => complete.Decide(v, day, bed, findings, at));

    private static Outcome Miss(params DomainEvent[] visit) => Given<HomeVisit>(visit).And<PractitionerDay>(Time).And<FamilyBed>(AnOpenBed)
        .When("2024-03-08 10:00", new MissVisit("notAtHome").Decide);
}
