using FamilyDoctor.Beds.Ending;
using FamilyDoctor.Beds.Pausing;
using FamilyDoctor.EventSourcing;
using static FamilyDoctor.Beds.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Beds.Tests.Pausing;

/// <summary>Care at home rests while the resident is in hospital, for fourteen days at most.</summary>
public sealed class PausingDecisionsTests
{
    private static readonly DomainEvent[] UsedUp = [.. APausedBed, Resumed];

    [Fact]
    public void An_open_bed_is_paused() => Given<FamilyBed>(AnOpenBed).When("2024-03-10 10:00", new PauseBed(Referral).Decide).Then(Paused);

    [Fact]
    public void Pausing_twice_is_pausing_once() => Given<FamilyBed>(APausedBed).When("2024-03-11 10:00", new PauseBed(Referral).Decide).ThenNothing();

    [Fact]
    public void An_approved_bed_cannot_be_paused() => Given<FamilyBed>(AnApprovedBed).When("2024-03-11 10:00", new PauseBed().Decide).ThenRefused("INVALID_TRANSITION");

    [Fact]
    public void A_closed_bed_cannot_be_paused() => Given<FamilyBed>(AClosedBed).When("2024-04-11 10:00", new PauseBed().Decide).ThenRefused("BED_CLOSED");

    [Fact]
    public void A_period_has_so_many_days_of_pause() => Given<FamilyBed>(UsedUp).When("2024-04-02 10:00", new PauseBed().Decide).ThenRefused("PAUSE_LIMIT");

    [Fact]
    public void What_is_left_of_them_may_still_be_used() =>
        Given<FamilyBed>([.. APausedBed, new BedResumed(Bed, On("2024-03-20 10:00"), 10)])
            .When("2024-04-02 10:00", new PauseBed().Decide).Then(new BedPaused(Bed, "admitted", null, new(2024, 4, 2), On("2024-04-07 00:00")));

    [Fact]
    public void A_paused_bed_is_resumed() => Given<FamilyBed>(APausedBed).When("2024-03-24 10:00", ResumeBed.Decide).Then(Resumed);

    [Fact]
    public void A_bed_paused_for_too_long_is_closed_at_midnight() => Given<FamilyBed>(APausedBed).And<ResidentBeds>(Taken).And<BedCapacity>([.. Capacity(1), Seat])
        .When("2024-03-25 00:00", (bed, _, capacity, at) => CloseOverdueBed.Decide(bed, capacity, at))
        .Then(Closed(CloseReason.Transferred, "2024-03-25 00:00", 5), Freed, Released("2024-03-25 00:00"));

    [Fact]
    public void An_admission_pauses_the_bed() => Admitted(AnOpenBed, arrived: "2024-03-10 08:00", told: "2024-03-10 10:00").Then(Paused);

    [Fact]
    public void An_admission_told_twice_pauses_once() => Admitted(APausedBed, arrived: "2024-03-10 08:00", told: "2024-03-10 11:00").ThenNothing();

    [Fact]
    public void An_admission_told_after_the_return_is_no_news() => Admitted(UsedUp, arrived: "2024-03-10 08:00", told: "2024-03-26 11:00").ThenNothing();

    [Fact]
    public void An_admission_before_the_bed_was_opened_is_no_news() => Admitted(AnOpenBed, arrived: "2024-03-04 08:00", told: "2024-03-06 11:00").ThenNothing();

    [Fact]
    public void An_admission_leaves_a_closed_bed_alone() => Admitted(AClosedBed, arrived: "2024-04-05 08:00", told: "2024-04-06 11:00").ThenNothing();

    [Fact]
    public void Another_admission_after_all_days_of_pause_closes_the_bed() => Admitted(UsedUp, arrived: "2024-04-02 08:00", told: "2024-04-02 08:00")
        .ThenEvents(typeof(BedClosed), typeof(ResidentBedFreed), typeof(BedSeatReleased));

    private static FamilyDoctor.Testing.Outcome Admitted(DomainEvent[] bed, string arrived, string told) => Given<FamilyBed>(bed).And<ResidentBeds>(Taken)
        .And<BedCapacity>([.. Capacity(1), Seat])
        .When(told, (b, _, capacity, at) => WhenPatientArrived.Decide(b, capacity, Referral, On(arrived), at));
}
