using FamilyDoctor.Beds.Approving;
using FamilyDoctor.Beds.Documenting;
using FamilyDoctor.Beds.Ending;
using FamilyDoctor.Beds.Opening;
using FamilyDoctor.Beds.Pausing;
using FamilyDoctor.Beds.Requesting;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Testing;
using static FamilyDoctor.Beds.Tests.Sample;
using static FamilyDoctor.Testing.Spec;
using BedEvents = (
    System.Collections.Generic.IEnumerable<FamilyDoctor.EventSourcing.DomainEvent> Bed,
    System.Collections.Generic.IEnumerable<FamilyDoctor.EventSourcing.DomainEvent> Resident,
    System.Collections.Generic.IEnumerable<FamilyDoctor.EventSourcing.DomainEvent> Capacity);
using Decided = System.Collections.Generic.IEnumerable<FamilyDoctor.EventSourcing.DomainEvent>;

namespace FamilyDoctor.Beds.Tests.Tables;

/// <summary>FamilyBed.states.md is what the code does.</summary>
public sealed class FamilyBedTableTests
{
    private static readonly Guid OtherTeam = new("00000000-0000-7000-8000-000000000021"), OtherGp = new("00000000-0000-7000-8000-000000000022");
    private static readonly Actor Clerk = new("clerk", Role.Clinic);
    private static readonly BedWaitlisted Waits = new(Bed, 1, Gp, null, 60);
    private static readonly BedExtensionRequested Asked = new(Bed, On("2024-05-12 00:00"));
    private static readonly CareContract Contracted = new(Contract, 5, On("2024-01-01 09:00")),
        Ended = new(Contract with { Status = "Terminated" }, 6, On("2024-04-28 09:00"), "ResidentRequest"),
        Transferred = new(Contract with { TeamId = OtherTeam, GpId = OtherGp }, 6, On("2024-04-28 09:00"));

    private static readonly Dictionary<string, DomainEvent[]> States = new()
    {
        ["-"] = [],
        ["Requested"] = ARequest,
        ["Assessed"] = AnAssessedBed,
        ["Waitlisted"] = [.. AnAssessedBed, Waits],
        ["Approved"] = AnApprovedBed,
        ["Open"] = AnOpenBed,
        ["Warned"] = [.. AnOpenBed, Warned],
        ["Asked"] = [.. AnOpenBed, Warned, Asked],
        ["Paused"] = APausedBed,
        ["ClosingDue"] = ABedToBeClosed,
        ["Closed"] = AClosedBed,
        ["PeriodOver"] = [.. AnOpenBed, Warned, Closed(CloseReason.PeriodEnded, "2024-04-27 00:00", 61)],
        ["Deceased"] = [.. AnOpenBed, Closed(CloseReason.Died, "2024-04-20 12:00", 30)],
        ["Declined"] = [.. AnAssessedBed, new BedDeclined(Bed, "other", null)],
        ["Cancelled"] = [.. ARequest, new BedRequestCancelled(Bed, "clinic", "other")],
    };

    private sealed record Case(FamilyBed? Bed, ResidentBeds? Resident, BedCapacity? Capacity, Moment At);

