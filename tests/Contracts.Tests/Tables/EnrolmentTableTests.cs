using FamilyDoctor.Contracts.Applying;
using FamilyDoctor.Contracts.Ending;
using FamilyDoctor.Contracts.Erasing;
using FamilyDoctor.Contracts.Fulfilling;
using FamilyDoctor.Contracts.Households;
using FamilyDoctor.Contracts.Merging;
using FamilyDoctor.Contracts.Panels;
using FamilyDoctor.Contracts.Reassigning;
using FamilyDoctor.Contracts.Registering;
using FamilyDoctor.Contracts.Signing;
using FamilyDoctor.Contracts.Transferring;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Testing;
using static FamilyDoctor.Contracts.Tests.Sample;
using static FamilyDoctor.Testing.Spec;
using Decided = System.Collections.Generic.IEnumerable<FamilyDoctor.EventSourcing.DomainEvent>;

namespace FamilyDoctor.Contracts.Tests.Tables;

/// <summary>What a command finds: the resident, his team's panel, and the one of the other team.</summary>
internal sealed record Situation(Enrolment? Resident, TeamPanel? Panel, TeamPanel? Other, Guid Contract, Moment At, Actor By);

/// <summary>Enrolment.states.md is what the code does.</summary>
public sealed class EnrolmentTableTests
{
    private static readonly Guid OtherTeam = new("00000000-0000-7000-8000-000000000012"), Twin = new("00000000-0000-7000-8000-000000000013"),
        AnotherId = new("00000000-0000-7000-8000-000000000014"), Household = new("00000000-0000-7000-8000-000000000015");
    private static readonly Actor Clerk = new("clerk", Role.Clinic), Commission = new("officer", Role.Commission);

    private static readonly TransferContract Transfer = new(OtherTeam, "residentWish", ConsentMethod: "inPerson");

    private static readonly DomainEvent[] Known =
    [
        Registered, Eligible, new PriorityGroupAssigned("hypertension", "condition", new(2020, 1, 1)), new GuardianNamed("guardian", "spouse"),
        new HouseholdJoined(Household, false),
    ];
    private static readonly ContractApplied AppliedHere = Applied with { PackageIds = ["basic", "hypertension"] };
    private static readonly ServiceObligationScheduled FollowUps = new(
        new("00000000-0000-7000-8000-000000000016"), ContractId, "hypertension", "followUp", 4, new(2025, 2, 28), Signed.EndsAt);
    private static readonly DomainEvent[] Signed_ = [.. Known, AppliedHere, Signed, FollowUps];
    private static readonly ContractReassignmentRequired Required =
        new(ContractId, Team, OtherTeam, new(2024, 6, 30), DateTimeOffset.Parse("2024-06-30T16:00:00Z"));
    private static readonly ContractRenewed RenewedHere =
        new(ContractId, NewContract, Team, new(2025, 3, 1), new(2026, 2, 28), DateTimeOffset.Parse("2026-02-28T16:00:00Z"), 12, 0, Gp);

