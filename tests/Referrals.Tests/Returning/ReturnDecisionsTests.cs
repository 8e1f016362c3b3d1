using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Referrals.Referring;
using FamilyDoctor.Referrals.Returning;
using FamilyDoctor.Testing;
using static FamilyDoctor.Referrals.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Referrals.Tests.Returning;

public sealed class ReturnDecisionsTests
{
    private static readonly RecordArrival Arrive = new(false);
    private static readonly ReturnOutcome Outcome = new(Disposition.Discharged, FollowUpDueBy: new(2024, 3, 29));
    private static readonly ProposeDownReferral Propose = new(Id, Resident, HospitalId, null, null, ["fall"], true);
    private static readonly DownReferralProposed Proposed = new(Id, Resident, ContractId, 4, Team, Institution, "330203", HospitalId, null, null, ["fall"], true,
        Time("2024-03-01 09:00"), Time("2024-03-03 09:00"), Time("2024-03-04 09:00"));
    private static readonly InstitutionFacts Nearest = new(OtherId, "样例中心", "Sample center", "330205", "Active", 29.9, 121.5);
    private static readonly DownReferralAccepted TakenBack = new(Id);
    private static readonly FirstContactMade Contact = new(Id, ContactMode.Phone, Time("2024-03-02 10:00"));

    [Fact]
    public void The_patient_arrives() => Given<Referral>(AScheduledReferral).When("2024-03-15 08:05", Arrive.Decide).Then(Arrived);

    [Fact]
    public void Arriving_twice_is_arriving_once() => Given<Referral>([.. AScheduledReferral, Arrived]).When("2024-03-15 08:30", Arrive.Decide).ThenNothing();

    [Theory]
    [InlineData("2024-04-14 23:59", true)]
    [InlineData("2024-04-15 00:00", false)]
    public void The_number_is_valid_for_a_while(string now, bool valid)
    {
        var outcome = Given<Referral>(AScheduledReferral).When(now, Arrive.Decide);
        if (valid)
            outcome.ThenEvents(typeof(PatientArrived));
        else
            outcome.ThenRefused("AUTHORISATION_EXPIRED");
    }

    [Fact]
    public void Nobody_arrives_before_the_hospital_has_answered() =>
        Given<Referral>(ASubmittedReferral).When("2024-03-15 08:05", Arrive.Decide).ThenRefused("INVALID_TRANSITION");

    [Fact]
    public void A_patient_who_did_not_come_may_be_referred_anew() =>
        Given<Referral>(AScheduledReferral).And<ResidentReferrals>(Opened).When("2024-03-15 18:00", (r, _, at) => MarkReferralNoShow.Decide(r, at))
            .Then(new ReferralNoShow(Id), new ReferralSettled(Id, "cardiology"));

    [Fact]
    public void Nobody_is_missing_before_his_day() =>
        Given<Referral>(AScheduledReferral).And<ResidentReferrals>(Opened).When("2024-03-14 23:59", (r, _, at) => MarkReferralNoShow.Decide(r, at))
            .ThenRefused("SLOT_NOT_DUE");

    [Fact]
    public void The_outcome_goes_back_to_the_family_doctor() =>
        Given<Referral>([.. AScheduledReferral, Arrived]).And<ResidentReferrals>(Opened)
            .When("2024-03-16 10:00", (r, _, at) => Outcome.Decide(r, null, null, at)).Then(Returned, new ReferralSettled(Id, "cardiology"));

    [Fact]
    public void An_outcome_is_returned_once() =>
        Given<Referral>([.. AScheduledReferral, Arrived, Returned]).And<ResidentReferrals>()
            .When("2024-03-17 10:00", (r, _, at) => Outcome.Decide(r, null, null, at)).ThenRefused("OUTCOME_ALREADY_RETURNED");

    [Fact]
    public void There_is_no_outcome_without_a_patient() =>
        Given<Referral>(AScheduledReferral).And<ResidentReferrals>(Opened)
            .When("2024-03-17 10:00", (r, _, at) => Outcome.Decide(r, null, null, at)).ThenRefused("INVALID_TRANSITION");

    [Fact]
    public void The_loop_is_closed_when_the_doctor_has_read_the_outcome() =>
        Given<Referral>([.. AScheduledReferral, Arrived, Returned]).When("2024-03-18 10:00", (r, _) => AcknowledgeOutcome.Decide(r))
            .Then(new ReferralClosed(Id, true, null));

