using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.Policies;
using FamilyDoctor.Referrals.Answering;
using FamilyDoctor.Referrals.Documenting;
using FamilyDoctor.Referrals.Quotas;
using FamilyDoctor.Referrals.Referring;
using FamilyDoctor.Referrals.Returning;
using FamilyDoctor.Testing;
using static FamilyDoctor.Referrals.Tests.Sample;
using static FamilyDoctor.Testing.Spec;
using Decided = System.Collections.Generic.IEnumerable<FamilyDoctor.EventSourcing.DomainEvent>;

namespace FamilyDoctor.Referrals.Tests.Tables;

/// <summary>Referral.states.md and ResidentReferrals.states.md are what the code does.</summary>
public sealed class ReferralTableTests
{
    private static readonly Actor Desk = new("desk", Role.Hospital);
    private static readonly QuotaPublished LaterDay =
        Published with { Date = new(2024, 3, 29), FirstSlot = Time("2024-03-29 08:00"), ReleaseAt = Time("2024-03-27 08:00") };
    private static readonly SlotsWithdrawn Withdrawn =
        new([0], new(1, 0, 0), new(1, 0, 0), [Id], [Id], "doctorIll", Time("2024-03-04 09:00"));
    private static readonly DomainEvent[] Seen = [.. AScheduledReferral, Arrived];

    private static readonly ReferralPrefilled Prefilled = new(Id, OtherId, Resident, ContractId, 4, Team, Institution, "330203", Time("2024-03-24 09:00"));
    private static readonly AppointmentFacts Appointment =
        new(OtherId, OtherId, Resident, ContractId, Team, Institution, "330203", "clinic", Time("2024-03-01 09:00"), "Fulfilled");

    private static readonly Dictionary<string, DomainEvent[]> States = new()
    {
        ["-"] = [],
        ["Prefilled"] = [Prefilled],
        ["Draft"] = [Drafted(), Chosen],
        ["Submitted"] = ASubmittedReferral,
        ["SubmittedWithoutSlot"] = [Drafted(), Submitted],
        ["InfoRequested"] = [.. ASubmittedReferral, new ReferralReturnedForInformation(Id, ["labs"], null, Time("2024-03-04 09:00"))],
        ["Waitlisted"] = [.. ASubmittedReferral, new ReferralWaitlisted(Id, new(2024, 3, 20), Time("2024-03-04 09:00"), Time("2024-03-21 00:00"))],
        ["Scheduled"] = AScheduledReferral,
        ["RebookRequired"] = [.. AScheduledReferral, new ReferralRebookRequired(Id, "doctorIll")],
        ["RebookRequiredUnanswered"] = [.. ASubmittedReferral, new ReferralRebookRequired(Id, "doctorIll")],
        ["Declined"] = [.. ASubmittedReferral, new ReferralDeclined(Id, "incompleteForm", null, Time("2024-03-04 09:00"))],
        ["Advised"] = [.. ASubmittedReferral, new ReferralAdvised(Id, "hospital", null, Time("2024-03-04 09:00"))],
        ["InCare"] = Seen,
        ["NoShow"] = [.. AScheduledReferral, new ReferralNoShow(Id)],
        ["OutcomeReturned"] = [.. Seen, Returned],
        ["Closed"] = [.. Seen, Returned, new ReferralClosed(Id, true, null)],
        ["Cancelled"] = [Drafted(), new ReferralCancelled(Id, "clinic", "resident")],
        ["CancelledByDeath"] = [.. AScheduledReferral, new ReferralCancelled(Id, "service", EndedByDeath.Reason, Time("2024-03-03 09:00"))],
    };

    private static readonly DomainEvent[] SteppedUp =
        [Drafted(ReferralPriority.Urgent), Chosen, Submitted, new ReferralFastTracked(Id, Scheduled.Start, Submitted.At), Authorised,
         new ReferralSteppedUp(Id, OtherId, null, "greenChannel", Submitted.ResponseDueAt)];

    private sealed record Way(Referral? Referral, QuotaBook? Day, QuotaBook? Later, ResidentReferrals? Others, Moment At);