    private static readonly Dictionary<string, (string Now, DomainEvent[] Resident, bool Seat)> States = new()
    {
        ["-"] = ("2024-03-01 09:00", Known, false),
        ["PendingConfirmation"] = ("2024-03-02 09:00", [.. Known, AppliedHere], false),
        ["Active"] = ("2024-06-01 09:00", Signed_, true),
        ["InGrace"] = ("2025-03-10 09:00", [.. Signed_, Grace], true),
        ["AwaitingReassignment"] = ("2024-06-01 09:00", [.. Signed_, Required], true),
        ["ReassigningInGrace"] = ("2025-03-10 09:00", [.. Signed_, Grace, Required with { ObjectUntil = new(2025, 3, 20), Deadline = DateTimeOffset.Parse("2025-03-20T16:00:00Z") }], true),
        ["Renewed"] = ("2025-01-10 09:00", [.. Signed_, RenewedHere], true),
        ["Rejected"] = ("2024-06-01 09:00", [.. Known, AppliedHere, new ContractApplicationRejected(ContractId, "outsideDistrict")], false),
        ["Withdrawn"] = ("2024-06-01 09:00", [.. Known, AppliedHere, new ContractApplicationWithdrawn(ContractId)], false),
        ["Lapsed"] = ("2024-06-01 09:00", [.. Known, AppliedHere, new ContractApplicationLapsed(ContractId)], false),
        ["Expired"] = ("2025-05-01 09:00", [.. Signed_, Grace, Expired], false),
        ["Terminated"] = ("2024-06-01 09:00", [.. Signed_, new ContractTerminated(ContractId, TerminationReason.MovedOut, new(2024, 5, 1), "clinic")], false),
        ["EnteredInError"] = ("2024-06-01 09:00", [.. Signed_, new ContractEnteredInError(ContractId, "wrongTeam")], false),
        ["Deceased"] = ("2024-06-01 09:00", [.. Signed_, new ResidentDied(new(2024, 5, 20), "hospital"),
            new ContractTerminated(ContractId, TerminationReason.Died, new(2024, 5, 20), "service")], false),
        ["Erased"] = ("2024-06-01 09:00", [.. Known, new ResidentErased(Resident, "residentRequest", new(2024, 5, 1))], false),
        ["Merged"] = ("2024-06-01 09:00", [.. Known, new ResidentsMerged(Twin, Resident)], false),
    };

    /// <summary>When a command comes, where the state's own time would not do: the clock's commands come when they are due.</summary>
    private static readonly Dictionary<string, string> Times = new()
    {
        [nameof(LapseApplication)] = "2024-03-15 09:00",
        [nameof(SendRenewalReminder)] = "2024-11-30 09:00",
        [nameof(StartGrace)] = "2025-03-01 00:00",
        [nameof(ExpireContract)] = "2025-03-31 00:00",
        [nameof(AssumeReassignment)] = "2024-07-01 00:00",
        [nameof(MissObligation)] = "2025-03-01 00:00",
        [nameof(ReverseDeath)] = "2024-06-10 09:00",
    };