    [Fact]
    public void Without_the_patient_the_loop_is_left_with_its_reason() =>
        Given<Referral>([.. AScheduledReferral, new ReferralNoShow(Id)]).When("2024-03-18 10:00", (r, _) => AcknowledgeOutcome.Decide(r))
            .Then(new ReferralClosed(Id, false, "noShow"));

    [Fact]
    public void Nothing_is_read_before_it_is_returned() =>
        Given<Referral>([.. AScheduledReferral, Arrived]).When("2024-03-18 10:00", (r, _) => AcknowledgeOutcome.Decide(r)).ThenRefused("INVALID_TRANSITION");

    private static Outcome Proposing(KnownContract? contract, string now = "2024-03-01 09:00", Referral? up = null) =>
        Given<DownReferral>().When(now, (d, at) => Propose.Decide(Id, d, up, contract, null, null, at));

    [Fact]
    public void A_patient_goes_back_to_the_institution_of_his_team()
    {
        Proposing(Contract()).Then(Proposed);
        Assert.Equal(Institution, DownReferral.Evolve(null, Proposed).OwnerOrganizationId);
    }

    [Fact]
    public void In_the_grace_of_a_contract_care_goes_on() => Proposing(Contract("InGrace"), "2025-01-05 09:00").ThenEvents(typeof(DownReferralProposed));

    [Fact]
    public void Without_a_team_nobody_would_own_it() => Proposing(null).ThenRefused("NO_ACTIVE_CONTRACT");

    [Fact]
    public void The_referral_it_answers_is_the_same_resident_s() =>
        Proposing(Contract(), up: Referral.Evolve(null, Drafted() with { ResidentId = OtherId })).ThenRefused("RULE_VIOLATION");

    [Fact]
    public void The_referral_it_answers_brought_him_to_this_hospital()
    {
        Proposing(Contract(), up: Referral.Evolve(null, Drafted() with { HospitalId = OtherId })).ThenRefused("RULE_VIOLATION");
        Proposing(Contract(), up: Referral.Evolve(null, Drafted())).Then(Proposed);
    }

    [Fact]
    public void Without_a_contract_the_institution_nearby_has_the_same_time() =>
        Given<DownReferral>().When("2024-03-01 09:00", (d, at) => Propose.Decide(Id, d, null, null, Nearest, null, at)).Then(Proposed with
        {
            ContractId = null,
            ContractVersion = 0,
            TeamId = null,
            ToOrg = OtherId,
            DistrictCode = "330205",
            InvitedToSign = true,
        });

    [Fact]
    public void A_declined_patient_is_the_hospital_s_again_and_never_goes_back_to_who_declined()
    {
        var declined = new DownReferralDeclined(Id, Institution, "noCapacity", Time("2024-03-04 10:00"));
        Given<DownReferral>(Proposed).When("2024-03-02 10:00", new DeclineDownReferral("noCapacity").Decide).Then(declined);
        var again = new ReassignDownReferral(OtherId, "nearer");
        var reassigned = new DownReferralReassigned(Id, HospitalId, OtherId, "330205", "nearer", Time("2024-03-04 12:00"));
        Given<DownReferral>(Proposed, declined).When("2024-03-02 12:00", (d, at) => again.Decide(d, Nearest, at)).Then(reassigned);
        Given<DownReferral>(Proposed, declined, reassigned).When("2024-03-02 13:00", (d, at) => again.Decide(d, Nearest, at)).ThenNothing();
        Given<DownReferral>(Proposed, declined, reassigned).When("2024-03-02 13:00", (d, at) =>
            new ReassignDownReferral(Institution, "nearer").Decide(d, Nearest with { InstitutionId = Institution }, at)).ThenRefused("RULE_VIOLATION");
        Given<DownReferral>(Proposed, declined).When("2024-03-04 10:00", EscalateDownReferral.Decide).Then(new DownReferralOverdue(Id, 2, "district", null));
    }

    [Fact]
    public void A_case_changes_its_team_only_where_it_is_another_one()
    {
        var (same, team, institution) = (new NewOwner(Team, Institution, "330203"), new NewOwner(OtherId, Institution, "330203"), new NewOwner(Team, OtherId, "330205"));
        foreach (var owner in new[] { same, team, institution })
        {
            var changes = owner == same ? 0 : 1;
            Assert.Equal(changes, Given<DownReferral>(Proposed).When("2024-03-02 10:00", (d, _) => owner.Decide(d)).Events.Count);
            Assert.Equal(changes, Given<Referral>(ASubmittedReferral).When("2024-03-02 10:00", (r, _) => owner.Decide(r)).Events.Count);
            Assert.Equal(changes, Given<Exam>(Examined).When("2024-03-02 10:00", (x, _) => owner.Decide(x)).Events.Count);
        }
    }

