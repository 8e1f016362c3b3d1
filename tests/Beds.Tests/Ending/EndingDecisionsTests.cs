using FamilyDoctor.Beds.Ending;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;
using static FamilyDoctor.Beds.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Beds.Tests.Ending;

/// <summary>Every way a family bed ends.</summary>
public sealed class EndingDecisionsTests
{
    private static readonly CareContract Terminated = new(Contract with { Status = "Terminated" }, 6, On("2024-03-20 15:00"), "ResidentRequest");
    private static readonly CareContract Expired = new(Contract with { Status = "Expired" }, 6, On("2024-03-20 15:00"));
    private static readonly CareContract SignedAgain = new(Contract, 8, On("2024-03-25 10:00"));

    [Fact]
    public void A_bed_is_closed_with_a_reason_and_its_days() => Close(AnOpenBed, "2024-04-01 12:00", new CloseBed(CloseReason.Recovered))
        .Then(Closed(CloseReason.Recovered, "2024-04-01 12:00", 27), Freed, Released("2024-04-01 12:00"));

    [Fact]
    public void Days_in_hospital_are_not_days_at_home() => Close(APausedBed, "2024-03-20 12:00", new CloseBed(CloseReason.Transferred))
        .Then(Closed(CloseReason.Transferred, "2024-03-20 12:00", 5), Freed, Released("2024-03-20 12:00"));

    [Fact]
    public void Visits_are_counted() => Close([.. AnOpenBed, new BedVisited(Bed, Visit), new BedVisited(Bed, OtherBed)], "2024-04-01 12:00", new CloseBed(CloseReason.Improved))
        .Then(Closed(CloseReason.Improved, "2024-04-01 12:00", 27, visits: 2), Freed, Released("2024-04-01 12:00"));

    [Fact]
    public void Closing_twice_is_closing_once() => Close(AClosedBed, "2024-04-02 12:00", new CloseBed(CloseReason.Recovered)).ThenNothing();

    [Fact]
    public void A_bed_that_is_not_open_is_cancelled_not_closed() => Close(AnApprovedBed, "2024-03-05 09:00", new CloseBed(CloseReason.Request)).ThenRefused("INVALID_TRANSITION");

    [Fact]
    public void A_period_ends_at_midnight() => Overdue([.. AnOpenBed, Warned], "2024-05-05 00:00")
        .Then(Closed(CloseReason.PeriodEnded, "2024-05-05 00:00", 61), Freed, Released("2024-05-05 00:00"));

    [Fact]
    public void A_period_does_not_end_before() => Overdue([.. AnOpenBed, Warned], "2024-05-04 23:59").ThenNothing();

    [Fact]
    public void An_unanswered_request_keeps_the_bed_open_for_a_week()
    {
        DomainEvent[] asked = [.. AnOpenBed, Warned, new BedExtensionRequested(Bed, On("2024-05-12 00:00"))];
        Overdue(asked, "2024-05-11 23:59").ThenNothing();
        Overdue(asked, "2024-05-12 00:00").ThenEvents(typeof(BedClosed), typeof(ResidentBedFreed), typeof(BedSeatReleased));
    }

    [Fact]
    public void A_palliative_bed_never_ends_with_its_period() =>
        Overdue([RequestedAs(BedType.Palliative), Assessed, Approved, Opened, Warned], "2025-05-05 00:00").ThenNothing();

    [Fact]
    public void A_contract_that_ends_leaves_a_bridge_of_a_week() => Follow(AnOpenBed, Terminated, "2024-03-20 15:00").Then(ClosureDue);

    [Fact]
    public void An_expired_contract_too() => Follow(AnOpenBed, Expired, "2024-03-20 15:00").Then(ClosureDue with { Cause = "contractExpired" });

    [Fact]
    public void A_paused_bed_too() => Follow(APausedBed, Terminated, "2024-03-20 15:00").ThenEvents(typeof(BedClosureDue));

    [Fact]
    public void Told_twice_it_ends_once() => Follow(ABedToBeClosed, Terminated, "2024-03-20 15:00").ThenNothing();