    private static readonly Dictionary<string, Func<Situation, Decided[]>> Commands = new()
    {
        [nameof(ApplyForContract)] = s => Of(new ApplyForContract(AnotherId, Resident, Team).Decide(AnotherId, s.Resident, s.Panel, Catalogue, s.At)),
        [nameof(ConfirmContract)] = s => Of(new ConfirmContract("inPerson").Decide(s.Contract, s.Resident, s.Panel, Catalogue, s.At)),
        [nameof(RejectApplication)] = s => Of(new RejectApplication("outsideDistrict").Decide(s.Contract, s.Resident, s.Panel)),
        [nameof(WithdrawApplication)] = s => Of(WithdrawApplication.Decide(s.Contract, s.Resident, s.Panel)),
        [nameof(LapseApplication)] = s => Of(LapseApplication.Decide(s.Resident, s.Panel, s.At)),
        [nameof(RenewContract)] = s => Of(new RenewContract().Decide(s.Contract, AnotherId, s.Resident, s.Panel, Catalogue, s.At)),
        [nameof(SendRenewalReminder)] = s => [SendRenewalReminder.Decide(s.Resident, s.At)],
        [nameof(StartGrace)] = s => Of(StartGrace.Decide(s.Resident, s.Panel, s.Other, s.At)),
        [nameof(ExpireContract)] = s => Of(ExpireContract.Decide(s.Resident, s.Panel, s.Other, s.At)),
        [nameof(TransferContract)] = s => Of(Transfer.Decide(s.Contract, s.Resident, s.Panel, s.Other, s.By, s.At)),
        [nameof(WhenTeamRehomed)] = s => [WhenTeamRehomed.Decide(s.Resident, s.Panel! with { InstitutionId = AnotherId })],
        [nameof(RequireReassignment)] = s => Of(RequireReassignment.Decide(Team, new(2025, 12, 31), s.Resident, Leaving(s.Panel), s.Other, false, s.At)),
        [nameof(AcceptReassignment)] = s => Of(AcceptReassignment.Decide(s.Contract, s.Resident, s.Panel, s.Other, s.At)),
        [nameof(ObjectToReassignment)] = s => Of(ObjectToReassignment.Decide(s.Contract, s.Resident, s.Panel, s.Other, s.By, s.At)),
        [nameof(AssumeReassignment)] = s => Of(AssumeReassignment.Decide(s.Resident, s.Panel, s.Other, s.At)),
        [nameof(CancelReassignment)] = s => Of(CancelReassignment.Decide(Team, s.Resident, s.Panel! with { Leaving = null }, s.Other)),
        [nameof(TerminateContract)] = s => Of(new TerminateContract(TerminationReason.MovedOut).Decide(s.Contract, s.Resident, s.Panel, s.Other, s.By, s.At)),
        [nameof(MarkEnteredInError)] = s => Of(new MarkEnteredInError("wrongTeam").Decide(s.Contract, s.Resident, s.Panel, s.Other)),
        [nameof(RecordDeath)] = s => Of(new RecordDeath(s.At.Today, "hospital").Decide(s.Resident, s.Panel, s.Other, s.At)),
        [nameof(ReverseDeath)] = s => Of(new ReverseDeath("wrongPerson").Decide(s.Resident, s.Panel, s.Other, s.At)),
        [nameof(EraseResident)] = s => [new EraseResident("residentRequest").Decide(s.Resident, s.At)],
        [nameof(MergeResidents)] = s => Merge(s),
        [nameof(ChangePackages)] = s => [new ChangePackages(["basic"]).Decide(s.Contract, s.Resident, Catalogue, s.At)],
        [nameof(ScheduleObligations)] = s => [ScheduleObligations.Decide(s.Contract, s.Resident, Catalogue, s.At)],
        [nameof(FulfilObligation)] = s => [new FulfilObligation("followUp", "visit", "home").Decide(s.Contract, s.Resident)],
        [nameof(MissObligation)] = s => [MissObligation.Decide(s.Resident, s.At)],
        [nameof(IssueLongPrescription)] = s => [new IssueLongPrescription(6, "hypertension").Decide(s.Contract, s.Resident, s.At)],
        [nameof(AssignPriorityGroup)] = s => [AssignPriorityGroup.Decide(new("diabetesT2", "condition"), s.Resident, Catalogue, s.At)],
        [nameof(FollowAge)] = s => [FollowAge.Decide(s.Resident, "elder", Catalogue, s.At)],
        [nameof(EndPriorityGroup)] = s => [new EndPriorityGroup("misdiagnosed").Decide("hypertension", s.Resident, s.At)],
        [nameof(VerifyEligibility)] = s => [new VerifyEligibility(EligibilityBasis.Residence, "residencePermit", new(2015, 1, 1)).Decide(s.Resident, s.At)],
        [nameof(LoseEligibility)] = s => [new LoseEligibility("movedOut").Decide(s.Resident, s.At)],
        [nameof(NameGuardian)] = s => [new NameGuardian(null, "Sample Guardian", null, "parent").Decide(AnotherId, s.Resident)],
        [nameof(ReleaseGuardian)] = s => [ReleaseGuardian.Decide(s.Resident)],
        [nameof(RecordLegalCapacity)] = s => [new RecordLegalCapacity(true).Decide(s.Resident)],
        [nameof(JoinHousehold)] = s => [new JoinHousehold(Resident).Decide(AnotherId, s.Resident)],
        [nameof(LeaveHousehold)] = s => [LeaveHousehold.Decide(Household, s.Resident)],
        [nameof(DismissDuplicate)] = s => [new DismissDuplicate(Resident, Twin).Decide(s.Resident, Fold<Enrolment>([Registered with { ResidentId = Twin }]))],
    };

    private static readonly TransitionTable Table = new("Contracts/Enrolment.states.md", States.Keys, Commands.Keys);