    private static readonly ExamRequested Examined =
        new(Id, Resident, ContractId, 4, Team, Institution, "330203", HospitalId, "MRI", "knee", Time("2024-03-01 09:00"), null, null);

    [Fact]
    public void Whoever_owns_him_goes_on_owning_him_when_his_institution_or_team_changes()
    {
        var declined = new DownReferralDeclined(Id, Institution, "noCapacity", Time("2024-03-04 10:00"));
        var (rehomed, changed) = (new DownReferralRehomed(Id, Institution, OtherId, "330205"), new DownReferralOwnerChanged(Id, Team, OtherId, "330205"));
        foreach (var @event in new DomainEvent[] { rehomed, changed })
        {
            Assert.Equal(OtherId, DownReferral.Evolve(DownReferral.Evolve(null, Proposed), @event).OwnerOrganizationId);
            Assert.Equal(HospitalId, DownReferral.Evolve(DownReferral.Evolve(DownReferral.Evolve(null, Proposed), declined), @event).OwnerOrganizationId);
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_death_told_in_error_is_taken_back_for_so_many_days(int ticksTooLate, bool reopened)
    {
        var (died, late) = (new DownReferralCancelled(Id, EndedByDeath.Reason, Time("2024-03-01 10:00")), At("2024-03-01 10:00"));
        late = late with { Now = late.Now.AddDays(late.Policy.DeathReversalDays).AddTicks(ticksTooLate) };
        Expect([Proposed, died], late.Now + ProposeDownReferral.AcceptWithin);
        Expect([Proposed, TakenBack, died], null); // it had been accepted

        void Expect(DomainEvent[] history, DateTimeOffset? acceptBy) => Assert.Equal(reopened ? [new DownReferralReopened(Id, acceptBy)] : [],
            WhenDeathReversedThenReopened.Decide(history.Aggregate(default(DownReferral), DownReferral.Evolve), late));
    }

    [Fact]
    public void The_team_takes_him_back_sees_him_and_closes()
    {
        Given<DownReferral>(Proposed).When("2024-03-01 10:00", (d, _) => AcceptDownReferral.Decide(d)).Then(TakenBack);
        Given<DownReferral>(Proposed, TakenBack).When("2024-03-02 10:00", new RecordFirstContact(ContactMode.Phone).Decide).Then(Contact);
        Given<DownReferral>(Proposed, TakenBack, Contact).When("2024-03-09 10:00", (d, _) => CloseDownReferral.Decide(d)).Then(new DownReferralClosed(Id));
    }

    [Fact]
    public void There_is_one_first_contact_and_not_before_he_was_taken_back()
    {
        Given<DownReferral>(Proposed, TakenBack, Contact).When("2024-03-03 10:00", new RecordFirstContact(ContactMode.Visit).Decide).ThenNothing();
        Given<DownReferral>(Proposed).When("2024-03-02 10:00", new RecordFirstContact(ContactMode.Visit).Decide).ThenRefused("INVALID_TRANSITION");
    }

    [Fact]
    public void It_is_not_closed_without_a_contact() =>
        Given<DownReferral>(Proposed, TakenBack).When("2024-03-09 10:00", (d, _) => CloseDownReferral.Decide(d)).ThenRefused("FIRST_CONTACT_MISSING");

    [Fact]
    public void Nobody_takes_him_back_and_two_offices_hear_of_it_while_the_owner_stays()
    {
        var first = new DownReferralOverdue(Id, 1, "institution", Time("2024-03-05 09:00"));
        var second = new DownReferralOverdue(Id, 2, "district", null);
        Assert.Equal([new Deadline(nameof(EscalateDownReferral), Time("2024-03-03 09:00"))], DownReferral.Deadlines(DownReferral.Evolve(null, Proposed)));
        Given<DownReferral>(Proposed).When("2024-03-03 08:59", EscalateDownReferral.Decide).ThenNothing();
        Given<DownReferral>(Proposed).When("2024-03-03 09:00", EscalateDownReferral.Decide).Then(first);
        Given<DownReferral>(Proposed, first).When("2024-03-05 09:00", EscalateDownReferral.Decide).Then(second);
        var down = new DomainEvent[] { Proposed, first, second }.Aggregate(default(DownReferral), DownReferral.Evolve)!;
        Assert.Empty(DownReferral.Deadlines(down));
        Assert.Equal(Institution, down.OwnerOrganizationId);
    }
}