    private static readonly Dictionary<string, Func<Case, BedEvents>> Commands = new()
    {
        [nameof(RequestBed)] = c =>
        {
            var (bed, resident) = new RequestBed(Bed, Resident, BedOrigin.Team, BedType.Rehabilitative, ["I63.9"]).Decide(Bed, c.Bed, c.Resident, Right, c.At);
            return (bed, resident, []);
        },
        [nameof(ScheduleAssessment)] = c => (new ScheduleAssessment(c.At.Now.AddDays(1), Nurse).Decide(c.Bed, c.At), [], []),
        [nameof(RecordAssessment)] = c => (new RecordAssessment(35, 15, "high", true, true, "familyBed").Decide(c.Bed), [], []),
        [nameof(ApproveBed)] = c => new ApproveBed(Gp).Decide(c.Bed, c.Capacity, TeamOfGp, c.At),
        [nameof(JoinBedWaitlist)] = c => new JoinBedWaitlist(Gp).Decide(c.Bed, Fold<BedCapacity>(Capacity(1, taken: 1)), TeamOfGp, c.At),
        [nameof(GiveFreedSeat)] = c =>
        {
            var freed = c.Bed?.Stage is BedStatus.Waitlisted ? BedCapacity.Evolve(c.Capacity, Released("2024-04-28 10:00")) : c.Capacity;
            var (bed, capacity) = GiveFreedSeat.Decide(c.Bed, freed);
            return (bed, [], capacity);
        },
        [nameof(DeclineBed)] = c =>
        {
            var (bed, resident) = new DeclineBed("other").Decide(c.Bed);
            return (bed, resident, []);
        },
        [nameof(AddBedDocument)] = c => (AddBedDocument.Decide(c.Bed, Bed, OtherGp, DocumentKind.Photo), [], []),
        [nameof(CancelBedRequest)] = c => new CancelBedRequest("other").Decide(c.Bed, c.Capacity, Clerk, c.At),
        [nameof(OpenBed)] = c => (new OpenBed("consent-1", 14, 7).Decide(c.Bed, Contracted, c.At), [], []),
        [nameof(ReviseCarePlan)] = c => (new ReviseCarePlan(7, 3, ["walking"]).Decide(c.Bed), [], []),
        [nameof(ChangeBedGp)] = c => (new ChangeBedGp(OtherGp, "moved", null, "delegation-1").Decide(c.Bed, TeamOfGp), [], []),
        [nameof(WarnOfPeriodEnd)] = c => (WarnOfPeriodEnd.Decide(c.Bed, c.At), [], []),
        [nameof(RequestExtension)] = c => (RequestExtension.Decide(c.Bed, c.At), [], []),
        [nameof(ApproveExtension)] = c => (new ApproveExtension(45, 16).Decide(c.Bed, c.At), [], []),
        [nameof(PauseBed)] = c => (new PauseBed(Referral).Decide(c.Bed, c.At), [], []),
        [nameof(ResumeBed)] = c => (ResumeBed.Decide(c.Bed, c.At), [], []),
        [nameof(WhenPatientArrived)] = c => WhenPatientArrived.Decide(c.Bed, c.Capacity, Referral, c.At.Now, c.At),
        [nameof(WhenBedAuthorisationAnswered)] = c => (WhenBedAuthorisationAnswered.Decide(c.Bed, 4, new BedInsured(Bed, 4, "REF-1")), [], []),
        [nameof(CloseBed)] = c => new CloseBed(CloseReason.Improved).Decide(c.Bed, c.Capacity, null, c.At),
        [nameof(CloseOverdueBed)] = c => CloseOverdueBed.Decide(c.Bed, c.Capacity, At("2024-06-30 10:00")),
        ["ContractEnded"] = c => FollowContract.Decide(c.Bed, c.Capacity, Ended, c.At),
        ["ContractSignedAgain"] = c => FollowContract.Decide(c.Bed, c.Capacity, Contracted with { Version = 8 }, c.At),
        ["ContractTransferred"] = c => FollowContract.Decide(c.Bed, c.Capacity, Transferred, c.At),
        ["ResidentDied"] = c => FollowDeath.Decide(c.Bed, c.Resident, c.Capacity, new(true, c.At.Now), c.At),
        ["ResidentDeathReversed"] = c => FollowDeath.Decide(c.Bed, c.Resident, c.Capacity, new(false, c.At.Now), c.At),
    };

    private static readonly TransitionTable Table = new("Beds/FamilyBed.states.md", States.Keys, Commands.Keys);

