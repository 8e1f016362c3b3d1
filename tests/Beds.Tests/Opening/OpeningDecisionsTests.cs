using FamilyDoctor.Beds.Opening;
using FamilyDoctor.EventSourcing;
using static FamilyDoctor.Beds.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Beds.Tests.Opening;

/// <summary>A bed is opened for a period and goes on from period to period.</summary>
public sealed class OpeningDecisionsTests
{
    private static readonly CareContract Active = new(Contract, 5, On("2024-01-01 09:00"));
    private static readonly OpenBed Open = new("consent-1", 14, 7);
    private static readonly BedExtensionRequested Asked = new(Bed, On("2024-05-12 00:00"));
    private static readonly BedExtended Extended = new(Bed, 2, new(2024, 4, 28), new(2024, 7, 3), On("2024-06-26 00:00"), On("2024-07-04 00:00"), 45, 16, null);

    [Fact]
    public void An_approved_bed_is_opened_with_a_plan_and_an_end() => Given<FamilyBed>(AnApprovedBed)
        .When("2024-03-05 10:00", (bed, at) => Open.Decide(bed, Active, at)).Then(Opened);

    [Fact]
    public void Opening_twice_is_opening_once() => Given<FamilyBed>(AnOpenBed)
        .When("2024-03-05 10:00", (bed, at) => Open.Decide(bed, Active, at)).ThenNothing();

    [Theory]
    [InlineData(null)]
    [InlineData(" ")]
    public void Nothing_is_opened_without_the_residents_agreement(string? consent) => Given<FamilyBed>(AnApprovedBed)
        .When("2024-03-05 10:00", (bed, at) => new OpenBed(consent, 14, 7).Decide(bed, Active, at)).ThenRefused("CONSENT_MISSING");

    [Fact]
    public void Nothing_is_opened_unseen() => Given<FamilyBed>(ARequest)
        .When("2024-03-05 10:00", (bed, at) => Open.Decide(bed, Active, at)).ThenRefused("ASSESSMENT_REQUIRED");

    [Fact]
    public void Nothing_is_opened_unapproved() => Given<FamilyBed>(AnAssessedBed)
        .When("2024-03-05 10:00", (bed, at) => Open.Decide(bed, Active, at)).ThenRefused("INVALID_TRANSITION");

    [Fact]
    public void Nothing_is_opened_after_the_contract() => Given<FamilyBed>(AnApprovedBed)
        .When("2024-03-05 10:00", (bed, at) => Open.Decide(bed, new(Contract with { Status = "Terminated" }, 6, at.Now), at)).ThenRefused("CONTRACT_NOT_ACTIVE");

    [Fact]
    public void A_bed_offered_at_discharge_needs_no_contract() => Given<FamilyBed>(Requested with { ContractId = null }, Assessed, Approved)
        .When("2024-03-05 10:00", (bed, at) => Open.Decide(bed, new(Contract with { Status = "Terminated" }, 6, at.Now), at)).Then(Opened);

    [Fact]
    public void An_unknown_bed_is_unknown() => Given<FamilyBed>().When("2024-03-05 10:00", (bed, at) => Open.Decide(bed, Active, at)).ThenUnknown();

    [Fact]
    public void The_end_of_a_period_is_announced_once() => Given<FamilyBed>(AnOpenBed)
        .When("2024-04-27 00:00", WarnOfPeriodEnd.Decide).Then(Warned);

    [Fact]
    public void The_end_is_not_announced_before_its_time() => Given<FamilyBed>(AnOpenBed).When("2024-04-26 23:59", WarnOfPeriodEnd.Decide).ThenNothing();

    [Fact]
    public void The_end_is_not_announced_twice() => Given<FamilyBed>([.. AnOpenBed, Warned]).When("2024-04-28 00:00", WarnOfPeriodEnd.Decide).ThenNothing();

    [Fact]
    public void An_extension_is_asked_for_in_the_last_days() => Given<FamilyBed>([.. AnOpenBed, Warned])
        .When("2024-04-27 10:00", RequestExtension.Decide).Then(Asked);