    [Fact]
    public void Every_command_does_in_every_state_what_the_table_says() => Table.HoldsFor((state, command) =>
    {
        var situation = In(state, command);
        var decided = Commands[command](situation).Select(e => e.ToList()).ToList();
        var own = command is nameof(MergeResidents) ? decided.ElementAtOrDefault(1) ?? [] : decided[0];
        var after = own.Aggregate(situation.Resident, Enrolment.Evolve);
        return ([.. decided.SelectMany(e => e)], own.Count == 0 && state is "Renewed" ? state : StateOf(after!, state));
    });

    [Fact]
    public void Every_code_of_the_table_is_given_where_it_stands() => Table.RefusesAsListed(
    [
        Case("-", nameof(ApplyForContract), "NOT_ELIGIBLE", s => s with { Resident = s.Resident! with { Eligibility = null } }),
        Case("Expired", nameof(ApplyForContract), "NOT_ELIGIBLE", s => s with { Resident = s.Resident! with { Lost = new("movedOut", new(2025, 4, 1)) } }),
        Case("-", nameof(ApplyForContract), "NOT_ELIGIBLE", s => s with { Resident = s.Resident! with { Eligibility = Eligible with { ValidTo = new(2024, 2, 29) } } }),
        Asking("-", nameof(ApplyForContract), "TERM_NOT_ALLOWED", s => new ApplyForContract(AnotherId, Resident, Team, 18).Decide(AnotherId, s.Resident, s.Panel, Catalogue, s.At)),
        Asking("-", nameof(ApplyForContract), "PACKAGE_NOT_ALLOWED", s => new ApplyForContract(AnotherId, Resident, Team, 12, ["elderly"]).Decide(AnotherId, s.Resident, s.Panel, Catalogue, s.At)),
        Case("-", nameof(ApplyForContract), "TEAM_NOT_ACCEPTING", s => s with { Panel = s.Panel! with { Accepting = false } }),
        Case("-", nameof(ApplyForContract), "TEAM_NOT_ACCEPTING", s => s with { Panel = s.Panel! with { IsStopped = true } }),
        Case("-", nameof(ApplyForContract), "TEAM_NOT_ACCEPTING", s => s with { Panel = Leaving(s.Panel) }),
        Case("-", nameof(ApplyForContract), "TEAM_NOT_ACCEPTING", s => s with { Panel = null }),
        Case("-", nameof(ApplyForContract), "PANEL_FULL", Full),
        Case("PendingConfirmation", nameof(ConfirmContract), "TEAM_NOT_ACCEPTING", s => s with { Panel = Leaving(s.Panel) }),
        Asking("PendingConfirmation", nameof(ConfirmContract), "PROOF_INVALID", s => new ConfirmContract("otp").Decide(s.Contract, s.Resident, s.Panel, Catalogue, s.At)),
        Case("PendingConfirmation", nameof(ConfirmContract), "GUARDIAN_REQUIRED", s => s with { Resident = s.Resident! with { AgeBand = "minor", GuardianRef = null } }),
        Case("PendingConfirmation", nameof(ConfirmContract), "GUARDIAN_REQUIRED", s => s with { Resident = s.Resident! with { LacksCapacity = true, GuardianRef = null } }),
        Case("Active", nameof(RenewContract), "RENEWAL_WINDOW_CLOSED", s => s with { At = At("2024-11-29 23:59") }),
        Case("Expired", nameof(RenewContract), "RENEWAL_WINDOW_CLOSED", s => s with { At = At("2026-03-01 00:00") }),
        Asking("Active", nameof(RenewContract), "TERM_NOT_ALLOWED", s => new RenewContract(TermMonths: 13).Decide(s.Contract, AnotherId, s.Resident, s.Panel, Catalogue, s.At)),
        Case("InGrace", nameof(RenewContract), "NOT_ELIGIBLE", s => s with { Resident = s.Resident! with { Lost = new("movedOut", new(2025, 1, 1)) } }),
        Case("Expired", nameof(RenewContract), "PANEL_FULL", Full),
        Case("Expired", nameof(RenewContract), "TEAM_NOT_ACCEPTING", s => s with { Panel = s.Panel! with { Accepting = false } }),
        Case("Active", nameof(TransferContract), "TRANSFER_LIMIT_REACHED", s => s with { Resident = Changed(s.Resident!, new(2024, 3, 1)) }),
        Asking("Active", nameof(TransferContract), "PROOF_INVALID", s => (Transfer with { ConsentMethod = null }).Decide(s.Contract, s.Resident, s.Panel, s.Other, s.By, s.At)),
        Case("Active", nameof(TransferContract), "GUARDIAN_REQUIRED", s => s with { Resident = s.Resident! with { AgeBand = "child", GuardianRef = null } }),
        Case("Active", nameof(TransferContract), "PANEL_FULL", s => s with { Other = s.Other! with { Cap = 0 } }),
        Case("Active", nameof(TransferContract), "TEAM_NOT_ACCEPTING", s => s with { Other = s.Other! with { Accepting = false } }),
        Asking("Active", nameof(TransferContract), "FORBIDDEN_SCOPE", s => (Transfer with { Mandated = true }).Decide(s.Contract, s.Resident, s.Panel, s.Other, Clerk, s.At)),
        Case("Active", nameof(RequireReassignment), "PANEL_FULL", s => s with { Other = s.Other! with { Cap = 0 } }),
        Case("Active", nameof(RequireReassignment), "TEAM_NOT_ACCEPTING", s => s with { Other = Leaving(s.Other) }),
        Case("AwaitingReassignment", nameof(AcceptReassignment), "TEAM_NOT_ACCEPTING", s => s with { Resident = Fold<Enrolment>([.. Signed_, Required with { ToTeam = null }]) }),
        Asking("Active", nameof(TerminateContract), "EFFECTIVE_DATE_INVALID", s => new TerminateContract(TerminationReason.MovedOut, s.At.Today.AddDays(1)).Decide(s.Contract, s.Resident, s.Panel, s.Other, s.By, s.At)),
        Asking("Active", nameof(TerminateContract), "EFFECTIVE_DATE_INVALID", s => new TerminateContract(TerminationReason.MovedOut, new(2024, 2, 29)).Decide(s.Contract, s.Resident, s.Panel, s.Other, s.By, s.At)),
        Asking("-", nameof(RecordDeath), "EFFECTIVE_DATE_INVALID", s => new RecordDeath(s.At.Today.AddDays(1), "hospital").Decide(s.Resident, s.Panel, s.Other, s.At)),
        Asking("Active", nameof(ChangePackages), "PACKAGE_NOT_ALLOWED", s => new ChangePackages(["elderly"]).Decide(s.Contract, s.Resident, Catalogue, s.At)),
        Asking("Active", nameof(FulfilObligation), "OBLIGATION_NOT_DUE", s => new FulfilObligation("glucose", "visit", "home").Decide(s.Contract, s.Resident)),
        Asking("Active", nameof(IssueLongPrescription), "PRESCRIPTION_NOT_ALLOWED", s => new IssueLongPrescription(9, "hypertension").Decide(s.Contract, s.Resident, s.At)),
        Asking("Active", nameof(IssueLongPrescription), "PRESCRIPTION_NOT_ALLOWED", s => new IssueLongPrescription(3, "hypertension").Decide(s.Contract, s.Resident, s.At)),
        Asking("Active", nameof(IssueLongPrescription), "PRESCRIPTION_NOT_ALLOWED", s => new IssueLongPrescription(6, "copd").Decide(s.Contract, s.Resident, s.At)),
        Asking("-", nameof(AssignPriorityGroup), "GROUP_UNKNOWN", s => AssignPriorityGroup.Decide(new("left-handed", "condition"), s.Resident, Catalogue, s.At)),
        Asking("-", nameof(AssignPriorityGroup), "EVIDENCE_INVALID", s => AssignPriorityGroup.Decide(new("copd", "birthDate"), s.Resident, Catalogue, s.At)),
        Asking("-", nameof(AssignPriorityGroup), "EFFECTIVE_DATE_INVALID", s => AssignPriorityGroup.Decide(new("copd", "condition", To: new(2024, 1, 1)), s.Resident, Catalogue, s.At)),
        Asking("-", nameof(VerifyEligibility), "EVIDENCE_INVALID", s => new VerifyEligibility(EligibilityBasis.HouseholdRegistration, "residencePermit", new(2015, 1, 1)).Decide(s.Resident, s.At)),
        Asking("-", nameof(VerifyEligibility), "EFFECTIVE_DATE_INVALID", s => new VerifyEligibility(EligibilityBasis.Residence, "permit", new(2015, 1, 1), new(2023, 1, 1)).Decide(s.Resident, s.At)),
        Asking("-", nameof(NameGuardian), "GUARDIAN_REQUIRED", s => new NameGuardian(null, "Sample Guardian", null, "parent").Decide(Resident, s.Resident)),
        Asking("-", nameof(JoinHousehold), "GUARDIAN_REQUIRED", s => new JoinHousehold(Resident, true).Decide(Household, s.Resident! with { AgeBand = "minor" })),
    ]);

