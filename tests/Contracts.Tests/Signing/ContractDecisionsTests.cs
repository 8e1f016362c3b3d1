using FamilyDoctor.Contracts.Applying;
using FamilyDoctor.Contracts.Ending;
using FamilyDoctor.Contracts.Fulfilling;
using FamilyDoctor.Contracts.Registering;
using FamilyDoctor.Contracts.Signing;
using FamilyDoctor.EventSourcing;
using static FamilyDoctor.Contracts.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Contracts.Tests.Signing;

public sealed class ContractDecisionsTests
{
    private static readonly ApplyForContract Apply = new(ContractId, Resident, Team);
    private static readonly ConfirmContract Confirm = new("inPerson");

    [Fact]
    public void An_eligible_resident_applies_and_a_seat_is_kept() =>
        Given<Enrolment>(Registered, Eligible).And<TeamPanel>(Panel)
            .When("2024-03-01 09:00", (e, p, at) => Apply.Decide(ContractId, e, p, Catalogue, at))
            .Then(Applied, Reserved);

    [Fact]
    public void Applying_twice_is_applying_once() =>
        Given<Enrolment>(Registered, Eligible, Applied).And<TeamPanel>(Panel, Reserved)
            .When("2024-03-01 09:00", (e, p, at) => Apply.Decide(ContractId, e, p, Catalogue, at)).ThenNothing();

    [Fact]
    public void Nobody_applies_while_another_application_waits() =>
        Given<Enrolment>(Registered, Eligible, Applied).And<TeamPanel>(Panel, Reserved)
            .When("2024-03-02 09:00", (e, p, at) => Apply.Decide(NewContract, e, p, Catalogue, at)).ThenRefused("APPLICATION_PENDING");

    [Fact]
    public void Nobody_has_two_contracts() =>
        Given<Enrolment>(ASignedResident).And<TeamPanel>(APanelWithHim)
            .When("2024-05-01 09:00", (e, p, at) => Apply.Decide(NewContract, e, p, Catalogue, at)).ThenRefused("ALREADY_CONTRACTED");

    [Fact]
    public void Nobody_signs_without_evidence() =>
        Given<Enrolment>(Registered).And<TeamPanel>(Panel)
            .When("2024-03-01 09:00", (e, p, at) => Apply.Decide(ContractId, e, p, Catalogue, at)).ThenRefused("NOT_ELIGIBLE");

    [Theory]
    [InlineData("2024-03-01 09:00", false)] // exactly six months are not more than six months
    [InlineData("2024-03-02 09:00", true)]
    public void A_residence_counts_after_more_than_six_months(string today, bool eligible)
    {
        var outcome = Given<Enrolment>(Registered, new EligibilityVerified(EligibilityBasis.Residence, "permit", new(2023, 9, 1)))
            .And<TeamPanel>(Panel).When(today, (e, p, at) => Apply.Decide(ContractId, e, p, Catalogue, at));
        if (eligible)
            outcome.ThenEvents(typeof(ContractApplied), typeof(PanelSeatReserved));
        else
            outcome.ThenRefused("NOT_ELIGIBLE");
    }

    [Fact]
    public void A_term_must_be_allowed() =>
        Given<Enrolment>(Registered, Eligible).And<TeamPanel>(Panel)
            .When("2024-03-01 09:00", (e, p, at) => (Apply with { TermMonths = 18 }).Decide(ContractId, e, p, Catalogue, at)).ThenRefused("TERM_NOT_ALLOWED");

    [Fact]
    public void A_full_panel_takes_nobody() =>
        Given<Enrolment>(Registered, Eligible).And<TeamPanel>(Panel with { Reserved = 1, Confirmed = 1 })
            .When("2024-03-01 09:00", (e, p, at) => Apply.Decide(ContractId, e, p, Catalogue, at)).ThenRefused("PANEL_FULL");

    [Fact]
    public void A_team_that_paused_takes_nobody() =>
        Given<Enrolment>(Registered, Eligible).And<TeamPanel>(Panel with { Accepting = false })
            .When("2024-03-01 09:00", (e, p, at) => Apply.Decide(ContractId, e, p, Catalogue, at)).ThenRefused("TEAM_NOT_ACCEPTING");

    [Fact]
    public void A_team_that_was_never_activated_takes_nobody() =>
        Given<Enrolment>(Registered, Eligible).And<TeamPanel>()
            .When("2024-03-01 09:00", (e, p, at) => Apply.Decide(ContractId, e, p, Catalogue, at)).ThenRefused("TEAM_NOT_ACCEPTING");