    [Fact]
    public void An_extension_is_not_asked_for_early() => Given<FamilyBed>(AnOpenBed).When("2024-04-26 10:00", RequestExtension.Decide).ThenRefused("PERIOD_LIMIT");

    [Fact]
    public void Asking_twice_is_asking_once() => Given<FamilyBed>([.. AnOpenBed, Warned, Asked]).When("2024-04-28 10:00", RequestExtension.Decide).ThenNothing();

    [Fact]
    public void After_a_new_assessment_care_goes_on() => Given<FamilyBed>([.. AnOpenBed, Warned, Asked])
        .When("2024-04-28 10:00", new ApproveExtension(45, 16).Decide).Then(Extended);

    [Fact]
    public void Nothing_is_extended_that_nobody_asked_for() => Given<FamilyBed>([.. AnOpenBed, Warned])
        .When("2024-04-28 10:00", new ApproveExtension(45, 16).Decide).ThenRefused("INVALID_TRANSITION");

    [Fact]
    public void Who_has_recovered_gets_no_other_period() => Given<FamilyBed>([.. AnOpenBed, Warned, Asked])
        .When("2024-04-28 10:00", new ApproveExtension(95, 20).Decide).ThenRefused("BED_NOT_ELIGIBLE");

    [Fact]
    public void After_the_period_it_is_too_late() => Given<FamilyBed>([.. AnOpenBed, Warned, Closed(CloseReason.PeriodEnded, "2024-05-05 00:00", 61)])
        .When("2024-05-05 09:00", RequestExtension.Decide).ThenRefused("EXTENSION_TOO_LATE");

    [Fact]
    public void A_bed_closed_for_another_reason_is_closed() => Given<FamilyBed>(AClosedBed)
        .When("2024-04-28 09:00", RequestExtension.Decide).ThenRefused("BED_CLOSED");

    [Fact]
    public void A_bed_that_follows_an_ended_contract_is_not_extended() => Given<FamilyBed>([.. AnOpenBed, Warned, ClosureDue])
        .When("2024-04-28 09:00", RequestExtension.Decide).ThenRefused("INVALID_TRANSITION");