    [Theory]
    [MemberData(nameof(NotOpenYet))]
    public void A_request_is_cancelled_with_its_contract(string stage) => Follow(Stages[stage], Terminated, "2024-03-20 15:00",
        stage is "waitlisted" ? [.. Capacity(1, 1), new BedWaitlistJoined(Institution, new(Bed, 40, On("2024-03-03 09:00")))] : [.. Capacity(1), Seat])
        .ThenEvents(stage switch
        {
            "approved" => [typeof(BedRequestCancelled), typeof(ResidentBedFreed), typeof(BedSeatReleased)],
            "waitlisted" => [typeof(BedRequestCancelled), typeof(ResidentBedFreed), typeof(BedWaitlistLeft)],
            _ => [typeof(BedRequestCancelled), typeof(ResidentBedFreed)],
        });

    public static TheoryData<string> NotOpenYet => [.. Stages.Keys];

    private static readonly Dictionary<string, DomainEvent[]> Stages = new()
    {
        ["requested"] = ARequest,
        ["assessed"] = AnAssessedBed,
        ["approved"] = AnApprovedBed,
        ["waitlisted"] = [.. AnAssessedBed, new BedWaitlisted(Bed, 1, Gp, null, 60)],
    };

    [Fact]
    public void When_the_resident_died_the_bed_ends_at_once() => Follow(AnOpenBed, Terminated with { EndReason = "Died" }, "2024-03-20 15:00")
        .Then(Closed(CloseReason.Died, "2024-03-20 15:00", 15), Freed, Released("2024-03-20 15:00"));

    [Fact]
    public void Who_dies_in_the_bridge_is_closed_as_died() => Follow(ABedToBeClosed, Terminated with { EndReason = "Died" }, "2024-03-22 15:00")
        .ThenEvents(typeof(BedClosed), typeof(ResidentBedFreed), typeof(BedSeatReleased));

    [Fact]
    public void Signing_again_in_the_bridge_keeps_the_bed() => Follow(ABedToBeClosed, SignedAgain, "2024-03-25 10:00").Then(new BedClosureCancelled(Bed));

    [Fact]
    public void Signing_says_nothing_to_a_bed_that_stays() => Follow(AnOpenBed, SignedAgain, "2024-03-25 10:00").ThenNothing();

    [Fact]
    public void After_the_bridge_the_bed_is_closed() => Overdue(ABedToBeClosed, "2024-03-28 00:00")
        .Then(Closed(CloseReason.ContractEnded, "2024-03-28 00:00", 23), Freed, Released("2024-03-28 00:00"));

    [Fact]
    public void After_the_bridge_a_palliative_bed_is_closed_too() =>
        Overdue([RequestedAs(BedType.Palliative), Assessed, Approved, Opened, ClosureDue], "2024-03-28 00:00")
            .ThenEvents(typeof(BedClosed), typeof(ResidentBedFreed), typeof(BedSeatReleased));

    [Fact]
    public void An_earlier_contracts_end_says_nothing_about_a_later_bed() =>
        Follow(AnOpenBed, Terminated with { Since = On("2024-02-01 09:00"), Version = 4 }, "2024-03-05 10:00").ThenNothing();

    [Fact]
    public void A_bed_offered_at_discharge_does_not_end_with_a_contract() =>
        Follow([Requested with { ContractId = null }, Assessed, Approved, Opened], Terminated, "2024-03-20 15:00").ThenNothing();

    [Fact]
    public void A_closed_bed_stays_closed()
    {
        Follow(AClosedBed, Terminated with { Since = On("2024-04-03 09:00") }, "2024-04-03 09:00").ThenNothing();
        Follow(AClosedBed, Terminated with { Since = On("2024-04-03 09:00"), EndReason = "Died" }, "2024-04-03 09:00").ThenNothing();
    }

    [Fact]
    public void A_request_is_cancelled_because_its_resident_died() => Follow(ARequest, Terminated with { EndReason = "Died" }, "2024-03-20 15:00")
        .Then(new BedRequestCancelled(Bed, "service", "died"), Freed);

    [Fact]
    public void A_contract_that_ends_as_the_bed_is_asked_for_is_its_contract() =>
        Follow(AnOpenBed, Terminated with { Since = Requested.RequestedAt }, "2024-03-20 15:00").Then(ClosureDue);

