using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Referrals.Referring;
using FamilyDoctor.Testing;
using static FamilyDoctor.Referrals.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Referrals.Tests.Referring;

public sealed class ReferralDecisionsTests
{
    private static readonly HoldSlot Hold = new(Day);
    private static readonly SubmitReferral Submit = new("consent-1");

    private static readonly AppointmentFacts Appointment =
        new(OtherId, OtherId, Resident, ContractId, Team, Institution, "330203", "clinic", Time("2024-03-01 09:00"), "Fulfilled");

    private static Outcome Drafting(
        DraftReferral draft, KnownContract? contract, string today = "2024-03-01 09:00", Actor? by = null, int level = 2, params DomainEvent[] others) =>
        Given<Referral>().And<ResidentReferrals>(others).When(today, (r, o, at) =>
            draft.Decide(draft.Id!.Value, r, o, contract, TeamOfTwo, Hospital with { Level = level }, null, by ?? Doctor, at));

    [Fact]
    public void A_family_doctor_refers_a_resident_of_his_team() => Drafting(Draft, Contract()).Then(Drafted(), Opened);

    [Fact]
    public void Drafting_twice_is_drafting_once() =>
        Given<Referral>(Drafted()).And<ResidentReferrals>(Opened).When("2024-03-01 09:01", (r, o, at) =>
            Draft.Decide(Id, r, o, Contract(), TeamOfTwo, Hospital, null, Doctor, at)).ThenNothing();

    [Theory]
    [InlineData(null, "2024-03-01 09:00", ReferralPriority.Routine, false)]
    [InlineData("Active", "2024-03-01 09:00", ReferralPriority.Routine, true)]
    [InlineData("Active", "2024-01-01 00:00", ReferralPriority.Routine, true)] // the first day
    [InlineData("Active", "2024-12-31 23:59", ReferralPriority.Routine, true)]
    [InlineData("Active", "2025-01-01 00:00", ReferralPriority.Routine, false)] // the grace has begun, though its message is still on the way
    [InlineData("InGrace", "2025-01-10 09:00", ReferralPriority.Routine, false)]
    [InlineData("InGrace", "2025-01-10 09:00", ReferralPriority.Urgent, true)]
    [InlineData("InGrace", "2024-01-01 00:00", ReferralPriority.Urgent, true)]
    [InlineData("Active", "2023-12-31 09:00", ReferralPriority.Urgent, false)] // not yet begun
    [InlineData("Expired", "2025-02-10 09:00", ReferralPriority.Urgent, false)]
    [InlineData("Terminated", "2024-03-01 09:00", ReferralPriority.Routine, false)]
    [InlineData("Terminated", "2024-03-01 09:00", ReferralPriority.Emergency, true)]
    [InlineData(null, "2024-03-01 09:00", ReferralPriority.Emergency, false)]
    public void The_contract_gives_the_right(string? status, string today, ReferralPriority priority, bool may)
    {
        var outcome = Drafting(Draft with { Priority = priority }, status is null ? null : Contract(status), today);
        if (may)
            outcome.ThenEvents(typeof(ReferralDrafted), typeof(ReferralOpened));
        else
            outcome.ThenRefused("NO_ACTIVE_CONTRACT");
    }

    [Fact]
    public void An_emergency_without_a_contract_names_none() =>
        Assert.Null(((ReferralDrafted)Drafting(Draft with { Priority = ReferralPriority.Emergency }, Contract("Terminated")).Events[0]).ContractId);

    [Fact]
    public void A_nurse_does_not_refer() =>
        Drafting(Draft, Contract(), by: Doctor with { Id = Nurse.ToString() }).ThenRefused("NOT_PANEL_GP");

    [Fact]
    public void Another_institution_does_not_refer() =>
        Drafting(Draft, Contract(), by: new("desk", Role.Clinic, Guid.Empty.ToString())).ThenRefused("NOT_PANEL_GP");