    [Fact]
    public void An_unknown_resident_is_unknown() =>
        Given<Enrolment>().And<TeamPanel>(Panel)
            .When("2024-03-01 09:00", (e, p, at) => Apply.Decide(ContractId, e, p, Catalogue, at)).ThenUnknown();

    [Fact]
    public void The_team_signs_and_the_seat_is_taken() =>
        Given<Enrolment>(Registered, Eligible, Applied).And<TeamPanel>(Panel, Reserved)
            .When("2024-03-01 10:00", (e, p, at) => Confirm.Decide(ContractId, e, p, Catalogue, at)).Then(Signed, Confirmed);

    [Fact]
    public void Signing_twice_is_signing_once() =>
        Given<Enrolment>(ASignedResident).And<TeamPanel>(APanelWithHim)
            .When("2024-03-01 10:00", (e, p, at) => Confirm.Decide(ContractId, e, p, Catalogue, at)).ThenNothing();

    [Fact]
    public void A_minor_needs_a_guardian() =>
        Given<Enrolment>(RegisteredMinor, Eligible, Applied).And<TeamPanel>(Panel, Reserved)
            .When("2024-03-01 10:00", (e, p, at) => Confirm.Decide(ContractId, e, p, Catalogue, at)).ThenRefused("GUARDIAN_REQUIRED");

    [Fact]
    public void A_signature_from_afar_needs_its_proof() =>
        Given<Enrolment>(Registered, Eligible, Applied).And<TeamPanel>(Panel, Reserved)
            .When("2024-03-01 10:00", (e, p, at) => new ConfirmContract("otp").Decide(ContractId, e, p, Catalogue, at)).ThenRefused("PROOF_INVALID");

    [Fact]
    public void A_paused_team_signs_nobody() =>
        Given<Enrolment>(Registered, Eligible, Applied).And<TeamPanel>(Panel, Reserved, new PanelChanged(Team, 2, false, Gp, 4))
            .When("2024-03-01 10:00", (e, p, at) => Confirm.Decide(ContractId, e, p, Catalogue, at)).ThenRefused("TEAM_NOT_ACCEPTING");

    [Fact]
    public void A_closed_ledger_sends_the_command_on() => Assert.Throws<LedgerTurned>(() =>
        TeamPanel.Reserve(Fold(Panel, new PanelClosed(Team, 2024, 0, 0)), ContractId));

    [Fact]
    public void A_rejected_application_frees_the_seat() =>
        Given<Enrolment>(Registered, Eligible, Applied).And<TeamPanel>(Panel, Reserved)
            .When("2024-03-02 09:00", (e, p, _) => new RejectApplication("outsideDistrict").Decide(ContractId, e, p))
            .Then(new ContractApplicationRejected(ContractId, "outsideDistrict"), new PanelSeatReleased(Team, ContractId, false));

    [Fact]
    public void A_withdrawn_application_frees_the_seat() =>
        Given<Enrolment>(Registered, Eligible, Applied).And<TeamPanel>(Panel, Reserved)
            .When("2024-03-02 09:00", (e, p, _) => WithdrawApplication.Decide(ContractId, e, p))
            .Then(new ContractApplicationWithdrawn(ContractId), new PanelSeatReleased(Team, ContractId, false));

    [Fact]
    public void A_signed_contract_cannot_be_withdrawn() =>
        Given<Enrolment>(ASignedResident).And<TeamPanel>(APanelWithHim)
            .When("2024-03-02 09:00", (e, p, _) => WithdrawApplication.Decide(ContractId, e, p)).ThenRefused("INVALID_TRANSITION");

    [Fact]
    public void An_unanswered_application_lapses() =>
        Given<Enrolment>(Registered, Eligible, Applied).And<TeamPanel>(Panel, Reserved)
            .When("2024-03-15 09:00", LapseApplication.Decide)
            .Then(new ContractApplicationLapsed(ContractId), new PanelSeatReleased(Team, ContractId, false));

    [Fact]
    public void A_renewal_follows_the_old_term_without_a_gap() =>
        Given<Enrolment>(ASignedResident).And<TeamPanel>(APanelWithHim)
            .When("2024-12-15 09:00", (e, p, at) => new RenewContract().Decide(ContractId, NewContract, e, p, Catalogue, at))
            .Then(new ContractRenewed(ContractId, NewContract, Team, new(2025, 3, 1), new(2026, 2, 28), DateTimeOffset.Parse("2026-02-28T16:00:00Z"), 12, 0, Gp, DateTimeOffset.Parse("2025-11-30T01:00:00Z")));

