using FamilyDoctor.EventSourcing;
using FamilyDoctor.Referrals.Answering;
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