    [Fact]
    public void Who_changed_in_his_last_term_may_change_in_this_one() => Commands[nameof(TransferContract)](
        In("Active", nameof(TransferContract)) is { } s ? s with { Resident = Changed(s.Resident!, new(2024, 2, 29)) } : null!);

    [Fact]
    public void A_change_from_a_provisional_team_is_free() => Commands[nameof(TransferContract)](
        In("Active", nameof(TransferContract)) is var s
            ? s with { Resident = Changed(s.Resident!, new(2024, 5, 1)) is var r ? r with { Contract = r.Contract! with { IsProvisional = true } } : null }
            : null!);

    [Fact]
    public void Who_lost_his_right_leaves_at_the_end_of_his_term()
    {
        var s = In("Active", nameof(StartGrace));
        var decided = Commands[nameof(StartGrace)](s with { Resident = s.Resident! with { Lost = new("movedOut", new(2024, 9, 1)) } });
        Assert.Equal(TerminationReason.Ineligible, Assert.IsType<ContractTerminated>(decided[0].Single()).Reason);
        Assert.IsType<PanelSeatReleased>(decided[1].Single());
    }

    [Fact]
    public void Without_a_successor_the_contract_ends_at_the_deadline()
    {
        var s = In("AwaitingReassignment", nameof(AssumeReassignment)) with { Resident = Fold<Enrolment>([.. Signed_, Required with { ToTeam = null }]), Other = null };
        Assert.Equal(TerminationReason.TeamDisbanded, Assert.IsType<ContractTerminated>(Commands[nameof(AssumeReassignment)](s)[0].Single()).Reason);
        Assert.Empty(Commands[nameof(AssumeReassignment)](s with { At = At("2024-06-30 23:59") })[0]);
    }

