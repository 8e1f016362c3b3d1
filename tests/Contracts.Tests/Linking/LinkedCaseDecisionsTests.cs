using FamilyDoctor.Contracts.Linking;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;
using static FamilyDoctor.Contracts.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Contracts.Tests.Linking;

public sealed class LinkedCaseDecisionsTests
{
    private const string Morning9 = "2024-03-01 09:00";
    private static readonly Guid Case = LinkedCase.IdOf(LinkedCaseKind.Enrolment, ContractId);
    private static readonly LinkedCasesOfCity Open = Row(Signed)!;
    private static readonly LinkedCaseAccepted Accepted = new(Case, LinkedCaseKind.Enrolment, ContractId, Resident, "REF-1");
    private static readonly LinkedCaseRejected Rejected = new(Case, LinkedCaseKind.Enrolment, ContractId, Resident, "NOT_INSURED");
    private static readonly LinkedCaseWithdrawn Withdrawn = new(Case, LinkedCaseKind.Enrolment, ContractId, Resident, "contractEnded");

    [Fact]
    public void An_accepted_case_keeps_its_reference() => From().When(Morning9, Answered(CounterpartOutcome.Accepted, "REF-1")).Then(Accepted);

    [Fact]
    public void A_rejection_is_an_event_with_a_code() => From(Delayed(1)).When(Morning9, Answered(CounterpartOutcome.Rejected, "NOT_INSURED")).Then(Rejected);

    [Fact]
    public void A_contract_that_ended_is_withdrawn() => From(Delayed(3)).When(Morning9, Answered(CounterpartOutcome.Withdrawn, "contractEnded")).Then(Withdrawn);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(4, 16)]
    [InlineData(9, 360)]
    [InlineData(5_000, 360)]
    public void Who_does_not_answer_is_asked_again_later_and_later(int attempts, int minutes) => From(attempts == 0 ? [] : [Delayed(attempts)])
        .When(Morning9, Answered(CounterpartOutcome.NotYet, "busy")).Then(Delayed(attempts + 1, "busy") with { NextAt = Morning.AddMinutes(minutes) });

    [Fact]
    public void What_is_being_worked_on_is_looked_at_every_hour() => From(Delayed(7, "pending"))
        .When(Morning9, Answered(CounterpartOutcome.NotYet, "pending")).Then(Delayed(8, "pending") with { NextAt = Morning.AddHours(1) });

    [Fact]
    public void What_was_answered_once_stays_so()
    {
        foreach (var settled in new DomainEvent[] { Accepted, Rejected, Withdrawn })
        {
            From(settled).When(Morning9, Answered(CounterpartOutcome.Accepted, "REF-2")).ThenNothing();
            From(settled).When(Morning9, Answered(CounterpartOutcome.Rejected, "LATE")).ThenNothing();
            From(settled).When(Morning9, Answered(CounterpartOutcome.NotYet, "slow")).ThenNothing();
        }
    }

    [Fact]
    public void A_settled_case_takes_no_further_event() =>
        Assert.Throws<InvalidOperationException>(() => new DomainEvent[] { Accepted, Delayed(1) }.Aggregate(default(LinkedCase), LinkedCase.Evolve));

    [Fact]
    public void An_enrolment_is_asked_about_while_the_contract_is_in_force()
    {
        Assert.Null(LinkedCase.Over(Open, After()));
        Assert.Null(LinkedCase.Over(Open, After(Grace)));
        Assert.Null(LinkedCase.Over(Open, After(Renewed(gapDays: 0, from: new(2025, 3, 1))))); // the old term still runs
        Assert.Equal("contractEnded", LinkedCase.Over(Open, After(Grace, Expired)));
        Assert.Equal("contractEnded", LinkedCase.Over(Open, After(new ContractTerminated(ContractId, TerminationReason.MovedOut, new(2024, 3, 5), "clinic"))));
        Assert.Equal("contractEnded", LinkedCase.Over(Open, After(Grace, Expired, Renewed(gapDays: 61, from: new(2025, 5, 1)))));
        Assert.Equal("contractEnded", LinkedCase.Over(Open, null));
    }

    [Fact]
    public void A_prescription_is_asked_about_while_the_resident_lives()
    {
        var prescribed = Row(new LongPrescriptionIssued(ContractId, 8, "hypertension"))!;
        Assert.Equal((LinkedCaseKind.Prescription, 8, "hypertension"), (prescribed.Kind, prescribed.Weeks, prescribed.ConditionCode));
        Assert.Null(LinkedCase.Over(prescribed, After(Grace, Expired)));
        Assert.Equal("residentDied", LinkedCase.Over(prescribed, After(Grace, Expired, new ResidentDied(new(2025, 4, 1), "hospital"))));
    }

    [Fact]
    public void Contracts_of_the_past_are_no_cases()
    {
        Assert.Null(Row(Signed, "import"));
        Assert.Null(Row(Renewed(0, new(2025, 3, 1)), "import"));
        Assert.Null(Row(new LongPrescriptionIssued(ContractId, 8, "hypertension"), "import"));
    }

    [Fact]
    public void Two_prescriptions_of_a_contract_are_two_cases() => Assert.NotEqual(
        Row(new LongPrescriptionIssued(ContractId, 8, "hypertension"))!.CaseId, Row(new LongPrescriptionIssued(ContractId, 8, "hypertension"))!.CaseId);

    private static Given<LinkedCase> From(params DomainEvent[] history) => Given<LinkedCase>(history);

    private static Func<LinkedCase?, Policies.Moment, IEnumerable<DomainEvent>> Answered(CounterpartOutcome outcome, string word) =>
        (linked, at) => RecordAnswer.Decide(linked, Open, new(outcome, word), at);

    private static LinkedCaseDelayed Delayed(int attempts, string cause = "busy") =>
        new(Case, LinkedCaseKind.Enrolment, ContractId, Resident, attempts, cause, Morning);

    private static ContractRenewed Renewed(int gapDays, DateOnly from) =>
        new(ContractId, NewContract, Team, from, from.AddYears(1).AddDays(-1), Morning.AddYears(2), 12, gapDays);

    private static Enrolment After(params DomainEvent[] more) => ASignedResident.Concat(more).Aggregate(default(Enrolment), Enrolment.Evolve)!;

    private static LinkedCasesOfCity? Row(DomainEvent @event, string? channel = null)
    {
        var recorded = new Recorded(1, Guid.CreateVersion7(), Resident, 1, @event, Morning, "", null, new("330200", Morning, Actor.Clock, 0, channel));
        return LinkedCasesOfCity.Keys(recorded).Select(id => LinkedCasesOfCity.Evolve(null, id, recorded)).SingleOrDefault();
    }
}