    private static readonly Dictionary<string, Func<Way, Decided[]>> Commands = new()
    {
        [nameof(DraftReferral)] = w => Of(Draft.Decide(Id, w.Referral, w.Others, Contract(), TeamOfTwo, Hospital, null, Doctor, w.At)),
        [nameof(HoldSlot)] = w => Of(new HoldSlot(LaterDay.Date).Decide(w.Referral, w.Later, w.At)),
        [nameof(AddReferralDocument)] = w => [AddReferralDocument.Decide(w.Referral, Id, OtherId, DocumentKind.Letter)],
        [nameof(ReleaseHold)] = w => Of(ReleaseHold.Decide(w.Referral, w.Day)),
        [nameof(SubmitReferral)] = w => Of(new SubmitReferral("consent-1").Decide(w.Referral, w.Day, w.At)),
        ["SubmitReferral: urgent"] = w => Of(new SubmitReferral("consent-1").Decide(Urgent(w.Referral), w.Day, w.At)),
        [nameof(MergeIntoReferral)] = w => [new MergeIntoReferral("palpitations", ["R00"]).Decide(w.Referral, null)],
        [nameof(RequestInformation)] = w => [new RequestInformation(["labs"]).Decide(w.Referral, null, w.At)],
        [nameof(SupplyInformation)] = w => [new SupplyInformation(ConditionCodes: ["I21"]).Decide(w.Referral, null, w.At)],
        [nameof(AcceptReferral)] = w => Of(new AcceptReferral().Decide(w.Referral, w.Day, Desk, w.At)),
        ["AcceptReferral: on another day"] = w => Of(new AcceptReferral(LaterDay.Date).Decide(w.Referral, w.Later, Desk, w.At)),
        [nameof(AcceptToWaitlist)] = w => Of(new AcceptToWaitlist(new(2024, 3, 20)).Decide(w.Referral, w.Day, w.At)),
        [nameof(DeclineReferral)] = w => Of(new DeclineReferral("incompleteForm").Decide(w.Referral, w.Day, null, null, w.At)),
        ["DeclineReferral: redirected"] = w => Of(new DeclineReferral("notOurs", RedirectTo: OtherId).Decide(
            w.Referral, w.Day, Hospital with { HospitalId = OtherId, Level = 3 }, null, w.At)),
        [nameof(AdviseInstead)] = w => Of(new AdviseInstead("advice").Decide(w.Referral, w.Day, null, Desk, w.At)),
        [nameof(EscalateReferral)] = w => [EscalateReferral.Decide(w.Referral, w.At)],
        [nameof(RescheduleReferral)] = w => Of(new RescheduleReferral(LaterDay.Date).Decide(w.Referral, w.Later, w.At)),
        [nameof(TellOfWithdrawal)] = w => Of(TellOfWithdrawal.Decide(Id, w.Referral, QuotaBook.Evolve(Fold<QuotaBook>(ADayWithHisRequest), Withdrawn))),
        [nameof(Rebook)] = w => Of(new Rebook(LaterDay.Date).Decide(w.Referral, w.Later, w.Others, w.At)),
        [nameof(RecordArrival)] = w => [new RecordArrival(false).Decide(w.Referral, w.At)],
        [nameof(MarkReferralNoShow)] = w => Of(MarkReferralNoShow.Decide(w.Referral, w.At)),
        [nameof(ReturnOutcome)] = w => Of(new ReturnOutcome(Disposition.Discharged).Decide(w.Referral, null, null, w.At)),
        [nameof(AcknowledgeOutcome)] = w => [AcknowledgeOutcome.Decide(w.Referral)],
        [nameof(CloseReferral)] = w => Of(new CloseReferral("moved").Decide(w.Referral, w.Others)),
        [nameof(WhenContractTransferredThenOwner)] = w => [NewOwner.Of(Contract().Facts with { TeamId = OtherId }).Decide(w.Referral)],
        [nameof(WhenResidentDiedThenCancelled)] = w => Of(WhenResidentDiedThenCancelled.Decide(w.Referral, w.Day, Doctor, w.At)),
        [nameof(WhenDeathReversedThenReopened)] = w => Of(WhenDeathReversedThenReopened.Decide(w.Referral, w.Others, w.At)),
        [nameof(WhenAppointmentFulfilled)] = w => [WhenAppointmentFulfilled.Decide(Id, w.Referral, Appointment, Contract(), w.At)],
        [nameof(LapsePrefilledReferral)] = w => [LapsePrefilledReferral.Decide(w.Referral, w.At)],
        [nameof(CancelReferral)] = w => Of(new CancelReferral("resident").Decide(w.Referral, w.Day, Doctor)),
    };