    [Fact]
    public void A_mandated_transfer_goes_over_the_cap_and_is_flagged()
    {
        var s = In("Active", nameof(TransferContract));
        var decided = (Transfer with { Mandated = true, ConsentMethod = null }).Decide(s.Contract, s.Resident, s.Panel, s.Other! with { Cap = 0 }, Commission, s.At);
        Assert.Equal([typeof(PanelSeatReserved), typeof(PanelOverCapacityDetected), typeof(PanelSeatConfirmed)], decided.Item3.Select(e => e.GetType()));
    }

    [Fact]
    public void An_error_is_corrected_at_a_full_panel()
    {
        var s = Full(In("EnteredInError", nameof(ApplyForContract)));
        var apply = new ApplyForContract(AnotherId, Resident, Team, Corrects: ContractId);
        Assert.Equal([typeof(PanelSeatReserved), typeof(PanelOverCapacityDetected)],
            apply.Decide(AnotherId, s.Resident, s.Panel, Catalogue, s.At).Item2.Select(e => e.GetType()));
        Assert.Equal("PANEL_FULL", Assert.Throws<RuleBroken>(() => (apply with { Corrects = Twin }).Decide(AnotherId, s.Resident, s.Panel, Catalogue, s.At)).Code);
    }

    [Theory]
    [InlineData("2024-06-19 23:59", true)] // 30 days after the death
    [InlineData("2024-06-20 00:01", false)]
    public void A_death_reversed_late_reopens_nothing(string now, bool reopens)
    {
        var decided = Commands[nameof(ReverseDeath)](In("Deceased", nameof(ReverseDeath)) with { At = At(now) });
        Assert.Equal(reopens, decided[0].Any(e => e is ContractReinstated));
    }

