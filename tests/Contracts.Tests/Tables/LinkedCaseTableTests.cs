using FamilyDoctor.Contracts.Linking;
using FamilyDoctor.Contracts.Viewing;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Testing;
using static FamilyDoctor.Contracts.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Contracts.Tests.Tables;

/// <summary>LinkedCase.md is what the code does.</summary>
public sealed class LinkedCaseTableTests
{
    private const LinkedCaseKind Kind = LinkedCaseKind.Referral;
    private static readonly Policies.Moment Now = At("2024-03-10 09:00");
    private static readonly Guid Case = LinkedCase.IdOf(Kind, ContractId);
    private static readonly LinkedCaseOpened Opened = new(Case, Kind, ContractId, 4, Resident, ContractId, "R-1", Institution, "cardiology", null, new(2024, 4, 1));
    private static readonly LinkedCasesOfCity Open = new(Case, Kind, ContractId, 4, Resident, ContractId, "R-1", Institution, "cardiology", null,
        new(2024, 4, 1), null, null, LinkedCaseStatus.Waiting, 0, null, Morning, Morning);

    private static readonly Dictionary<string, DomainEvent[]> States = new()
    {
        ["-"] = [],
        ["Waiting"] = [Opened],
        ["Accepted"] = [Opened, new LinkedCaseAccepted(Case, Kind, ContractId, 4, Resident, "REF-1")],
        ["Rejected"] = [Opened, new LinkedCaseRejected(Case, Kind, ContractId, 4, Resident, "NOT_COVERED")],
        ["Withdrawn"] = [Opened, new LinkedCaseWithdrawn(Case, Kind, ContractId, 4, Resident, "expired")],
    };

    private static readonly Dictionary<string, Func<LinkedCase?, IEnumerable<DomainEvent>>> Commands = new()
    {
        [nameof(WhenAuthorisationIsDue)] = linked => WhenAuthorisationIsDue.Decide(linked, Opened),
        ["Accepts"] = Answer(Open, CounterpartOutcome.Accepted, "REF-1"),
        ["Rejects"] = Answer(Open, CounterpartOutcome.Rejected, "NOT_COVERED"),
        ["IsSilent"] = Answer(Open, CounterpartOutcome.NotYet, "busy"),
        ["IsOver"] = Answer(Open, CounterpartOutcome.Withdrawn, "expired"),
        ["AcceptsLater"] = Answer(Open with { Version = 5 }, CounterpartOutcome.Accepted, "REF-2"),
        ["IsSilentLater"] = Answer(Open with { Version = 5 }, CounterpartOutcome.NotYet, "busy"),
    };

    [Fact]
    public void Every_command_does_in_every_state_what_the_table_says() =>
        new TransitionTable("Contracts/LinkedCase.md", States.Keys, Commands.Keys).HoldsFor((state, command) =>
        {
            var linked = States[state].Aggregate(default(LinkedCase), LinkedCase.Evolve);
            var decided = Commands[command](linked).ToList();
            return (decided, decided.Aggregate(linked, LinkedCase.Evolve)?.Status.ToString() ?? "-");
        });

    private static Func<LinkedCase?, IEnumerable<DomainEvent>> Answer(LinkedCasesOfCity open, CounterpartOutcome outcome, string word) =>
        linked => RecordAnswer.Decide(linked, open, new(outcome, word), Now);
}
