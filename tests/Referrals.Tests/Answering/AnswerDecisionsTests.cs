using FamilyDoctor.EventSourcing;
using FamilyDoctor.Referrals.Answering;
using FamilyDoctor.Referrals.Referring;
using FamilyDoctor.Testing;
using static FamilyDoctor.Referrals.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Referrals.Tests.Answering;

public sealed class AnswerDecisionsTests
{
    private static readonly Actor Desk = new("desk", Role.Hospital);
    private static readonly ReferralFastTracked FastTracked = new(Id, Time("2024-03-15 08:00"), Submitted.At);

    private static Outcome Accepting(string now, DomainEvent[] referral, params DomainEvent[] book) =>
        Given<Referral>(referral).And<QuotaBook>(book).When(now, (r, b, at) => new AcceptReferral().Decide(r, b, Desk, at));

    [Fact]
    public void The_hospital_takes_the_patient_at_the_held_time() =>
        Accepting("2024-03-04 10:00", ASubmittedReferral, ADayWithHisRequest)
            .Then(Accepted, Scheduled, Authorised, new SlotBooked(Id, 0, Pool.FamilyDoctor));

    [Fact]
    public void Accepting_twice_is_accepting_once() => Accepting("2024-03-04 11:00", AScheduledReferral, ADayWithHisRequest).ThenNothing();

    [Fact]
    public void A_draft_is_not_accepted() => Accepting("2024-03-04 11:00", [Drafted()]).ThenRefused("INVALID_TRANSITION");

    [Fact]
    public void What_nobody_knows_is_not_accepted() => Accepting("2024-03-04 11:00", []).ThenUnknown();

    [Fact]
    public void A_day_that_has_passed_is_not_accepted()
    {
        Accepting("2024-03-15 18:00", ASubmittedReferral, ADayWithHisRequest)
            .ThenEvents(typeof(ReferralAccepted), typeof(ReferralScheduled), typeof(ReferralAuthorised), typeof(SlotBooked));
        Accepting("2024-03-16 00:00", ASubmittedReferral, ADayWithHisRequest).ThenRefused("HOLD_EXPIRED");
    }

    [Fact]
    public void A_fast_tracked_patient_is_confirmed_once()
    {
        DomainEvent[] referral = [Drafted(ReferralPriority.Urgent), Chosen, Submitted, FastTracked, Authorised];
        Accepting("2024-03-01 10:00", referral).Then(Accepted with { At = Time("2024-03-01 10:00") });
        Accepting("2024-03-01 11:00", [.. referral, Accepted]).ThenNothing();
    }

    [Fact]
    public void A_declined_referral_gives_its_slot_back() =>
        Given<Referral>(ASubmittedReferral).And<QuotaBook>(ADayWithHisRequest).And<ResidentReferrals>(Opened)
            .When("2024-03-04 10:00", (r, b, _, at) => new DeclineReferral("incompleteForm").Decide(r, b, null, null, at))
            .Then(new ReferralDeclined(Id, "incompleteForm", null, Time("2024-03-04 10:00")), new SlotReleased(Id, 0, Pool.FamilyDoctor),
                new ReferralSettled(Id, "cardiology"));

    [Fact]
    public void The_day_that_is_held_may_be_named() =>
        Given<Referral>(ASubmittedReferral).And<QuotaBook>(ADayWithHisRequest).When("2024-03-04 10:00", (r, b, at) => new AcceptReferral(Day).Decide(r, b, Desk, at))
            .Then(Accepted, Scheduled, Authorised, new SlotBooked(Id, 0, Pool.FamilyDoctor));