    [Fact]
    public void Every_command_does_what_the_table_says() => Table.HoldsFor((state, command) =>
    {
        var given = In(state);
        var (bed, resident, capacity) = Commands[command](given);
        var (ofBed, ofResident, ofCapacity) = (bed.ToList(), resident.ToList(), capacity.ToList());
        var start = command is nameof(JoinBedWaitlist) ? Fold<BedCapacity>(Capacity(1, taken: 1))
            : command is nameof(GiveFreedSeat) && state is "Waitlisted" ? BedCapacity.Evolve(given.Capacity, Released("2024-04-28 10:00")) : given.Capacity;
        _ = (ofResident.Aggregate(given.Resident, ResidentBeds.Evolve), ofCapacity.Aggregate(start, BedCapacity.Evolve)); // each must be able to follow
        return ([.. ofBed, .. ofResident, .. ofCapacity], StateOf(ofBed.Aggregate(given.Bed, FamilyBed.Evolve)));
    });

    [Fact]
    public void No_event_follows_where_it_cannot() => Following.Only<FamilyBed>("""
        BedApproved: Assessed, Waitlisted
        BedAssessed: Requested, Assessed
        BedAssessmentScheduled: Requested
        BedClosed: Open, Warned, Asked, Paused, ClosingDue
        BedClosureCancelled: ClosingDue
        BedClosureDue: Open, Warned, Asked, Paused
        BedDeclined: Assessed
        BedDocumentAdded: all but -
        BedExtended: Open, Warned, Asked, Paused, ClosingDue
        BedExtensionRequested: Open, Warned, Asked, Paused, ClosingDue
        BedGpChanged: all but -, Closed, PeriodOver, Deceased, Declined, Cancelled
        BedInsuranceRefused: all but -, Requested, Assessed, Waitlisted, Approved, Declined, Cancelled
        BedInsured: all but -, Requested, Assessed, Waitlisted, Approved, Declined, Cancelled
        BedOpened: Approved
        BedPaused: Open, Warned, Asked, ClosingDue
        BedPeriodEndingSoon: Open, Warned, Asked, Paused, ClosingDue
        BedRehomed: all but -, Closed, PeriodOver, Deceased, Declined, Cancelled
        BedReopened: Deceased
        BedRequestCancelled: Requested, Assessed, Waitlisted, Approved
        BedRequested: -
        BedResumed: Paused
        BedVisitMissed: Open, Warned, Asked, Paused, ClosingDue
        BedVisited: all but -, Requested, Assessed, Waitlisted, Approved, Declined, Cancelled
        BedWaitlisted: Assessed
        CarePlanRevised: Open, Warned, Asked, Paused, ClosingDue
        MissedVisitsEscalated: Open, Warned, Asked, Paused, ClosingDue
        """, States, new BedAssessmentScheduled(Bed, On("2024-03-03 09:00"), Nurse), new CarePlanRevised(Bed, 2, 7, 3, []), new BedGpChanged(Bed, Team, Gp, null, "moved"),
        new BedRehomed(Bed, Institution, Institution, "330203"), new BedExtended(Bed, 2, new(2024, 4, 28), new(2024, 7, 3), Opened.WarnAt, Opened.EndsAt, 45, 16, null), Resumed,
        new BedClosureCancelled(Bed), new BedReopened(Bed, On("2024-04-21 09:00")), new BedVisited(Bed, Visit), new BedVisitMissed(Bed, Visit), new MissedVisitsEscalated(Bed, 2),
        new BedInsured(Bed, 4, "REF-1"), new BedInsuranceRefused(Bed, 4, "notCovered"), new BedDocumentAdded(Bed, OtherBed, DocumentKind.Photo));