    private static readonly TransitionTable Table = new("Referrals/Referral.states.md", States.Keys, Commands.Keys);

    [Fact]
    public void Every_command_does_what_the_table_says() => Table.HoldsFor((state, command) =>
    {
        var way = In(state, command);
        var decided = Commands[command](way).Select(e => e.ToList()).ToList();
        var before = command == "SubmitReferral: urgent" ? Urgent(way.Referral) : way.Referral;
        return ([.. decided.SelectMany(e => e)], StateOf(decided[0].Aggregate(before, Referral.Evolve)));
    });

    [Fact]
    public void No_event_follows_where_it_cannot() => Following.Only<Referral>("""
        EmergencyRouteTaken: SteppedUp
        OutcomeReturned: InCare
        PatientArrived: Scheduled, SteppedUp
        ReferralAccepted: Submitted, SubmittedWithoutSlot, Waitlisted, SteppedUp
        ReferralAdvised: Submitted, SubmittedWithoutSlot
        ReferralAuthorised: Scheduled, SteppedUp
        ReferralCancelled: all but -, Declined, Advised, InCare, NoShow, OutcomeReturned, Closed, Cancelled, CancelledByDeath
        ReferralClockMoved: Submitted, SubmittedWithoutSlot
        ReferralClosed: Advised, InCare, NoShow, OutcomeReturned
        ReferralDeclined: Submitted, SubmittedWithoutSlot, Waitlisted
        ReferralDocumentAdded: all but -
        ReferralDrafted: -, Prefilled
        ReferralFastTracked: Submitted, SubmittedWithoutSlot
        ReferralInformationSupplied: InfoRequested
        ReferralInsuranceRefused: Scheduled, RebookRequired, InCare, NoShow, OutcomeReturned, Closed, CancelledByDeath, SteppedUp
        ReferralInsured: Scheduled, RebookRequired, InCare, NoShow, OutcomeReturned, Closed, CancelledByDeath, SteppedUp
        ReferralMerged: all but -, Declined, Advised, InCare, NoShow, OutcomeReturned, Closed, Cancelled, CancelledByDeath
        ReferralNoShow: Scheduled, SteppedUp
        ReferralOverdue: Submitted, SubmittedWithoutSlot, Waitlisted, SteppedUp
        ReferralOwnerChanged: all but -, Declined, Closed, Cancelled, CancelledByDeath
        ReferralPrefilled: -
        ReferralRebookRequired: Submitted, SubmittedWithoutSlot, Scheduled, SteppedUp
        ReferralRedirected: Submitted, SubmittedWithoutSlot
        ReferralReopened: CancelledByDeath
        ReferralRescheduled: Scheduled, RebookRequired, RebookRequiredUnanswered, NoShow, SteppedUp
        ReferralReturnedForInformation: Submitted, SubmittedWithoutSlot
        ReferralScheduled: Submitted, SubmittedWithoutSlot, Waitlisted
        ReferralSlotHeld: Draft, Submitted, SubmittedWithoutSlot, Waitlisted
        ReferralSlotReleased: Draft, InfoRequested
        ReferralSteppedUp: all but -, Declined, Advised, InCare, NoShow, OutcomeReturned, Closed, Cancelled, CancelledByDeath
        ReferralSubmitted: Draft
        ReferralWaitlisted: Submitted, SubmittedWithoutSlot
        """, new Dictionary<string, DomainEvent[]>(States) { ["SteppedUp"] = SteppedUp }, new ReferralSlotReleased(Id), new ReferralMerged(Id, "palpitations", [], null), new ReferralFastTracked(Id, null, Submitted.At), new ReferralInsured(Id, "1"),
        new ReferralInsuranceRefused(Id, "1"), new ReferralInformationSupplied(Id, [], null, Submitted.At, Submitted.At, null),
        new ReferralRedirected(Id, HospitalId, OtherId, 3, "notOurs", null, Submitted.At, Submitted.At), new ReferralRescheduled(Id, BookId, Day, Submitted.At, null),
        new ReferralOverdue(Id, 1, "referralOffice", null), new ReferralClockMoved(Id, Submitted.At, Submitted.At), new ReferralOwnerChanged(Id, OtherId, Institution, "330203"),
        new ReferralSteppedUp(Id, OtherId, null, "greenChannel", Submitted.At), new EmergencyRouteTaken(Id, "noSlot", "district"), new ReferralReopened(Id, false),
        new ReferralDocumentAdded(Id, OtherId, DocumentKind.Letter));