    [Theory]
    [InlineData("2024-11-29 23:59", false)]
    [InlineData("2024-11-30 00:01", true)] // 90 days before 2025-02-28
    public void Renewal_opens_ninety_days_before_the_end(string now, bool open)
    {
        var outcome = Given<Enrolment>(ASignedResident).And<TeamPanel>(APanelWithHim)
            .When(now, (e, p, at) => new RenewContract().Decide(ContractId, NewContract, e, p, Catalogue, at));
        if (open)
            outcome.ThenEvents(typeof(ContractRenewed));
        else
            outcome.ThenRefused("RENEWAL_WINDOW_CLOSED");
    }

    [Fact]
    public void An_expired_contract_is_renewed_with_its_gap_and_a_new_seat() =>
        Given<Enrolment>([.. ASignedResident, Grace, Expired]).And<TeamPanel>(Panel)
            .When("2025-05-01 09:00", (e, p, at) => new RenewContract().Decide(ContractId, NewContract, e, p, Catalogue, at))
            .Then(
                new ContractRenewed(ContractId, NewContract, Team, new(2025, 5, 1), new(2026, 4, 30), DateTimeOffset.Parse("2026-04-30T16:00:00Z"), 12, 61, Gp, DateTimeOffset.Parse("2026-01-30T01:00:00Z")),
                new PanelSeatReserved(Team, NewContract), new PanelSeatConfirmed(Team, NewContract));

    [Fact]
    public void A_year_after_the_end_only_a_new_application_helps() =>
        Given<Enrolment>([.. ASignedResident, Grace, Expired]).And<TeamPanel>(Panel)
            .When("2026-03-01 09:00", (e, p, at) => new RenewContract().Decide(ContractId, NewContract, e, p, Catalogue, at)).ThenRefused("RENEWAL_WINDOW_CLOSED");

    [Fact]
    public void The_day_after_the_end_grace_begins() =>
        Given<Enrolment>(ASignedResident).And<TeamPanel>(APanelWithHim).And<TeamPanel>().When("2025-03-01 00:00", StartGrace.Decide).Then(Grace);

    [Fact]
    public void What_was_due_on_the_last_day_comes_before_the_end()
    {
        var evidence = Eligible with { ValidTo = new(2025, 2, 28), ValidUntil = Signed.EndsAt };
        var obligation = new ServiceObligationScheduled(NewContract, ContractId, "elderly", "annualExam", 1, Signed.EndsOn, Signed.EndsAt);
        var resident = new DomainEvent[] { Registered, evidence, Applied, Signed, obligation }.Aggregate(default(Enrolment), Enrolment.Evolve)!;
        Assert.Equal([nameof(MissObligation), nameof(LoseEligibility), nameof(StartGrace)],
            Enrolment.Deadlines(resident).Where(d => d.Due == Signed.EndsAt).Select(d => d.Name));
    }

    [Fact]
    public void Grace_does_not_begin_on_the_last_day() =>
        Given<Enrolment>(ASignedResident).And<TeamPanel>(APanelWithHim).And<TeamPanel>().When("2025-02-28 23:59", StartGrace.Decide).ThenNothing();

    [Fact]
    public void After_the_grace_the_contract_expires_and_its_seat_is_free() =>
        Given<Enrolment>([.. ASignedResident, Grace]).And<TeamPanel>(APanelWithHim).And<TeamPanel>()
            .When("2025-03-31 00:00", ExpireContract.Decide).Then(Expired, new PanelSeatReleased(Team, ContractId, true));

    [Fact]
    public void A_termination_frees_the_seat() =>
        Given<Enrolment>(ASignedResident).And<TeamPanel>(APanelWithHim).And<TeamPanel>()
            .When("2024-06-01 09:00", (e, p, k, at) => new TerminateContract(TerminationReason.MovedOut).Decide(ContractId, e, p, k, new("x", "clinic"), at))
            .Then(new ContractTerminated(ContractId, TerminationReason.MovedOut, new(2024, 6, 1), "clinic"), new PanelSeatReleased(Team, ContractId, true));

    [Fact]
    public void A_renewed_contract_is_ended_by_its_new_name() =>
        Given<Enrolment>([.. ASignedResident, new ContractRenewed(ContractId, NewContract, Team, new(2025, 3, 1), new(2026, 2, 28), Morning.AddYears(2), 12, 0)])
            .And<TeamPanel>(APanelWithHim).And<TeamPanel>()
            .When("2025-06-01 09:00", (e, p, k, at) => new TerminateContract(TerminationReason.MovedOut).Decide(ContractId, e, p, k, new("x", "clinic"), at))
            .ThenRefused("INVALID_TRANSITION");

    private static TeamPanel Fold(params DomainEvent[] history) =>
        history.Aggregate(default(TeamPanel), (panel, e) => TeamPanel.Evolve(panel, e))!;
}