    [Fact]
    public void Every_code_is_given_where_it_stands() => Table.RefusesAsListed(
    [
        Refused("-", nameof(RequestBed), "CONTRACT_NOT_ACTIVE", c => Ask().Decide(Bed, c.Bed, c.Resident, null, c.At).Bed),
        Refused("-", nameof(RequestBed), "BED_ALREADY_OPEN", c => Ask().Decide(Bed, c.Bed, Fold<ResidentBeds>([new ResidentBedTaken(Resident, OtherBed)]), Right, c.At).Resident),
        Refused("Requested", nameof(ScheduleAssessment), "RULE_VIOLATION", c => new ScheduleAssessment(c.At.Now, Nurse).Decide(c.Bed, c.At)),
        .. Unfit(nameof(ApproveBed), (c, days) => new ApproveBed(Gp, null, days).Decide(c.Bed, c.Capacity, TeamOfGp, c.At).Bed),
        Refused("Assessed", nameof(ApproveBed), "BED_NOT_ELIGIBLE", c => new ApproveBed(OtherGp).Decide(c.Bed, c.Capacity, TeamOfGp, c.At).Bed),
        Refused("Assessed", nameof(ApproveBed), "BED_CAPACITY_FULL", c => new ApproveBed(Gp).Decide(c.Bed, Fold<BedCapacity>(Capacity(1, taken: 1)), TeamOfGp, c.At).Bed),
        Refused("Assessed", nameof(ApproveBed), "BED_CAPACITY_FULL", c => new ApproveBed(Gp).Decide(c.Bed, null, TeamOfGp, c.At).Bed),
        .. Unfit(nameof(JoinBedWaitlist), (c, days) => new JoinBedWaitlist(Gp, null, days).Decide(c.Bed, Fold<BedCapacity>(Capacity(1, taken: 1)), TeamOfGp, c.At).Bed),
        Refused("Approved", nameof(OpenBed), "CONSENT_MISSING", c => new OpenBed(" ", 14, 7).Decide(c.Bed, Contracted, c.At)),
        Refused("Approved", nameof(OpenBed), "CONTRACT_NOT_ACTIVE", c => new OpenBed("consent-1", 14, 7).Decide(c.Bed, Ended, c.At)),
        Refused("Open", nameof(ChangeBedGp), "BED_NOT_ELIGIBLE", c => new ChangeBedGp(OtherGp, "moved").Decide(c.Bed, TeamOfGp)),
        Refused("Asked", nameof(ApproveExtension), "BED_NOT_ELIGIBLE", c => new ApproveExtension(95, 20).Decide(c.Bed, c.At)),
        Refused("Asked", nameof(ApproveExtension), "PERIOD_LIMIT", c => new ApproveExtension(45, 16).Decide(
            c.Bed! with { Period = c.Bed.Period! with { ReviewedOn = new(2023, 11, 1) } }, c.At)),
        Refused("Open", nameof(PauseBed), "PAUSE_LIMIT", c => new PauseBed().Decide(c.Bed! with { Period = c.Bed.Period! with { PausedDays = 14 } }, c.At)),
    ]);

    [Theory]
    [InlineData(CloseReason.Recovered)]
    [InlineData(CloseReason.Improved)]
    [InlineData(CloseReason.StableToRoutine)]
    [InlineData(CloseReason.Transferred)]
    [InlineData(CloseReason.Died)]
    [InlineData(CloseReason.Request)]
    [InlineData(CloseReason.Moved)]
    [InlineData(CloseReason.Unsafe)]
    [InlineData(CloseReason.ContractEnded)]
    [InlineData(CloseReason.PeriodEnded)]
    public void Every_reason_closes_a_bed(CloseReason reason)
    {
        var given = In("Open");
        var closed = Assert.IsType<BedClosed>(new CloseBed(reason).Decide(given.Bed, given.Capacity, null, given.At).Bed.Single());
        Assert.Equal((reason, given.At.Today), (closed.Reason, closed.ClosedOn));
    }

    [Fact]
    public void What_speaks_against_a_bed_is_told_whole()
    {
        var given = In("Assessed");
        var bad = given.Bed! with { Assessment = new(Bed, 95, 15, "high", true, false, "hospital", true, true, 46) };
        var refusal = Assert.Throws<RuleBroken>(() => new ApproveBed(OtherGp).Decide(bad, given.Capacity, TeamOfGp, given.At));
        Assert.Equal(["selfCarePossible", "hospitalNeeded", "acuteUnstable", "isolationNeeded", "outOfReach", "gpNotOfTeam"],
            (IReadOnlyList<string>)refusal.Facts!.GetType().GetProperty("criteria")!.GetValue(refusal.Facts)!);
    }