    [Fact]
    public void Whoever_stands_in_for_the_team_s_leader_refers()
    {
        var nurse = Doctor with { Id = Nurse.ToString(), OrganizationId = Guid.Empty.ToString() };
        Drafting(Draft, Contract(), by: nurse with { OnBehalfOf = Gp.ToString() }).Then(Drafted(), Opened);
        Drafting(Draft, Contract(), by: nurse with { OnBehalfOf = Nurse.ToString() }).ThenRefused("NOT_PANEL_GP");
        Drafting(Draft, Contract(), by: nurse with { Id = "desk", OnBehalfOf = Gp.ToString() }).ThenRefused("NOT_PANEL_GP");
    }

    [Fact]
    public void A_team_unknown_here_stops_no_doctor() => Given<Referral>().And<ResidentReferrals>().When("2024-03-01 09:00",
        (r, o, at) => Draft.Decide(Id, r, o, Contract(), null, Hospital, null, Doctor with { Id = OtherId.ToString() }, at)).Then(Drafted(), Opened);

    [Fact]
    public void A_reason_for_a_second_referral_is_kept_only_where_there_is_a_first()
    {
        var draft = Draft with { DuplicateReason = "otherComplaint" };
        Drafting(draft, Contract()).Then(Drafted(), Opened);
        Drafting(draft, Contract(), others: new ReferralOpened(OtherId, "cardiology")).Then(Drafted() with { DuplicateOf = OtherId, DuplicateReason = "otherComplaint" }, Opened);
    }

    [Fact]
    public void In_an_emergency_anybody_in_a_clinic_refers() =>
        Drafting(Draft with { Priority = ReferralPriority.Emergency }, Contract(), by: new(Nurse.ToString(), Role.Clinic, Guid.Empty.ToString()))
            .ThenEvents(typeof(ReferralDrafted), typeof(ReferralOpened));

    [Fact]
    public void A_hospital_must_offer_the_service() =>
        Drafting(Draft with { Service = "dentistry" }, Contract()).ThenRefused("SERVICE_NOT_OFFERED");

    [Fact]
    public void An_unknown_hospital_offers_nothing() =>
        Given<Referral>().And<ResidentReferrals>().When("2024-03-01 09:00",
            (r, o, at) => Draft.Decide(Id, r, o, Contract(), TeamOfTwo, null, null, Doctor, at)).ThenRefused("SERVICE_NOT_OFFERED");

    [Fact]
    public void Passing_over_a_level_needs_a_reason() => Drafting(Draft, Contract(), level: 3).ThenRefused("LEVEL_SKIP_REASON_REQUIRED");

    [Fact]
    public void With_a_reason_a_level_is_passed_over() =>
        Drafting(Draft with { SkipLevelReason = "onlyThere" }, Contract(), level: 3).ThenEvents(typeof(ReferralDrafted), typeof(ReferralOpened));

    [Fact]
    public void The_old_and_the_urgent_choose_freely()
    {
        foreach (var group in new[] { "elderly", "child0to6", "pregnantPostpartum", "severeMentalDisorder" })
            Drafting(Draft, Contract("Active", group), level: 3).ThenEvents(typeof(ReferralDrafted), typeof(ReferralOpened));
        Drafting(Draft, Contract("Active", "hypertension"), level: 3).ThenRefused("LEVEL_SKIP_REASON_REQUIRED");
        Drafting(Draft with { Priority = ReferralPriority.Urgent }, Contract(), level: 3).ThenEvents(typeof(ReferralDrafted), typeof(ReferralOpened));
    }

    [Fact]
    public void One_referral_a_service_is_under_way() =>
        Drafting(Draft, Contract(), others: new ReferralOpened(OtherId, "cardiology")).ThenRefused("DUPLICATE_REFERRAL");

    [Fact]
    public void Another_service_or_a_settled_referral_is_no_duplicate()
    {
        Drafting(Draft, Contract(), others: new ReferralOpened(OtherId, "neurology")).ThenEvents(typeof(ReferralDrafted), typeof(ReferralOpened));
        Drafting(Draft, Contract(), others: [new ReferralOpened(OtherId, "cardiology"), new ReferralSettled(OtherId, "cardiology")])
            .ThenEvents(typeof(ReferralDrafted), typeof(ReferralOpened));
    }