    [Fact]
    public void All_days_in_hospital_count_and_a_bed_has_one_day_at_least()
    {
        Close([.. APausedBed, Resumed], "2024-04-01 12:00", new CloseBed(CloseReason.Recovered)).Then(Closed(CloseReason.Recovered, "2024-04-01 12:00", 13), Freed, Released("2024-04-01 12:00"));
        Close(AnOpenBed, "2024-03-05 18:00", new CloseBed(CloseReason.Request)).Then(Closed(CloseReason.Request, "2024-03-05 18:00", 1), Freed, Released("2024-03-05 18:00"));
    }

    [Fact]
    public void The_visits_told_with_the_end_count_before_those_counted_here() => Given<FamilyBed>([.. AnOpenBed, new BedVisited(Bed, Visit)]).And<ResidentBeds>(Taken)
        .And<BedCapacity>([.. Capacity(1), Seat]).When("2024-04-01 12:00", (b, _, capacity, at) => new CloseBed(CloseReason.Recovered).Decide(b, capacity, null, at, visits: 9))
        .Then(Closed(CloseReason.Recovered, "2024-04-01 12:00", 27, visits: 9), Freed, Released("2024-04-01 12:00"));

    [Fact]
    public void A_pause_that_would_end_after_the_period_does_not_keep_the_bed()
    {
        var bed = AnOpenBed.Append(Paused with { Until = On("2024-05-10 00:00") }).Aggregate(default(FamilyBed), FamilyBed.Evolve)!;
        Assert.Equal((On("2024-05-05 00:00"), CloseReason.PeriodEnded), bed.ClosesByItself);
        Assert.Equal(CloseReason.PeriodEnded, AnOpenBed.Append(Paused with { Until = On("2024-05-05 00:00") }).Aggregate(default(FamilyBed), FamilyBed.Evolve)!.ClosesByItself!.Value.Reason);
        Assert.Equal(CloseReason.PeriodEnded, AnOpenBed.Append(ClosureDue with { CloseAt = On("2024-05-05 00:00") }).Aggregate(default(FamilyBed), FamilyBed.Evolve)!.ClosesByItself!.Value.Reason);
        Assert.Equal([new("WarnOfPeriodEnd", Opened.WarnAt), new("CloseOverdueBed", On("2024-05-05 00:00"))], FamilyBed.Deadlines(bed));
        Assert.Empty(FamilyBed.Deadlines(AClosedBed.Aggregate(default(FamilyBed), FamilyBed.Evolve)!));
        DomainEvent[] palliative = [RequestedAs(BedType.Palliative), Assessed, Approved, Opened, Warned];
        Assert.Empty(FamilyBed.Deadlines(palliative.Aggregate(default(FamilyBed), FamilyBed.Evolve)!));
    }

    [Fact]
    public void A_visit_missed_after_the_end_goes_to_nobody() =>
        Assert.Empty(FamilyBed.Missed(AClosedBed.Aggregate(default(FamilyBed), FamilyBed.Evolve), Visit, At("2024-04-02 09:00")));

    [Fact]
    public void The_earliest_end_counts()
    {
        var bed = APausedBed.Append(ClosureDue).Aggregate(default(FamilyBed), FamilyBed.Evolve)!;
        Assert.Equal((On("2024-03-25 00:00"), CloseReason.Transferred), bed.ClosesByItself);
        Assert.Equal(BedStatus.ClosingDue, bed.Status);
        Assert.Equal(BedStatus.Paused, FamilyBed.Evolve(bed, new BedClosureCancelled(Bed)).Status);
    }

    private static Outcome Close(DomainEvent[] bed, string at, CloseBed close) => Given<FamilyBed>(bed).And<ResidentBeds>(Taken).And<BedCapacity>([.. Capacity(1), Seat])
        .When(at, (b, _, capacity, moment) => close.Decide(b, capacity, null, moment));

    private static Outcome Overdue(DomainEvent[] bed, string at) => Given<FamilyBed>(bed).And<ResidentBeds>(Taken).And<BedCapacity>([.. Capacity(1), Seat])
        .When(at, (b, _, capacity, moment) => CloseOverdueBed.Decide(b, capacity, moment));

    private static Outcome Follow(DomainEvent[] bed, CareContract contract, string at, DomainEvent[]? capacity = null) =>
        Given<FamilyBed>(bed).And<ResidentBeds>(Taken).And<BedCapacity>(capacity ?? [.. Capacity(1), Seat])
            .When(at, (b, _, c, moment) => FollowContract.Decide(b, c, contract, moment));
}
