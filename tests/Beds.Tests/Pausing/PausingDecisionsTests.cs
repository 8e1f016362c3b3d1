using FamilyDoctor.Beds.Ending;
using FamilyDoctor.Beds.Pausing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Referrals;
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

    [Fact]
    public void An_admission_at_the_hour_the_bed_was_opened_is_news() => Admitted(AnOpenBed, arrived: "2024-03-05 10:00", told: "2024-03-10 10:00").Then(Paused);

    [Fact]
    public void All_pauses_of_a_period_count_together() =>
        Given<FamilyBed>([.. APausedBed, new BedResumed(Bed, On("2024-03-17 10:00"), 7), Paused with { PausedOn = new(2024, 3, 20) }, new BedResumed(Bed, On("2024-03-27 10:00"), 7)])
            .When("2024-04-02 10:00", new PauseBed().Decide).ThenRefused("PAUSE_LIMIT");

    [Theory]
    [InlineData(true, true, "2024-03-10 00:00", true)]
    [InlineData(true, true, "2024-03-01 00:00", true)] // the same stay, whatever its times
    [InlineData(false, true, "2024-03-20 10:00", false)] // another stay
    [InlineData(null, true, "2024-03-10 00:00", true)] // by the days, where one does not say
    [InlineData(null, true, "2024-03-09 23:59", false)]
    [InlineData(true, false, "2024-03-10 00:00", true)]
    [InlineData(true, false, "2024-03-09 23:59", false)]
    public void Who_comes_home_from_the_stay_the_bed_was_paused_for_is_cared_for_again(bool? same, bool pauseNamesIt, string discharged, bool resumed)
    {
        Guid? referral = same is null ? null : same.Value ? Referral : OtherBed;
        Assert.Equal(resumed, Given<FamilyBed>([.. AnOpenBed, Paused with { ReferralId = pauseNamesIt ? Referral : null }])
            .When("2024-03-24 10:00", (bed, at) => WhenOutcomeReturned.Decide(bed, referral, On(discharged), at)).Events.Count == 1);
    }

    [Fact]
    public void An_open_bed_is_not_resumed() =>
        Given<FamilyBed>(AnOpenBed).When("2024-03-24 10:00", (bed, at) => WhenOutcomeReturned.Decide(bed, Referral, On("2024-03-24 10:00"), at)).ThenNothing();

    [Fact]
    public void Whose_bed_was_closed_in_hospital_is_offered_another_one_for_three_days()
    {
        DomainEvent[] transferred = [.. AnOpenBed, Closed(CloseReason.Transferred, "2024-03-25 00:00", 5)];
        var offered = new DischargeBedOffered(Offer, Resident, Referral, Team, Institution, "330203", On("2024-04-04 09:00"));
        Discharged(transferred, [Taken, Freed]).Then(offered);
        Discharged(transferred, [Taken, Freed], arrived: "2024-03-25 00:00").Then(offered);
        Discharged(transferred, [Taken, Freed], arrived: "2024-03-25 00:01").ThenNothing(); // it was closed before he came
        Discharged(transferred, [Taken, Freed], told: offered).ThenNothing();
        Discharged(transferred, [Taken, Freed, new ResidentBedTaken(Resident, OtherBed)]).ThenNothing();
        Discharged(AClosedBed, [Taken, Freed]).ThenNothing();

        static FamilyDoctor.Testing.Outcome Discharged(DomainEvent[] last, DomainEvent[] resident, string arrived = "2024-03-10 08:00", params DomainEvent[] told) =>
            Given<DischargeBedOffer>(told).And<ResidentBeds>(resident).And<FamilyBed>(last).When("2024-04-01 09:00", (offer, guard, bed, at) =>
                (WhenOutcomeReturned.Decide(Offer, offer, guard, bed, Stay with { ArrivedAt = On(arrived) }, at), [], []));
    }

    private static readonly ReferralFacts Stay = new(Referral, "R-00000001", Resident, null, Team, Institution, "330203", Guid.Empty, "cardiology", "Urgent", "OutcomeReturned",
        Institution, null, null, null, null, null);

    private static FamilyDoctor.Testing.Outcome Admitted(DomainEvent[] bed, string arrived, string told) => Given<FamilyBed>(bed).And<ResidentBeds>(Taken)
        .And<BedCapacity>([.. Capacity(1), Seat])
        .When(told, (b, _, capacity, at) => WhenPatientArrived.Decide(b, capacity, Referral, On(arrived), at));
}