    [Fact]
    public void A_slot_is_held_for_a_quarter_of_an_hour() =>
        Given<Referral>(Drafted()).And<QuotaBook>(Published).When("2024-03-01 09:00", Hold.Decide).Then(Chosen, Held);

    [Fact]
    public void Holding_twice_is_holding_once() =>
        Given<Referral>(Drafted(), Chosen).And<QuotaBook>(Published, Held).When("2024-03-01 09:05", Hold.Decide).ThenNothing();

    [Fact]
    public void An_ended_hold_may_be_taken_again() =>
        Given<Referral>(Drafted(), Chosen).And<QuotaBook>(Published, Held, new SlotHoldExpired(Id, 0, Pool.FamilyDoctor))
            .When("2024-03-01 09:30", Hold.Decide).Then(Chosen, Held with { ExpiresAt = Time("2024-03-01 09:45") });

    [Fact]
    public void Without_slots_there_is_nothing_to_hold() =>
        Given<Referral>(Drafted()).And<QuotaBook>().When("2024-03-01 09:00", Hold.Decide).ThenRefused("QUOTA_EXHAUSTED");

    [Fact]
    public void A_taken_pool_gives_nothing_though_the_public_one_is_free() =>
        Given<Referral>(Drafted()).And<QuotaBook>(Published, Held with { HoldId = OtherId }, new SlotHeld(Ids.Of("3"), 1, Pool.FamilyDoctor, Held.ExpiresAt))
            .When("2024-03-01 09:00", Hold.Decide).ThenRefused("QUOTA_EXHAUSTED");

    [Fact]
    public void After_the_cut_off_family_doctors_book_like_the_public() =>
        Given<Referral>(Drafted()).And<QuotaBook>(Published, new PoolReleasedToPublic(2)).When("2024-03-14 09:00", Hold.Decide)
            .Then(Chosen, Held with { Pool = Pool.Public, ExpiresAt = Time("2024-03-14 09:15") });

    [Fact]
    public void The_first_slot_that_has_not_begun_is_taken() =>
        Given<Referral>(Drafted(ReferralPriority.Urgent)).And<QuotaBook>(Published, new PoolReleasedToPublic(2)).When("2024-03-15 08:15", Hold.Decide)
            .Then(Chosen with { Start = Time("2024-03-15 08:20") }, new SlotHeld(Id, 2, Pool.Urgent, Time("2024-03-15 08:30")));

    [Fact]
    public void A_day_whose_last_slot_has_begun_is_closed() =>
        Given<Referral>(Drafted()).And<QuotaBook>(Published, new PoolReleasedToPublic(2)).When("2024-03-15 08:31", Hold.Decide).ThenRefused("POOL_CLOSED");

    [Fact]
    public void A_sent_referral_keeps_its_slot() =>
        Given<Referral>(ASubmittedReferral).And<QuotaBook>(Published).When("2024-03-01 10:00", Hold.Decide).ThenRefused("INVALID_TRANSITION");

    [Fact]
    public void A_sent_referral_whose_day_passed_unanswered_gets_another_day()
    {
        var later = Published with { Date = new(2024, 3, 29), FirstSlot = Time("2024-03-29 08:00"), ReleaseAt = Time("2024-03-27 08:00") };
        Given<Referral>(ASubmittedReferral).And<QuotaBook>(later).When("2024-03-16 09:00", Hold.Decide)
            .ThenEvents(typeof(ReferralSlotHeld), typeof(SlotHeld), typeof(SlotRequested));
    }

    [Fact]
    public void On_its_own_day_a_sent_referral_keeps_its_slot() =>
        Given<Referral>(ASubmittedReferral).And<QuotaBook>(Published).When("2024-03-15 08:00", Hold.Decide).ThenRefused("INVALID_TRANSITION");

    [Fact]
    public void Who_holds_nothing_gives_nothing_back() =>
        Given<Referral>(Drafted()).And<QuotaBook>(Published).When("2024-03-01 09:00", (r, b, _) => ReleaseHold.Decide(r, b)).ThenNothing();