    [Fact]
    public void Every_code_is_given_where_it_stands() => Table.RefusesAsListed(
    [
        Case("-", nameof(DraftReferral), "NO_ACTIVE_CONTRACT", w => Draft.Decide(Id, null, null, null, TeamOfTwo, Hospital, null, Doctor, w.At)),
        Case("Prefilled", nameof(DraftReferral), "RULE_VIOLATION",
            w => (Draft with { ResidentId = OtherId }).Decide(Id, w.Referral, null, Contract(), TeamOfTwo, Hospital, null, Doctor, w.At)),
        Case("-", nameof(DraftReferral), "NOT_PANEL_GP",
            w => Draft.Decide(Id, null, null, Contract(), TeamOfTwo, Hospital, null, Doctor with { Id = Nurse.ToString() }, w.At)),
        Case("-", nameof(DraftReferral), "SERVICE_NOT_OFFERED",
            w => (Draft with { Service = "dentistry" }).Decide(Id, null, null, Contract(), TeamOfTwo, Hospital, null, Doctor, w.At)),
        Case("-", nameof(DraftReferral), "LEVEL_SKIP_REASON_REQUIRED",
            w => Draft.Decide(Id, null, null, Contract(), TeamOfTwo, Hospital with { Level = 3 }, null, Doctor, w.At)),
        Case("-", nameof(DraftReferral), "DUPLICATE_REFERRAL",
            w => Draft.Decide(Id, null, Fold<ResidentReferrals>([Opened with { ReferralId = OtherId }]), Contract(), TeamOfTwo, Hospital, null, Doctor, w.At)),
        Case("Draft", nameof(HoldSlot), "QUOTA_EXHAUSTED", w => new HoldSlot(Day).Decide(w.Referral, null, w.At)),
        Case("Draft", nameof(HoldSlot), "POOL_CLOSED", w => new HoldSlot(Day).Decide(w.Referral, w.Later, At("2024-03-30 09:00"))),
        Case("Draft", nameof(SubmitReferral), "CHECKLIST_INCOMPLETE", w => new SubmitReferral().Decide(w.Referral, w.Day, w.At)),
        Case("Draft", nameof(SubmitReferral), "HOLD_EXPIRED", w => new SubmitReferral("consent-1").Decide(w.Referral, Fold<QuotaBook>([Published]), w.At)),
        Case("Draft", nameof(SubmitReferral), "SLOT_WITHDRAWN",
            w => new SubmitReferral("consent-1").Decide(w.Referral, QuotaBook.Evolve(w.Day, Withdrawn with { Referrals = [] }), w.At)),
        Case("InfoRequested", nameof(SupplyInformation), "CHECKLIST_INCOMPLETE", w => new SupplyInformation().Decide(w.Referral, null, w.At)),
        Case("Submitted", nameof(AcceptReferral), "HOLD_EXPIRED", w => new AcceptReferral().Decide(w.Referral, w.Day, Desk, At("2024-03-16 00:00"))),
        Case("Submitted", nameof(AcceptReferral), "SLOT_WITHDRAWN",
            w => new AcceptReferral().Decide(w.Referral, QuotaBook.Evolve(w.Day, Withdrawn), Desk, w.At)),
        Case("Waitlisted", "AcceptReferral: on another day", "QUOTA_EXHAUSTED", w => new AcceptReferral(Day).Decide(w.Referral, null, Desk, w.At)),
        Case("Submitted", "AcceptReferral: on another day", "POOL_CLOSED",
            w => new AcceptReferral(LaterDay.Date).Decide(w.Referral, w.Later, Desk, At("2024-03-30 09:00"))),
        Case("Submitted", nameof(AcceptToWaitlist), "RULE_VIOLATION", w => new AcceptToWaitlist(new(2024, 3, 3)).Decide(w.Referral, w.Day, w.At)),
        Case("Submitted", "DeclineReferral: redirected", "SERVICE_NOT_OFFERED",
            w => new DeclineReferral("notOurs", RedirectTo: OtherId).Decide(w.Referral, w.Day, null, null, w.At)),
        Case("Submitted", "DeclineReferral: redirected", "RULE_VIOLATION",
            w => new DeclineReferral("notOurs", RedirectTo: HospitalId).Decide(w.Referral, w.Day, Hospital, null, w.At)),
        Case("Scheduled", nameof(RescheduleReferral), "QUOTA_EXHAUSTED", w => new RescheduleReferral(Day).Decide(w.Referral, null, w.At)),
        Case("Scheduled", nameof(RescheduleReferral), "POOL_CLOSED",
            w => new RescheduleReferral(LaterDay.Date).Decide(w.Referral, w.Later, At("2024-03-30 09:00"))),
        Case("NoShow", nameof(Rebook), "RULE_VIOLATION", w => new Rebook(LaterDay.Date).Decide(w.Referral! with { Rebookings = 2 }, w.Later, w.Others, w.At)),
        Case("NoShow", nameof(Rebook), "DUPLICATE_REFERRAL",
            w => new Rebook(LaterDay.Date).Decide(w.Referral, w.Later, Fold<ResidentReferrals>([Opened with { ReferralId = OtherId }]), w.At)),
        Case("NoShow", nameof(Rebook), "QUOTA_EXHAUSTED", w => new Rebook(Day).Decide(w.Referral, null, w.Others, w.At)),
        Case("NoShow", nameof(Rebook), "POOL_CLOSED", w => new Rebook(LaterDay.Date).Decide(w.Referral, w.Later, w.Others, At("2024-03-30 09:00"))),
        Case("Scheduled", nameof(RecordArrival), "AUTHORISATION_EXPIRED", w => new RecordArrival(false).Decide(w.Referral, At("2024-04-15 00:00"))),
        Case("Scheduled", nameof(MarkReferralNoShow), "SLOT_NOT_DUE", w => MarkReferralNoShow.Decide(w.Referral, At("2024-03-14 23:59"))),
    ]);