    [Fact]
    public void A_death_told_in_error_opens_no_bed_again_after_a_month_or_without_a_seat()
    {
        var given = In("Deceased");
        Assert.Empty(FollowDeath.Decide(given.Bed, given.Resident, given.Capacity, new(false, given.At.Now), At("2024-05-20 12:01")).Bed);
        Assert.NotEmpty(FollowDeath.Decide(given.Bed, given.Resident, given.Capacity, new(false, given.At.Now), At("2024-05-20 12:00")).Bed);
        Assert.Empty(FollowDeath.Decide(given.Bed, given.Resident, null, new(false, given.At.Now), given.At).Bed);
        Assert.Empty(FollowDeath.Decide(given.Bed, given.Resident, Fold<BedCapacity>(Capacity(1, taken: 1)), new(false, given.At.Now), given.At).Bed);
        Assert.Empty(FollowDeath.Decide(given.Bed, ResidentBeds.Evolve(given.Resident, new ResidentBedTaken(Resident, OtherBed)), given.Capacity, new(false, given.At.Now), given.At).Bed);
    }

    [Fact]
    public void Two_visits_in_a_row_that_did_not_take_place_go_to_the_head_of_the_institution()
    {
        var (bed, at) = (In("Open").Bed!, In("Open").At);
        Assert.Equal([new BedVisitMissed(Bed, Visit)], FamilyBed.Missed(bed, Visit, at));
        var once = FamilyBed.Evolve(bed, new BedVisitMissed(Bed, Visit));
        Assert.Equal([new BedVisitMissed(Bed, OtherBed), new MissedVisitsEscalated(Bed, 2)], FamilyBed.Missed(once, OtherBed, at));
        Assert.Single(FamilyBed.Missed(FamilyBed.Evolve(once, new BedVisited(Bed, Visit)), OtherBed, at)); // one took place in between
    }

    private static IEnumerable<(string, string, string, Action)> Unfit(string command, Func<Case, int?, Decided> decide) =>
    [
        Refused("Assessed", command, "HOME_UNSUITABLE", c => decide(Found(c, Assessed with { HomeSuitable = false }), null)),
        Refused("Assessed", command, "BED_NOT_ELIGIBLE", c => decide(Found(c, Assessed with { Caregiver = false }), null)),
        Refused("Assessed", command, "PERIOD_LIMIT", c => decide(c, 61)),
    ];

    private static Case Found(Case c, BedAssessed assessment) => c with { Bed = c.Bed! with { Assessment = assessment } };

    private static RequestBed Ask() => new(Bed, Resident, BedOrigin.Team, BedType.Rehabilitative, ["I63.9"]);

    private static (string, string, string, Action) Refused(string state, string command, string code, Func<Case, Decided> ask) =>
        (state, command, code, () => _ = ask(In(state)).Count());

    private static Case In(string state) => new(
        States[state].Aggregate(default(FamilyBed), FamilyBed.Evolve),
        state switch
        {
            "-" => null,
            "Closed" or "PeriodOver" or "Deceased" or "Declined" or "Cancelled" => Fold<ResidentBeds>([Taken, Freed]),
            _ => Fold<ResidentBeds>([Taken]),
        },
        Fold<BedCapacity>(state switch
        {
            "Waitlisted" => [.. Capacity(1, taken: 1), new BedWaitlistJoined(Institution, new(Bed, 40, On("2024-03-04 09:00")))],
            "Approved" or "Open" or "Warned" or "Asked" or "Paused" or "ClosingDue" => [.. Capacity(1), Seat],
            _ => Capacity(1),
        }),
        At("2024-04-28 10:00"));

    private static string StateOf(FamilyBed? bed) => bed switch
    {
        null => "-",
        { Closed.Reason: CloseReason.PeriodEnded } => "PeriodOver",
        { Closed.Reason: CloseReason.Died } => "Deceased",
        { Status: BedStatus.Open, Period.ExtensionRequested: true } => "Asked",
        { Status: BedStatus.Open, Period.Warned: true } => "Warned",
        _ => bed.Status.ToString(),
    };

    private static T Fold<T>(IEnumerable<DomainEvent> history) where T : class, IState<T> => history.Aggregate(default(T), (state, e) => T.Evolve(state, e))!;
}