    [Fact]
    public void Who_comes_on_that_day_already_is_not_moved() =>
        Given<Referral>(AScheduledReferral).And<QuotaBook>([.. ADayWithHisRequest, new SlotBooked(Id, 0, Pool.FamilyDoctor)])
            .When("2024-03-04 12:00", new RescheduleReferral(Day).Decide).ThenNothing();

    [Fact]
    public void Without_a_slot_a_routine_referral_is_sent_to_wait()
    {
        var toWait = Submit with { Waitlist = true };
        Given<Referral>(Drafted()).And<QuotaBook>(Published).When("2024-03-01 09:00", toWait.Decide).Then(Submitted);
        Given<Referral>(Drafted()).And<QuotaBook>(Published).When("2024-03-01 09:00", Submit.Decide).ThenRefused("CHECKLIST_INCOMPLETE");
    }

    [Fact]
    public void An_urgent_referral_waits_for_no_answer_and_stays_taken_when_it_is_moved()
    {
        DomainEvent[] urgent = [Drafted(ReferralPriority.Urgent), Chosen, Submitted, new ReferralFastTracked(Id, Scheduled.Start, Submitted.At), Authorised];
        Assert.Empty(Referral.Deadlines(urgent.Aggregate(default(Referral), Referral.Evolve)!));
        var later = Published with { Date = new(2024, 3, 29), FirstSlot = Time("2024-03-29 08:00"), ReleaseAt = Time("2024-03-27 08:00") };
        Given<Referral>(urgent).And<QuotaBook>(later).When("2024-03-04 12:00", new RescheduleReferral(later.Date).Decide)
            .ThenEvents(typeof(ReferralRescheduled), typeof(ReferralAuthorised), typeof(SlotHeld), typeof(SlotBooked));
    }

    [Fact]
    public void A_referral_is_the_hospital_s_from_its_sending_to_its_outcome_and_keeps_its_letters()
    {
        var draft = Referral.Evolve(null, Drafted() with { ClinicalSummaryRef = OtherId });
        Assert.Equal((Institution, OtherId), (draft.OwnerOrganizationId, Assert.Single(draft.Letters)));
        Assert.Empty(Referral.Evolve(null, Drafted()).Letters);
        Assert.Equal(HospitalId, AScheduledReferral.Append(Arrived).Aggregate(default(Referral), Referral.Evolve)!.OwnerOrganizationId);
        Assert.Equal(Institution, AScheduledReferral.Append(Arrived).Append(Returned).Aggregate(default(Referral), Referral.Evolve)!.OwnerOrganizationId);
    }

    [Theory]
    [InlineData("2024-03-01 09:00", true)] // two steps at the same time
    [InlineData("2024-03-01 08:59", false)]
    [InlineData("2199-12-31 09:00", true)]
    [InlineData("2200-01-01 09:00", false)]
    public void What_is_told_of_the_past_is_in_order(string second, bool possible)
    {
        var past = new Past<int>();
        Assert.Throws<RuleBroken>(() => past.Step(Time("1989-12-31 07:59"), 0));
        past.Step(Time("2024-03-01 09:00"), 1);
        if (possible)
            past.Step(Time(second), 2);
        else
            Assert.Equal("RULE_VIOLATION", Assert.Throws<RuleBroken>(() => past.Step(Time(second), 2)).Code);
        Assert.Equal(possible ? 2 : 1, past.Count);
    }

    [Fact]
    public void An_urgent_referral_whose_hold_has_ended_is_valid_from_today() =>
        Given<Referral>(Drafted(ReferralPriority.Urgent), Chosen).And<QuotaBook>(Published).When("2024-03-01 09:00", Submit.Decide).Then(
            Submitted with { ResponseDueAt = Time("2024-03-02 09:00") }, new ReferralFastTracked(Id, null, Submitted.At), Authorised with { ValidTo = new(2024, 3, 31) });

    [Fact]
    public void A_slot_of_the_past_makes_no_number_shorter() => Assert.Equal(new DateOnly(2024, 4, 30),
        AScheduledReferral.Aggregate(default(Referral), Referral.Evolve)!.Authorise(At("2024-03-31 09:00"), withSlot: true).ValidTo);