    [Fact]
    public void After_half_a_year_a_senior_doctor_has_to_agree()
    {
        var third = new BedExtended(Bed, 3, new(2024, 6, 27), new(2024, 9, 1), On("2024-08-25 00:00"), On("2024-09-02 00:00"), 45, 16, null);
        var long_ = Given<FamilyBed>([.. AnOpenBed, Warned, Asked, Extended, Warned, Asked, third, Warned, Asked]);
        long_.When("2024-08-26 10:00", new ApproveExtension(45, 16).Decide).ThenRefused("PERIOD_LIMIT");
        long_.When("2024-08-26 10:00", new ApproveExtension(45, 16, ReviewedBy: Gp).Decide).ThenEvents(typeof(BedExtended));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Half_a_year_is_the_day_a_senior_doctor_has_to_agree(int daysTooMany, bool possible)
    {
        var review = At("2024-04-28 10:00").Policy.BedHardReviewDays;
        DomainEvent[] asked = [.. AnOpenBed, Warned, Asked];
        var bed = asked.Aggregate(default(FamilyBed), FamilyBed.Evolve)!;
        bed = bed with { Period = bed.Period! with { ReviewedOn = Extended.NewEndOn.AddDays(-review - daysTooMany) } };
        var extend = () => new ApproveExtension(45, 16).Decide(bed, At("2024-04-28 10:00")).Single();
        if (possible)
            Assert.Equal(Extended, extend());
        else
            Assert.Equal("PERIOD_LIMIT", Assert.Throws<RuleBroken>(() => extend()).Code);
    }

    [Fact]
    public void A_senior_doctor_s_review_counts_from_its_day()
    {
        DomainEvent[] asked = [.. AnOpenBed, Warned, Asked];
        Assert.Equal(Opened.OpenedOn, asked.Append(Extended).Aggregate(default(FamilyBed), FamilyBed.Evolve)!.Period!.ReviewedOn);
        Assert.Equal(Extended.ExtendedOn, asked.Append(Extended with { ReviewedBy = Gp }).Aggregate(default(FamilyBed), FamilyBed.Evolve)!.Period!.ReviewedOn);
    }

    [Fact]
    public void A_palliative_bed_past_its_end_is_kept_open_from_today() => Given<FamilyBed>(RequestedAs(BedType.Palliative), Assessed, Approved, Opened, Warned)
        .When("2024-05-20 10:00", RequestExtension.Decide).Then(new BedExtensionRequested(Bed, On("2024-05-28 00:00")));

    [Fact]
    public void Those_who_care_already_are_not_changed_and_a_nurse_not_named_stays()
    {
        DomainEvent[] bed = [Requested, Assessed, Approved with { NurseId = Nurse }, Opened];
        Changing(bed, new(Gp, "moved")).ThenNothing();
        Changing(bed, new(Gp, "moved", OtherBed)).Then(new BedGpChanged(Bed, Team, Gp, OtherBed, "moved"));
        Changing(bed, new(Gp, "moved", Nurse)).ThenNothing();
        Changing(AnOpenBed, new(Gp, "moved", Nurse)).Then(new BedGpChanged(Bed, Team, Gp, Nurse, "moved"));

        static FamilyDoctor.Testing.Outcome Changing(DomainEvent[] bed, ChangeBedGp change) => Given<FamilyBed>(bed).When("2024-03-20 10:00", (b, _) => change.Decide(b, TeamOfGp));
    }

    [Fact]
    public void Of_a_team_unknown_here_any_doctor_may_care() => Given<FamilyBed>(AnOpenBed)
        .When("2024-03-20 10:00", (b, _) => new ChangeBedGp(OtherBed, "moved").Decide(b, null)).ThenEvents(typeof(BedGpChanged));

    [Fact]
    public void The_same_plan_again_is_nothing_new_and_any_difference_is()
    {
        Revising(new(14, 7)).ThenNothing();
        foreach (var other in new ReviseCarePlan[] { new(7, 7), new(14, 3), new(14, 7, ["walking"]) })
            Revising(other).ThenEvents(typeof(CarePlanRevised));

        static FamilyDoctor.Testing.Outcome Revising(ReviseCarePlan revise) => Given<FamilyBed>(AnOpenBed).When("2024-03-20 10:00", (b, _) => revise.Decide(b));
    }

    [Fact]
    public void The_insurer_s_newest_answer_counts_once()
    {
        var (first, second) = (new BedInsured(Bed, 4, "REF-1"), new BedInsuranceRefused(Bed, 5, "notCovered"));
        Given<FamilyBed>([.. AnOpenBed, first]).When("2024-03-20 10:00", (b, _) => WhenBedAuthorisationAnswered.Decide(b, 4, first)).ThenNothing();
        Given<FamilyBed>([.. AnOpenBed, first]).When("2024-03-20 10:00", (b, _) => WhenBedAuthorisationAnswered.Decide(b, 5, second)).Then(second);
        Given<FamilyBed>([.. AnOpenBed, second]).When("2024-03-20 10:00", (b, _) => WhenBedAuthorisationAnswered.Decide(b, 4, first)).ThenNothing();
    }

    [Fact]
    public void A_palliative_bed_past_its_end_goes_on_from_today() =>
        Given<FamilyBed>(RequestedAs(BedType.Palliative), Assessed, Approved, Opened, Warned, new BedExtensionRequested(Bed, On("2024-05-27 00:00")))
            .When("2024-05-20 10:00", new ApproveExtension(45, 16).Decide)
            .Then(new BedExtended(Bed, 2, new(2024, 5, 20), new(2024, 7, 19), On("2024-07-12 00:00"), On("2024-07-20 00:00"), 45, 16, null));
}