    [Theory]
    [InlineData("2024-03-03", false)]
    [InlineData("2024-03-04", true)]
    [InlineData("2199-12-31", true)]
    [InlineData("2200-01-01", false)]
    public void Who_waits_waits_for_a_day_from_today_on(string day, bool possible)
    {
        var wait = new AcceptToWaitlist(DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        var outcome = Given<Referral>(ASubmittedReferral).And<QuotaBook>(ADayWithHisRequest).When("2024-03-04 10:00", wait.Decide);
        if (possible)
            outcome.ThenEvents(typeof(ReferralWaitlisted), typeof(SlotReleased));
        else
            outcome.ThenRefused("RULE_VIOLATION");
    }

    [Fact]
    public void Nobody_is_sent_on_to_a_hospital_without_the_service() =>
        Given<Referral>(ASubmittedReferral).And<QuotaBook>(ADayWithHisRequest).And<ResidentReferrals>(Opened).When("2024-03-04 10:00", (r, b, _, at) =>
            new DeclineReferral("notOurs", RedirectTo: OtherId).Decide(r, b, Hospital with { HospitalId = OtherId, Services = ["neurology"] }, null, at))
            .ThenRefused("SERVICE_NOT_OFFERED");

    [Fact]
    public void The_insurer_answers_once_and_only_what_was_asked()
    {
        var (granted, refused) = (new ReferralInsured(Id, "REF-1"), new ReferralInsuranceRefused(Id, "notCovered"));
        Given<Referral>(AScheduledReferral).When("2024-03-04 12:00", (r, _) => WhenReferralAuthorisationAnswered.Decide(r, granted)).Then(granted);
        Given<Referral>([.. AScheduledReferral, granted]).When("2024-03-04 12:00", (r, _) => WhenReferralAuthorisationAnswered.Decide(r, refused)).ThenNothing();
        Given<Referral>(ASubmittedReferral).When("2024-03-04 12:00", (r, _) => WhenReferralAuthorisationAnswered.Decide(r, granted)).ThenNothing();
    }

    [Fact]
    public void Whoever_answered_in_time_may_wait_and_whoever_answered_late_stays_late()
    {
        var (targetBy, until) = (new DateOnly(2024, 3, 20), Time("2024-03-21 00:00"));
        foreach (var (answered, due) in new[] { (Submitted.ResponseDueAt, until), (Submitted.ResponseDueAt.AddTicks(1), Submitted.ResponseDueAt) })
        {
            DomainEvent[] waits = [.. ASubmittedReferral, new ReferralWaitlisted(Id, targetBy, answered, until)];
            Assert.Equal(due, waits.Aggregate(default(Referral), Referral.Evolve)!.DueAt);
            Assert.Equal(answered, waits.Append(Accepted with { At = until }).Aggregate(default(Referral), Referral.Evolve)!.RespondedAt);
        }
    }

    [Fact]
    public void Another_slot_on_a_hospital_s_word_leaves_what_was_and_an_unanswered_one_begins_anew()
    {
        var overdue = new ReferralOverdue(Id, 2, "district", null);
        foreach (var (dueAt, level) in new[] { ((DateTimeOffset?)null, 2), (Time("2024-03-20 09:00"), 0) })
        {
            var moved = new DomainEvent[] { overdue, new ReferralRebookRequired(Id, "doctorIll"), new ReferralRescheduled(Id, BookId, Day, Scheduled.Start, dueAt) }
                .Aggregate(ASubmittedReferral.Aggregate(default(Referral), Referral.Evolve), Referral.Evolve)!;
            Assert.Equal((level, 0), (moved.OverdueLevel, moved.Rebookings));
        }
    }

    [Theory]
    [InlineData("2024-03-05 08:59", "2024-03-08 09:01")]
    [InlineData("2024-03-06 09:00", "2024-03-06 09:00")] // it was up as the question was asked
    [InlineData("2024-03-06 10:00", "2024-03-06 09:00")]
    public void A_clock_that_was_up_does_not_go_on(string asked, string due)
    {
        Assert.Equal(Time(due), ResponseClock.GoesOn(Submitted.ResponseDueAt, Time(asked), ReferralPriority.Urgent, At("2024-03-07 09:00")));
        DomainEvent[] stands = [.. ASubmittedReferral, new ReferralReturnedForInformation(Id, ["labs"], null, Time(asked))];
        var told = (ReferralInformationSupplied)Given<Referral>(stands).When("2024-03-07 09:00", (r, at) => new SupplyInformation("labs").Decide(r, OtherId, at)).Events.Single();
        Assert.Equal((OtherId, told.ResponseDueAt), (told.LetterRef, told.EscalatesAt));
    }

    [Fact]
    public void What_was_accepted_is_not_declined() =>
        Given<Referral>(AScheduledReferral).And<QuotaBook>(ADayWithHisRequest).And<ResidentReferrals>(Opened)
            .When("2024-03-04 12:00", (r, b, _, at) => new DeclineReferral("incompleteForm").Decide(r, b, null, null, at)).ThenRefused("INVALID_TRANSITION");

    [Fact]
    public void Nobody_answers_and_three_offices_hear_of_it_one_after_the_other()
    {
        DomainEvent[] history = ASubmittedReferral;
        ReferralOverdue[] expected = [
            new(Id, 1, "referralOffice", Time("2024-03-11 09:00")), new(Id, 2, "district", Time("2024-03-14 09:00")), new(Id, 3, "commission", null)];
        foreach (var (overdue, at) in expected.Zip(["2024-03-06 09:00", "2024-03-11 09:00", "2024-03-14 09:00"]))
        {
            Assert.Equal([new Deadline("EscalateReferral", Time(at))], Referral.Deadlines(history.Aggregate(default(Referral), Referral.Evolve)!));
            Given<Referral>(history).When(at, EscalateReferral.Decide).Then(overdue);
            history = [.. history, overdue];
        }
        Assert.Empty(Referral.Deadlines(history.Aggregate(default(Referral), Referral.Evolve)!));
        // It stays where it is and may still be accepted.
        Accepting("2024-03-14 10:00", history, ADayWithHisRequest)
            .ThenEvents(typeof(ReferralAccepted), typeof(ReferralScheduled), typeof(ReferralAuthorised), typeof(SlotBooked));
    }

    [Fact]
    public void An_answered_referral_is_not_overdue() =>
        Given<Referral>(AScheduledReferral).When("2024-03-31 09:00", EscalateReferral.Decide).ThenNothing();
}