    [Fact]
    public void What_a_consultation_began_lapses_after_a_month()
    {
        var begun = new ReferralPrefilled(Id, OtherId, Resident, ContractId, 4, Team, Institution, "330203", Time("2024-03-31 09:00"));
        Given<Referral>().When("2024-03-01 09:00", (r, at) => WhenAppointmentFulfilled.Decide(Id, r, Appointment, Contract(), at)).Then(begun);
        Given<Referral>().When("2024-03-01 09:00", (r, at) => WhenAppointmentFulfilled.Decide(Id, r, Appointment, Contract("Terminated"), at)).ThenNothing();
        Given<Referral>(begun).When("2024-03-31 08:59", LapsePrefilledReferral.Decide).ThenNothing();
        Given<Referral>(begun).When("2024-03-31 09:00", LapsePrefilledReferral.Decide).Then(new ReferralCancelled(Id, "service", "notCompleted"));
        Assert.Equal([new Deadline(nameof(LapsePrefilledReferral), Time("2024-03-31 09:00"))], Referral.Deadlines(Referral.Evolve(null, begun)));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_death_told_in_error_is_taken_back_for_so_many_days(int ticksTooLate, bool reopened)
    {
        var (diedAt, late) = (Time("2024-03-03 09:00"), At("2024-03-03 09:00"));
        late = late with { Now = diedAt.AddDays(late.Policy.DeathReversalDays).AddTicks(ticksTooLate) };
        var referral = new DomainEvent[] { Drafted(), new ReferralCancelled(Id, "service", EndedByDeath.Reason, diedAt) }.Aggregate(default(Referral), Referral.Evolve);
        Assert.Equal(reopened, WhenDeathReversedThenReopened.Decide(referral, null, late).Referral.Any());
        var byHand = new DomainEvent[] { Drafted(), new ReferralCancelled(Id, "service", "resident", diedAt) }.Aggregate(default(Referral), Referral.Evolve);
        Assert.Empty(WhenDeathReversedThenReopened.Decide(byHand, null, late).Referral);
    }

    [Fact]
    public void Who_was_referred_anew_is_not_reopened_and_what_had_not_been_drafted_is_not_under_way()
    {
        var died = new ReferralCancelled(Id, "service", EndedByDeath.Reason, Time("2024-03-03 09:00"));
        Reversing([Drafted(), died], new ReferralOpened(OtherId, "cardiology")).ThenNothing();
        Reversing([Drafted(), died]).Then(new ReferralReopened(Id, true), Opened);
        Reversing([new ReferralPrefilled(Id, OtherId, Resident, ContractId, 4, Team, Institution, "330203", Time("2024-03-31 09:00")), died]).Then(new ReferralReopened(Id, true));

        static Outcome Reversing(DomainEvent[] referral, params DomainEvent[] others) =>
            Given<Referral>(referral).And<ResidentReferrals>(others).When("2024-03-04 09:00", WhenDeathReversedThenReopened.Decide);
    }

    [Fact]
    public void An_unknown_referral_holds_nothing() =>
        Given<Referral>().And<QuotaBook>(Published).When("2024-03-01 09:00", Hold.Decide).ThenUnknown();

    [Fact]
    public void A_complete_referral_is_sent_and_its_slot_stays_held() =>
        Given<Referral>(Drafted(), Chosen).And<QuotaBook>(Published, Held).When("2024-03-01 09:00", Submit.Decide).Then(Submitted, new SlotRequested(Id));

    [Fact]
    public void Sending_twice_is_sending_once() =>
        Given<Referral>(ASubmittedReferral).And<QuotaBook>(ADayWithHisRequest).When("2024-03-01 09:10", Submit.Decide).ThenNothing();

    [Fact]
    public void What_is_missing_is_listed()
    {
        var refused = Assert.Throws<RuleBroken>(() => new SubmitReferral().Decide(
            Referral.Evolve(null, Drafted() with { ConditionCodes = [] }), null, At("2024-03-01 09:00")));
        Assert.Equal("CHECKLIST_INCOMPLETE", refused.Code);
        Assert.Equal(["consentRef", "conditionCodes", "slot"], (string[])refused.Facts!.GetType().GetProperty("missing")!.GetValue(refused.Facts)!);
    }

    [Fact]
    public void After_the_hold_has_ended_nothing_is_sent() =>
        Given<Referral>(Drafted(), Chosen).And<QuotaBook>(Published, Held, new SlotHoldExpired(Id, 0, Pool.FamilyDoctor))
            .When("2024-03-01 09:20", Submit.Decide).ThenRefused("HOLD_EXPIRED");

    [Fact]
    public void A_cancelled_referral_is_not_sent() =>
        Given<Referral>(Drafted(), new ReferralCancelled(Id, "clinic", "resident")).And<QuotaBook>().When("2024-03-01 09:20", Submit.Decide)
            .ThenRefused("INVALID_TRANSITION");

    [Theory]
    [InlineData("2025-09-30 16:00", ReferralPriority.Routine, "2025-10-11 16:00")] // the holiday of October; the 11th is a working Saturday
    [InlineData("2024-03-01 09:00", ReferralPriority.Routine, "2024-03-06 09:00")]
    [InlineData("2025-09-30 16:00", ReferralPriority.Urgent, "2025-10-01 16:00")]
    [InlineData("2025-09-30 16:00", ReferralPriority.Emergency, "2025-09-30 16:30")]
    public void The_hospital_has_so_long_to_answer(string sent, ReferralPriority priority, string due) =>
        Assert.Equal(Time(due), ResponseClock.DueAt(priority, At(sent)));

    [Fact]
    public void An_urgent_referral_has_its_slot_at_once() =>
        Given<Referral>(Drafted(ReferralPriority.Urgent), Chosen).And<QuotaBook>(Published, Held with { Pool = Pool.Urgent })
            .When("2024-03-01 09:00", Submit.Decide).Then(
                Submitted with { ResponseDueAt = Time("2024-03-02 09:00") }, new ReferralFastTracked(Id, Time("2024-03-15 08:00"), Submitted.At), Authorised,
                new SlotBooked(Id, 0, Pool.Urgent));

    [Fact]
    public void An_emergency_never_waits_for_a_slot() =>
        Given<Referral>(Drafted(ReferralPriority.Emergency)).And<QuotaBook>().When("2024-03-01 09:00", Submit.Decide).Then(
            Submitted with { ResponseDueAt = Time("2024-03-01 09:30") }, new ReferralFastTracked(Id, null, Submitted.At),
            Authorised with { ValidTo = new(2024, 3, 31) });

    [Fact]
    public void A_cancelled_referral_gives_its_slot_back() =>
        Given<Referral>(ASubmittedReferral).And<QuotaBook>(ADayWithHisRequest).And<ResidentReferrals>(Opened)
            .When("2024-03-02 09:00", (r, b, _, _) => new CancelReferral("resident").Decide(r, b, Doctor))
            .Then(new ReferralCancelled(Id, "clinic", "resident"), new SlotReleased(Id, 0, Pool.FamilyDoctor), new ReferralSettled(Id, "cardiology"));

    [Fact]
    public void After_the_cut_off_a_slot_given_back_is_the_public_s() =>
        Given<Referral>(ASubmittedReferral).And<QuotaBook>([.. ADayWithHisRequest, new PoolReleasedToPublic(1)]).And<ResidentReferrals>(Opened)
            .When("2024-03-14 09:00", (r, b, _, _) => new CancelReferral("resident").Decide(r, b, Doctor))
            .ThenEvents(typeof(ReferralCancelled), typeof(SlotReleased), typeof(PoolReleasedToPublic), typeof(ReferralSettled));

    [Fact]
    public void A_patient_in_care_is_not_cancelled() =>
        Given<Referral>([.. AScheduledReferral, Arrived]).And<QuotaBook>().And<ResidentReferrals>(Opened)
            .When("2024-03-15 09:00", (r, b, _, _) => new CancelReferral("resident").Decide(r, b, Doctor)).ThenRefused("INVALID_TRANSITION");
}