    [Fact]
    public void A_resident_s_referrals_do_what_their_table_says()
    {
        Dictionary<string, DomainEvent[]> states = new() { ["-"] = [], ["UnderWay"] = [Opened with { ReferralId = OtherId }] };
        Dictionary<string, Func<ResidentReferrals?, Decided>> commands = new()
        {
            [nameof(DraftReferral)] = o => [ResidentReferrals.Opened(o, Id, "cardiology")],
            ["DraftReferral: another one with a reason"] = o => [ResidentReferrals.Opened(o, Id, "cardiology", "otherComplaint")],
            [nameof(CloseReferral)] = o => ResidentReferrals.Settled(o, Referral.Evolve(null, Drafted() with { ReferralId = OtherId })),
        };
        new TransitionTable("Referrals/ResidentReferrals.states.md", states.Keys, commands.Keys).HoldsFor((state, command) =>
        {
            var others = Fold<ResidentReferrals>(states[state]);
            var decided = commands[command](others).ToList();
            return (decided, ResidentReferrals.UnderWay(decided.Aggregate(others, ResidentReferrals.Evolve), "cardiology") is null ? "-" : "UnderWay");
        });
    }

    [Theory]
    [InlineData("2024-03-04 15:00", "2024-03-08 11:00", "2024-03-12 05:00")] // two working days less six hours were left; a weekend lies between
    [InlineData("2024-03-02 10:00", "2024-03-02 10:00", "2024-03-06 09:00")] // on a Saturday, and answered at once
    public void A_routine_clock_goes_on_with_the_working_days_that_were_left(string stood, string now, string due) =>
        Assert.Equal(Time(due), ResponseClock.GoesOn(Submitted.ResponseDueAt, Time(stood), ReferralPriority.Routine, At(now)));

    [Fact]
    public void An_urgent_clock_goes_on_with_the_hours_that_were_left() => Assert.Equal(Time("2024-03-09 01:00"),
        ResponseClock.GoesOn(Time("2024-03-02 09:00"), Time("2024-03-01 18:00"), ReferralPriority.Urgent, At("2024-03-08 10:00")));

    [Fact]
    public void A_patient_comes_again_twice_and_not_a_third_time()
    {
        var referral = Fold<Referral>(States["NoShow"]);
        for (var again = 1; again <= 2; again++)
        {
            var way = In("NoShow", nameof(Rebook));
            referral = new Rebook(LaterDay.Date).Decide(referral, way.Later, way.Others, way.At).Referral.Aggregate(referral, Referral.Evolve);
            Assert.Equal(again, referral!.Rebookings);
            referral = Referral.Evolve(referral, new ReferralNoShow(Id));
        }
        var last = In("NoShow", nameof(Rebook));
        Assert.Equal("RULE_VIOLATION", Assert.Throws<RuleBroken>(() => new Rebook(LaterDay.Date).Decide(referral, last.Later, last.Others, last.At)).Code);
    }

