using FamilyDoctor.Contracts.Linking;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Testing;
using static FamilyDoctor.Contracts.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Contracts.Tests.Linking;

/// <summary>What is asked, what an answer comes to, and what the list shows. LinkedCase.md has the states.</summary>
public sealed class LinkedCaseDecisionsTests
{
    private const string Morning9 = "2024-03-01 09:00";
    private static readonly Guid OtherTeam = new("00000000-0000-7000-8000-000000000009");
    private static readonly Guid Case = LinkedCase.IdOf(LinkedCaseKind.Enrolment, Resident);
    private static readonly LinkedCasesOfCity Open = After(Signed)!;
    private static readonly ContractTerminated Terminated = new(ContractId, TerminationReason.MovedOut, new(2024, 3, 5), "clinic");

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(4, 16)]
    [InlineData(9, 360)]
    [InlineData(5_000, 360)]
    public void Who_does_not_answer_is_asked_again_later_and_later(int attempts, int minutes) => From(attempts == 0 ? [] : [Delayed(attempts)])
        .When(Morning9, Silent("busy")).Then(Delayed(attempts + 1) with { NextAt = Morning.AddMinutes(minutes) });

    [Fact]
    public void What_is_being_worked_on_is_looked_at_every_hour() => From(Delayed(7))
        .When(Morning9, Silent("pending")).Then(Delayed(8) with { Cause = "pending", NextAt = Morning.AddHours(1) });

    [Fact]
    public void A_later_fact_is_asked_about_at_once() => From(Delayed(7))
        .When(Morning9, (linked, at) => RecordAnswer.Decide(linked, Open with { Version = 5 }, new(CounterpartOutcome.NotYet, "busy"), at))
        .Then(Delayed(1) with { Version = 5, NextAt = Morning.AddMinutes(1) });

    [Fact]
    public void A_settled_case_takes_no_further_event_about_the_same() =>
        Assert.Throws<InvalidOperationException>(() => new DomainEvent[] { Accepted(1), Delayed(1) }.Aggregate(default(LinkedCase), LinkedCase.Evolve));

    [Fact]
    public void The_insurer_hears_of_a_contract_with_its_team_and_term()
    {
        Assert.Equal((LinkedCaseKind.Enrolment, ContractId, (Guid?)Team, (DateOnly?)new(2024, 3, 1), (DateOnly?)new(2025, 2, 28)),
            (Open.Kind, Open.SubjectId, Open.OrganizationId, Open.StartsOn, Open.EndsOn));
        var renewed = After(Signed, Accepted(1), Renewed(gapDays: 0, from: new(2025, 3, 1)))!;
        Assert.Equal((LinkedCaseStatus.Waiting, NewContract, (DateOnly?)new(2024, 3, 1), (DateOnly?)new(2026, 2, 28)),
            (renewed.Status, renewed.SubjectId, renewed.StartsOn, renewed.EndsOn)); // unbroken cover
        Assert.Equal(new DateOnly(2025, 5, 1), After(Signed, Expired, Renewed(gapDays: 61, from: new(2025, 5, 1)))!.StartsOn);
    }

    [Fact]
    public void The_insurer_hears_when_a_contract_goes_to_another_team()
    {
        var transferred = After(Signed, Accepted(1), new ContractTransferred(ContractId, Team, OtherTeam, Institution, null, "residentWish", false, new(2024, 4, 1)))!;
        Assert.Equal((LinkedCaseStatus.Waiting, LinkedCaseKind.Enrolment, (Guid?)OtherTeam, Open.EndsOn),
            (transferred.Status, transferred.Kind, transferred.OrganizationId, transferred.EndsOn));
        Assert.Equal(OtherTeam, After(Signed, new ContractProvisionallyReassigned(ContractId, Team, OtherTeam, Institution, null, new(2024, 4, 1)))!.OrganizationId);
    }

    [Fact]
    public void The_insurer_hears_when_a_contract_ends_and_when_it_did_not()
    {
        Assert.Equal((LinkedCaseKind.Ending, "MovedOut", (DateOnly?)new(2024, 3, 5)), End(Terminated));
        Assert.Equal((LinkedCaseKind.Ending, "expired", (DateOnly?)new(2025, 2, 28)), End(Expired));
        Assert.Equal((LinkedCaseKind.Ending, "enteredInError", (DateOnly?)null), End(new ContractEnteredInError(ContractId, "duplicate")));
        var older = After(Signed, Renewed(0, new(2025, 3, 1)), new ContractEnteredInError(ContractId, "duplicate"))!;
        Assert.Equal((LinkedCaseKind.Enrolment, NewContract), (older.Kind, older.SubjectId)); // the newest one stands

        var lives = After(Signed, Terminated, Accepted(2), new ContractReinstated(ContractId, Team))!;
        Assert.Equal((LinkedCaseStatus.Waiting, LinkedCaseKind.Enrolment, (string?)null, (DateOnly?)null, Open.StartsOn, Open.EndsOn),
            (lives.Status, lives.Kind, lives.Code, lives.EndedOn, lives.StartsOn, lives.EndsOn));

        static (LinkedCaseKind, string?, DateOnly?) End(DomainEvent ending) =>
            After(Signed, Accepted(1), ending) is { Status: LinkedCaseStatus.Waiting } row ? (row.Kind, row.Code, row.EndedOn) : default;
    }

    [Fact]
    public void An_answer_to_what_was_so_before_leaves_open_what_is_so_now()
    {
        Assert.Equal(LinkedCaseStatus.Waiting, After(Signed, Terminated, Accepted(1))!.Status);
        Assert.Equal(LinkedCaseStatus.Accepted, After(Signed, Terminated, Accepted(1), Accepted(2))!.Status);
    }

    [Fact]
    public void Contracts_of_the_past_are_no_cases_whatever_becomes_of_them()
    {
        Assert.Null(Fold([(Signed, "import"), (Renewed(0, new(2025, 3, 1)), "import"), (Expired, null), (Terminated, null)]));
        Assert.Null(Fold([(new LongPrescriptionIssued(ContractId, 8, "hypertension"), "import")]));
        Assert.NotNull(Fold([(Signed, "import"), (Renewed(0, new(2025, 3, 1)), null)]));
    }

    [Fact]
    public void Two_prescriptions_of_a_contract_are_two_cases()
    {
        var (one, two) = (After(new LongPrescriptionIssued(ContractId, 8, "hypertension"))!, After(new LongPrescriptionIssued(ContractId, 8, "hypertension"))!);
        Assert.Equal((LinkedCaseKind.Prescription, 8, "hypertension", ContractId), (one.Kind, one.Weeks, one.Code, one.ContractId));
        Assert.NotEqual(one.CaseId, two.CaseId);
    }

    [Fact]
    public void Nothing_is_asked_for_the_dead_and_nothing_of_a_number_that_is_no_longer_valid()
    {
        var (prescribed, referred) = (Open with { Kind = LinkedCaseKind.Prescription }, Open with { Kind = LinkedCaseKind.Referral, EndsOn = new(2024, 4, 14) });
        var (alive, dead) = (Person(Signed), Person(Signed, new ResidentDied(new(2024, 4, 1), "hospital"), Terminated with { Reason = TerminationReason.Died }));
        Assert.Null(LinkedCase.Over(prescribed, alive, new(2024, 4, 2)));
        Assert.Equal("residentDied", LinkedCase.Over(prescribed, dead, new(2024, 4, 2)));
        Assert.Null(LinkedCase.Over(referred, alive, new(2024, 4, 14)));
        Assert.Equal("expired", LinkedCase.Over(referred, alive, new(2024, 4, 15)));
        Assert.Equal("residentDied", LinkedCase.Over(referred, dead, new(2024, 4, 14)));
        Assert.Null(LinkedCase.Over(Open with { Kind = LinkedCaseKind.Ending }, dead, new(2024, 4, 2))); // the insurer hears of it
        Assert.Null(LinkedCase.Over(Open with { Kind = LinkedCaseKind.Bed, EndsOn = new(2024, 4, 1) }, dead, new(2024, 6, 1))); // he was cared for
    }

    [Theory]
    [InlineData(LinkedCaseKind.Enrolment, typeof(ContractInsuranceLinked), typeof(ContractInsuranceLinkFailed))]
    [InlineData(LinkedCaseKind.Ending, null, null)]
    [InlineData(LinkedCaseKind.Referral, typeof(ReferralAuthorisationGranted), typeof(ReferralAuthorisationRejected))]
    [InlineData(LinkedCaseKind.Bed, typeof(BedAuthorisationGranted), typeof(BedAuthorisationRejected))]
    [InlineData(LinkedCaseKind.Prescription, typeof(LongPrescriptionDispensed), typeof(LongPrescriptionRejected))]
    public void Who_must_know_hears_the_answer(LinkedCaseKind kind, Type? accepted, Type? rejected)
    {
        Assert.Equal(accepted, Told(Accepted(1) with { Kind = kind }));
        Assert.Equal(rejected, Told(new LinkedCaseRejected(Case, kind, ContractId, 1, Resident, "NO")));

        static Type? Told(DomainEvent answer) => new ContractsOutbound().Map(Recorded(answer, 1, null), null).SingleOrDefault()?.GetType();
    }

    private static Given<LinkedCase> From(params DomainEvent[] history) => Given<LinkedCase>(history);

    private static Func<LinkedCase?, Policies.Moment, IEnumerable<DomainEvent>> Silent(string cause) =>
        (linked, at) => RecordAnswer.Decide(linked, Open, new(CounterpartOutcome.NotYet, cause), at);

    private static LinkedCaseDelayed Delayed(int attempts) => new(Case, LinkedCaseKind.Enrolment, ContractId, 1, Resident, attempts, "busy", Morning);

    private static LinkedCaseAccepted Accepted(long version) => new(Case, LinkedCaseKind.Enrolment, ContractId, version, Resident, "REF-1");

    private static Contracts.ContractRenewed Renewed(int gapDays, DateOnly from) =>
        new(ContractId, NewContract, Team, from, from.AddYears(1).AddDays(-1), Morning.AddYears(2), 12, gapDays);

    private static Enrolment Person(params DomainEvent[] more) =>
        ASignedResident[..^1].Concat(more).Aggregate(default(Enrolment), Enrolment.Evolve)!;

    /// <summary>The row of the list after these events, the resident's own counted from 1.</summary>
    private static LinkedCasesOfCity? After(params DomainEvent[] events) => Fold(events.Select(e => (e, (string?)null)));

    private static LinkedCasesOfCity? Fold(IEnumerable<(DomainEvent Event, string? Channel)> events)
    {
        var (rows, version) = (new Dictionary<Guid, LinkedCasesOfCity?>(), 0);
        foreach (var (@event, channel) in events)
        {
            var recorded = Recorded(@event, @event is LinkedCaseAccepted ? 1 : ++version, channel);
            foreach (var id in LinkedCasesOfCity.Keys(recorded))
                rows[id] = LinkedCasesOfCity.Evolve(rows.GetValueOrDefault(id), id, recorded);
        }
        return rows.Values.SingleOrDefault();
    }

    private static Recorded Recorded(DomainEvent @event, long version, string? channel) => new(1, Guid.CreateVersion7(), Resident, version, @event, Morning, "", null,
        new("330200", Morning, Actor.Clock, 0, channel));
}