    private static Situation In(string state, string command)
    {
        var (now, resident, seat) = States[state];
        if (command is nameof(AssumeReassignment) && state is "ReassigningInGrace")
            now = "2025-03-21 00:00";
        else
            now = command is nameof(RenewContract) && state is "Active" ? "2024-12-15 09:00" : Times.GetValueOrDefault(command, now);
        DomainEvent[] panel = [Panel, .. state is "PendingConfirmation" ? [Reserved] : seat ? [Reserved, Confirmed] : Array.Empty<DomainEvent>(),
            .. state is "AwaitingReassignment" or "ReassigningInGrace" ? [new PanelDisbandmentStarted(Team, new(2025, 12, 31), 9)] : Array.Empty<DomainEvent>()];
        DomainEvent[] other = [Panel with { TeamId = OtherTeam }, .. state is "AwaitingReassignment" or "ReassigningInGrace" ? [new PanelSeatReserved(OtherTeam, ContractId)] : Array.Empty<DomainEvent>()];
        return new(Fold<Enrolment>(resident), Fold<TeamPanel>(panel), Fold<TeamPanel>(other), ContractId, At(now), Clerk);
    }

    private static string StateOf(Enrolment resident, string before) => resident switch
    {
        { MergedInto: not null } => "Merged",
        { Erasure: not null } => "Erased",
        { Death: not null } => "Deceased",
        { Contract: null } => "-",
        { Contract: { Id: var id, Status: ContractStatus.Active } } when before is "Renewed" && id == NewContract => "Renewed",
        { Contract: { Status: ContractStatus.InGrace, Reassignment: not null } } => "ReassigningInGrace",
        { Contract: { } c } => c.Status.ToString(),
    };

    private static Decided[] Merge(Situation s)
    {
        var twin = Fold<Enrolment>([Registered with { ResidentId = Twin }, Eligible,
            .. s.Resident!.Contract is { IsCurrent: true } ? [Applied with { ResidentId = Twin, ContractId = AnotherId }, Signed with { ContractId = AnotherId, StartsOn = new(2023, 3, 1) }] : Array.Empty<DomainEvent>()]);
        if (s.Resident.Contract is { Status: ContractStatus.PendingConfirmation })
            twin = Fold<Enrolment>([Registered with { ResidentId = Twin }, Eligible, Applied with { ResidentId = Twin, ContractId = AnotherId }]);
        return Of(MergeResidents.Decide(twin, s.Resident, s.Panel, s.At));
    }

    private static Enrolment Changed(Enrolment resident, DateOnly on) => resident with { Contract = resident.Contract! with { OwnChanges = [on] } };

    private static TeamPanel? Leaving(TeamPanel? panel) => panel! with { Leaving = new(0, 0) };

    private static Situation Full(Situation s) => s with { Panel = s.Panel! with { Cap = s.Panel.Seats } };

    private static (string, string, string, Action) Case(string state, string command, string code, Func<Situation, Situation> given) =>
        (state, command, code, () => Force(Commands[command](given(In(state, command)))));

    private static (string, string, string, Action) Asking<T>(string state, string command, string code, Func<Situation, T> ask) =>
        (state, command, code, () => Force(ask(In(state, command)) is Decided events ? [events] : []));

    private static void Force(Decided[] decided) => _ = decided.Sum(e => e.Count());

    private static Decided[] Of((Decided, Decided) two) => [two.Item1, two.Item2];

    private static Decided[] Of((Decided, Decided, Decided) three) => [three.Item1, three.Item2, three.Item3];

    private static T? Fold<T>(IEnumerable<DomainEvent> history) where T : class, IState<T> => history.Aggregate(default(T), (state, e) => T.Evolve(state, e));
}