    [Fact]
    public void Who_comes_late_may_be_seen_later_on_the_same_day()
    {
        var way = In("NoShow", nameof(Rebook));
        var (own, book, _) = new Rebook(Day).Decide(way.Referral, way.Day, way.Others, At("2024-03-15 08:05"));
        Assert.Equal([new SlotReleased(Id, 0, Pool.FamilyDoctor), new SlotHeld(Id, 1, Pool.FamilyDoctor, Time("2024-03-15 08:20")), new SlotBooked(Id, 1, Pool.FamilyDoctor)],
            book);
        Assert.Equal(Time("2024-03-15 08:10"), own.OfType<ReferralRescheduled>().Single().Start);
        Assert.Single(book.Aggregate(way.Day, QuotaBook.Evolve)!.Taken);
    }

    [Fact]
    public void Who_is_sent_on_is_the_next_hospital_s_and_never_comes_back()
    {
        var sentOn = new ReferralRedirected(Id, HospitalId, OtherId, 3, "notOurs", null, Time("2024-03-04 10:00"), Time("2024-03-07 10:00"));
        var referral = Fold<Referral>([.. ASubmittedReferral, sentOn])!;
        Assert.Equal((OtherId, OtherId, sentOn.NewDueAt, 0), (referral.HospitalId, referral.OwnerOrganizationId, referral.ResponseDueAt!.Value, referral.OverdueLevel));
        var authorised = referral.Authorise(At("2024-03-05 09:00"), false);
        Assert.Equal(((int?)1, (int?)3), (authorised.FromLevel, authorised.ToLevel));
        Assert.Equal("RULE_VIOLATION", Assert.Throws<RuleBroken>(() => new DeclineReferral("notOurs", RedirectTo: HospitalId)
            .Decide(referral, null, Hospital, null, At("2024-03-05 09:00"))).Code);
    }

    private static Way In(string state, string command) => new(Fold<Referral>(States[state]), Fold<QuotaBook>(state switch
    {
        "Draft" => [Published, Held],
        "Submitted" or "InfoRequested" => ADayWithHisRequest,
        "Scheduled" or "InCare" or "NoShow" => [.. ADayWithHisRequest, new SlotBooked(Id, 0, Pool.FamilyDoctor)],
        _ => [Published],
    }), Fold<QuotaBook>([LaterDay]), Fold<ResidentReferrals>(state is "-" or "Declined" or "Advised" or "NoShow" or "OutcomeReturned" or "Closed" or "Cancelled"
        or "CancelledByDeath" or "Prefilled" ? [] : [Opened]), At(command switch
        {
            nameof(EscalateReferral) or nameof(LapsePrefilledReferral) => "2024-03-25 09:00",
            nameof(RecordArrival) or nameof(MarkReferralNoShow) or nameof(Rebook) => "2024-03-15 12:00",
            _ => "2024-03-04 10:00",
        }));

    private static string StateOf(Referral? referral) => referral switch
    {
        null => "-",
        { Status: ReferralStatus.Submitted, Slot: null } => "SubmittedWithoutSlot",
        { Status: ReferralStatus.Cancelled, ByDeath: not null } => "CancelledByDeath",
        { Status: ReferralStatus.RebookRequired, IsTaken: false } => "RebookRequiredUnanswered",
        _ => referral.Status.ToString(),
    };

    private static Referral? Urgent(Referral? referral) =>
        referral is null ? null : referral with { Draft = referral.Draft with { Priority = ReferralPriority.Urgent } };

    private static (string, string, string, Action) Case(string state, string command, string code, Func<Way, object> ask) => (state, command, code, () =>
    {
        _ = ask(In(state, command)) switch { Decided events => events.Count(), _ => 0 };
    }
    );

    private static Decided[] Of((Decided, Decided) two) => [two.Item1, two.Item2];

    private static Decided[] Of((Decided, Decided, Decided) three) => [three.Item1, three.Item2, three.Item3];

    private static T? Fold<T>(IEnumerable<DomainEvent> history) where T : class, IState<T> => history.Aggregate(default(T), T.Evolve);
}
