using FamilyDoctor.Beds.Covering;
using FamilyDoctor.Beds.Documenting;
using FamilyDoctor.Beds.Visiting;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Testing;
using static FamilyDoctor.Beds.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Beds.Tests.Tables;

/// <summary>HomeVisit.states.md is what the code does.</summary>
public sealed class HomeVisitTableTests
{
    private static readonly Guid SecondNurse = new("00000000-0000-7000-8000-000000000031");
    private static readonly Vital Pulse = new("8867-4", 72, "/min"), Breaths = new("9279-1", 26, "/min");
    private static readonly VisitPlanned Planned = new(Visit, Bed, Resident, Team, Institution, "330203", "nurse", On("2024-03-08 09:00"), On("2024-03-08 09:45"));
    private static readonly VisitAssigned Assigned = new(Visit, Nurse);
    private static readonly PractitionerTimeTaken Time = new(Nurse, new(2024, 3, 8), Visit, Planned.From, Planned.To);
    private static readonly OfflineVisit Offline = new(Visit, Bed, null, Nurse, "nurse", Planned.From, Planned.To, Planned.To, Vitals: [Pulse]);
    private static readonly VisitCompleted Told = new(Visit, null, [Pulse], [], DeviceTime: Planned.To, SyncTime: On("2024-04-02 10:00"));
    private static readonly DomainEvent[] Started = [Planned, Assigned, new VisitEnRoute(Visit, Planned.From), new VisitStarted(Visit, Planned.From, null)];

    private static readonly Dictionary<string, DomainEvent[]> States = new()
    {
        ["-"] = [],
        ["Planned"] = [Planned],
        ["Assigned"] = [Planned, Assigned],
        ["EnRoute"] = [Planned, Assigned, new VisitEnRoute(Visit, Planned.From)],
        ["Started"] = Started,
        ["Deteriorating"] = [.. Started, new ObservationRecorded(Visit, Breaths), new ObservationOutOfRange(Visit, "9279-1", 26),
            new DeteriorationDetected(Visit, Bed, 3, ["9279-1"], Severity.Urgent, On("2024-03-08 09:40"))],
        ["Completed"] = [.. Started, new VisitCompleted(Visit, null, [Pulse], [])],
        ["Refused"] = [Planned, Assigned, new VisitRefused(Visit, "asleep")],
        ["NotAtHome"] = [Planned, Assigned, new VisitNotAtHome(Visit)],
        ["Missed"] = [Planned, Assigned, new VisitMissed(Visit, "ill")],
        ["Cancelled"] = [Planned, Assigned, new VisitCancelled(Visit, "moved")],
        ["Quarantined"] = [new LateVisitQuarantined(Planned, Nurse, Told)],
        ["Dismissed"] = [new LateVisitQuarantined(Planned, Nurse, Told), new LateVisitDismissed(Visit, "wrongBed")],
    };

    private sealed record Case(HomeVisit? Visit, PractitionerDay? Day, FamilyBed Bed, Moment At)
    {
        public FamilyBed ClosedBed => Fold<FamilyBed>(AClosedBed);
    }

    private static readonly Dictionary<string, Func<Case, (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Other)>> Commands = new()
    {
        [nameof(PlanVisit)] = c => Ask().Decide(Visit, c.Visit, c.Day, c.Bed, null, c.At),
        [nameof(PlanVisits)] = c => PlanVisits.Decide(Wanted, c.Visit, c.Day, c.Bed, c.At),
        [nameof(AssignVisit)] = c => new AssignVisit(SecondNurse).Decide(c.Visit, c.Day, null, c.At),
        [nameof(HandVisitsOver)] = c => HandVisitsOver.Decide(c.Visit, c.Day, SecondNurse, null, c.At),
        [nameof(RescheduleVisit)] = c => Later.Decide(c.Visit, c.Day, PractitionerDay.Without(c.Day, Visit), c.Bed, c.At),
        [nameof(SetOutForVisit)] = c => (SetOutForVisit.Decide(c.Visit, c.At), [], []),
        [nameof(StartVisit)] = c => new StartVisit("atHome").Decide(c.Visit, c.Bed, c.At),
        [nameof(RecordObservation)] = c => new RecordObservation([Breaths]).Decide(c.Visit, c.Bed, c.At),
        [nameof(EscalateDeterioration)] = c => (new EscalateDeterioration("greenChannel", Referral).Decide(c.Visit), [], []),
        [nameof(CompleteVisit)] = c => new CompleteVisit(null, [Pulse]).Decide(c.Visit, c.Day, c.Bed, null, c.At),
        [nameof(AddVisitDocument)] = c => (AddVisitDocument.Decide(c.Visit, Visit, SecondNurse, DocumentKind.Photo), [], []),
        [nameof(RefuseVisit)] = c => new RefuseVisit("asleep").Decide(c.Visit, c.Day),
        [nameof(RecordNotAtHome)] = c => RecordNotAtHome.Decide(c.Visit, c.Day, c.Bed, c.At),
        [nameof(MissVisit)] = c => new MissVisit("ill").Decide(c.Visit, c.Day, c.Bed, c.At),
        [nameof(CancelVisit)] = c => new CancelVisit("moved").Decide(c.Visit, c.Day),
        ["WhenBedClosed"] = c => WhenBedClosedThenVisits.Decide(c.Visit, c.Day),
        [nameof(SyncOfflineVisits)] = c => Sync(Offline, c, c.Bed),
        ["SyncLate"] = c => Sync(Offline, c, c.ClosedBed),
        ["SyncOutside"] = c => Sync(Offline with { From = On("2024-04-02 09:00"), To = On("2024-04-02 09:30") }, c, c.ClosedBed),
        [nameof(ReviewLateVisit)] = c => new ReviewLateVisit("wrongDay", new(2024, 3, 8)).Decide(c.Visit, c.Bed, c.At),
        ["DismissLateVisit"] = c => new ReviewLateVisit("wrongBed").Decide(c.Visit, c.Bed, c.At),
    };

    private static readonly TransitionTable Table = new("Beds/HomeVisit.states.md", States.Keys, Commands.Keys);

    private static PlannedVisit Wanted => new(Visit, "nurse", Nurse, Planned.From, Planned.To);

    private static RescheduleVisit Later => new(On("2024-03-08 11:00"), On("2024-03-08 11:30"));

    [Fact]
    public void Every_command_does_what_the_table_says() => Table.HoldsFor((state, command) =>
    {
        var given = In(state);
        var (visit, day, other) = Commands[command](given);
        var (ofVisit, ofDay, rest) = (visit.ToList(), day.ToList(), other.ToList());
        _ = (ofDay.Aggregate(given.Day, PractitionerDay.Evolve), rest.Where(e => e is not PractitionerTimeTaken).Aggregate(given.Bed, FamilyBed.Evolve));
        return ([.. ofVisit, .. ofDay, .. rest], StateOf(ofVisit.Aggregate(given.Visit, HomeVisit.Evolve)));
    });

    [Fact]
    public void No_event_follows_where_it_cannot() => Following.Only<HomeVisit>("""
        DeteriorationDetected: Assigned, EnRoute, Started, Deteriorating
        DeteriorationEscalated: Deteriorating
        LateVisitDismissed: Quarantined
        LateVisitQuarantined: -, Planned, Assigned, EnRoute, Started, Deteriorating
        LateVisitRecorded: Completed
        ObservationOutOfRange: Assigned, EnRoute, Started, Deteriorating
        ObservationRecorded: Assigned, EnRoute, Started, Deteriorating
        VisitAssigned: Planned, Assigned
        VisitCancelled: Planned, Assigned
        VisitCompleted: Assigned, EnRoute, Started, Deteriorating, Quarantined
        VisitDocumentAdded: all but -
        VisitEnRoute: Assigned
        VisitHandedOver: Planned, Assigned
        VisitMissed: Planned, Assigned, EnRoute
        VisitNotAtHome: Assigned, EnRoute
        VisitOverlapFlagged: Completed
        VisitPlanned: -
        VisitRefused: Assigned, EnRoute, Started, Deteriorating
        VisitRehomed: Planned, Assigned, EnRoute, Started, Deteriorating
        VisitRescheduled: Planned, Assigned
        VisitStarted: Assigned, EnRoute
        """, States, new VisitHandedOver(Visit, SecondNurse, Nurse), new VisitRehomed(Visit, Institution, "330203"), new VisitRescheduled(Visit, Planned.From, Planned.To),
        new DeteriorationEscalated(Visit, "greenChannel", null), new LateVisitRecorded(Visit, Bed, Planned.From), new VisitOverlapFlagged(Visit, OtherBed),
        new VisitDocumentAdded(Visit, OtherBed, DocumentKind.Photo));

    [Fact]
    public void Every_code_is_given_where_it_stands() => Table.RefusesAsListed(
    [
        Refused("-", nameof(PlanVisit), "RULE_VIOLATION", c => (Ask() with { To = Planned.From }).Decide(Visit, null, null, c.Bed, null, c.At).Visit),
        Refused("-", nameof(PlanVisit), "CONTRACT_NOT_ACTIVE", c => (Ask() with { BedId = null, ResidentId = Resident }).Decide(Visit, null, null, null, null, c.At).Visit),
        Refused("-", nameof(PlanVisit), "VISIT_OUTSIDE_PERIOD", c => (Ask() with { From = On("2024-05-05 09:00"), To = On("2024-05-05 10:00") }).Decide(Visit, null, null, c.Bed, null, c.At).Visit),
        Refused("-", nameof(PlanVisit), "BED_CLOSED", c => Ask().Decide(Visit, null, null, c.ClosedBed, null, At("2024-04-02 09:00")).Visit),
        Refused("-", nameof(PlanVisit), "VISIT_OVERLAP", c => Ask().Decide(Visit, null, Fold<PractitionerDay>([Time with { VisitId = OtherBed }]), c.Bed, null, c.At).Day),
        Refused("-", nameof(PlanVisit), "NOT_FOUND", c => Ask().Decide(Visit, null, null, null, null, c.At).Visit),
        Refused("-", nameof(PlanVisits), "VISIT_OUTSIDE_PERIOD", c =>
            PlanVisits.Decide(Wanted with { From = On("2024-05-05 09:00"), To = On("2024-05-05 10:00") }, null, null, c.Bed, c.At).Visit),
        Refused("-", nameof(PlanVisits), "BED_CLOSED", c => PlanVisits.Decide(Wanted, null, null, c.ClosedBed, At("2024-04-02 09:00")).Visit),
        .. new[] { "Planned", "Assigned" }.Select(state => Refused(state, nameof(AssignVisit), "VISIT_OVERLAP", c =>
            new AssignVisit(SecondNurse).Decide(c.Visit, c.Day, Fold<PractitionerDay>([Time with { PractitionerId = SecondNurse, VisitId = OtherBed }]), c.At).Free)),
        Refused("Planned", nameof(RescheduleVisit), "RULE_VIOLATION", c => (Later with { To = Later.From }).Decide(c.Visit, c.Day, c.Day, c.Bed, c.At).Visit),
        Refused("Planned", nameof(RescheduleVisit), "VISIT_OUTSIDE_PERIOD", c =>
            new RescheduleVisit(On("2024-05-05 09:00"), On("2024-05-05 10:00")).Decide(c.Visit, c.Day, c.Day, c.Bed, c.At).Visit),
        Refused("Planned", nameof(RescheduleVisit), "BED_CLOSED", c => Later.Decide(c.Visit, c.Day, c.Day, c.ClosedBed, At("2024-04-02 09:00")).Visit),
        Refused("Assigned", nameof(RescheduleVisit), "VISIT_OVERLAP", c => Later.Decide(c.Visit, c.Day,
            Fold<PractitionerDay>([Time with { VisitId = OtherBed, From = On("2024-03-08 11:20"), To = On("2024-03-08 12:00") }]), c.Bed, c.At).Then),
        Refused("EnRoute", nameof(StartVisit), "BED_CLOSED", c => new StartVisit().Decide(c.Visit, c.ClosedBed, c.At).Visit),
        Refused("-", nameof(SyncOfflineVisits), "RULE_VIOLATION", c => Sync(Offline with { From = On("2024-04-02 10:06"), To = On("2024-04-02 10:10") }, c, c.Bed).Visit),
        Refused("-", nameof(SyncOfflineVisits), "RULE_VIOLATION", c => Sync(Offline with { From = On("2023-04-02 08:06"), To = On("2023-04-02 09:10") }, c, c.Bed).Visit),
        Refused("-", nameof(SyncOfflineVisits), "CONTRACT_NOT_ACTIVE", c => Sync(Offline with { BedId = null, ResidentId = Resident }, c, null).Visit),
        Refused("-", nameof(SyncOfflineVisits), "NOT_FOUND", c => Sync(Offline, c, null).Visit),
        Refused("-", nameof(SyncOfflineVisits), "VISIT_OUTSIDE_PERIOD", c => Sync(
            Offline with { From = On("2024-04-02 09:00"), To = On("2024-04-02 09:30"), Outcome = OfflineOutcome.NotAtHome }, c, c.ClosedBed).Visit),
        Refused("Quarantined", nameof(ReviewLateVisit), "VISIT_OUTSIDE_PERIOD", c => new ReviewLateVisit("wrongDay", new(2024, 3, 4)).Decide(c.Visit, c.Bed, c.At).Visit),
    ]);

    [Fact]
    public void A_device_that_tells_again_changes_nothing_and_one_that_tells_otherwise_is_not_believed()
    {
        var told = Sync(Offline, In("Assigned"), In("Assigned").Bed).Visit.Aggregate(In("Assigned").Visit, HomeVisit.Evolve);
        var again = new Case(told, null, In("Assigned").Bed, At("2024-04-02 11:00"));
        Assert.Empty(Sync(Offline, again, again.Bed).Visit);
        Assert.Equal("VISIT_ALREADY_COMPLETED", Assert.Throws<RuleBroken>(() => Sync(Offline with { Vitals = [Breaths] }, again, again.Bed)).Code);
    }

    [Fact]
    public void A_device_that_tells_otherwise_in_anything_is_not_believed()
    {
        var told = Sync(Offline, In("Assigned"), In("Assigned").Bed).Visit.Aggregate(In("Assigned").Visit, HomeVisit.Evolve);
        foreach (var other in new[]
        {
            Offline with { MedsReviewed = true }, Offline with { NextDue = new(2024, 3, 15) }, Offline with { ActionCodes = ["woundCare"] },
            Offline with { DeviceTime = Planned.To.AddMinutes(1) },
        })
            Assert.Throws<RuleBroken>(() => Sync(other, new(told, null, In("Assigned").Bed, At("2024-04-02 11:00")), In("Assigned").Bed));
        Assert.Throws<RuleBroken>(() => Offline.Decide(told, null, In("Assigned").Bed, null, OtherBed, On("2024-04-02 10:00"), At("2024-04-02 11:00")));
    }

    [Theory]
    [InlineData("2024-04-02 09:30", "2024-04-02 10:05", true)] // its clock may be five minutes fast
    [InlineData("2024-04-02 09:30", "2024-04-02 10:06", false)]
    [InlineData("2023-04-02 09:30", "2023-04-02 10:00", true)] // a leap year ago
    [InlineData("2023-04-02 09:30", "2023-04-02 09:59", false)]
    public void A_device_tells_of_the_last_year_by_a_clock_that_is_nearly_right(string from, string to, bool possible)
    {
        var offline = Offline with { BedId = null, From = On(from), To = On(to) };
        var tell = () => offline.Decide(null, null, null, Right, null, On("2024-04-02 10:00"), At("2024-04-02 10:00"));
        if (possible)
            Assert.Equal(SyncResult.Recorded, tell().Result);
        else
            Assert.Equal("RULE_VIOLATION", Assert.Throws<RuleBroken>(() => tell()).Code);
    }

    [Fact]
    public void Whoever_was_let_in_did_not_find_nobody_at_home()
    {
        var started = In("Started");
        Assert.Equal("INVALID_TRANSITION", Assert.Throws<RuleBroken>(() => Sync(Offline with { Outcome = OfflineOutcome.NotAtHome }, started, started.Bed)).Code);
    }

    [Fact]
    public void Whoever_made_the_visit_is_named_and_a_refusal_without_a_reason_says_so()
    {
        var (planned, other) = (In("Planned"), In("Assigned"));
        Assert.Equal(Assigned, Sync(Offline, planned, planned.Bed).Visit.First());
        Assert.Equal(new VisitAssigned(Visit, SecondNurse), Sync(Offline with { PractitionerId = SecondNurse }, other, other.Bed).Visit.First());
        Assert.IsNotType<VisitAssigned>(Sync(Offline with { PractitionerId = SecondNurse }, In("EnRoute"), other.Bed).Visit.First());
        Assert.Equal(new VisitRefused(Visit, "notTold"), Sync(Offline with { Outcome = OfflineOutcome.Refused }, other, other.Bed).Visit.Single());
    }

    [Fact]
    public void Of_a_visit_told_after_the_bed_was_closed_nobody_is_called_and_one_after_the_other_is_no_overlap()
    {
        var (given, ill) = (In("Assigned"), Offline with { Vitals = [Breaths] });
        var (result, visit, _, _) = ill.Decide(given.Visit, given.Day, given.ClosedBed, null, null, On("2024-04-02 10:00"), given.At);
        Assert.Equal((SyncResult.Late, false), (result, visit.Any(e => e is DeteriorationDetected)));
        Assert.Contains(Sync(ill, given, given.Bed).Visit, e => e is DeteriorationDetected);
        foreach (var (from, to, flagged) in new[] { (-30, 0, false), (-30, 1, true), (45, 75, false), (44, 75, true) })
        {
            var day = Fold<PractitionerDay>([Time with { VisitId = OtherBed, From = Planned.From.AddMinutes(from), To = Planned.From.AddMinutes(to) }]);
            Assert.Equal(flagged, Sync(Offline, In("-") with { Day = day }, given.Bed).Visit.Any(e => e is VisitOverlapFlagged));
        }
    }

    [Fact]
    public void A_visit_is_somebody_s_or_made_on_behalf_of_somebody()
    {
        var visit = In("Planned").Visit!;
        Assert.Equal((null, null), (visit.MadeBy, visit.OnBehalfOf));
        visit = HomeVisit.Evolve(visit, Assigned);
        Assert.Equal((Nurse, null), (visit.MadeBy!.Value, visit.OnBehalfOf));
        visit = HomeVisit.Evolve(visit, new VisitHandedOver(Visit, SecondNurse, Nurse));
        Assert.Equal((SecondNurse, Nurse), (visit.MadeBy!.Value, visit.OnBehalfOf!.Value));
        Assert.Empty(HandVisitsOver.Decide(visit, null, SecondNurse, null, In("Planned").At).Visit); // she has it already
    }

    [Fact]
    public void Two_devices_that_say_one_nurse_was_in_two_homes_are_both_believed_and_flagged()
    {
        var day = Fold<PractitionerDay>([Time with { VisitId = OtherBed }]);
        var decided = Sync(Offline, In("-") with { Day = day }, In("-").Bed);
        Assert.Equal(new VisitOverlapFlagged(Visit, OtherBed), decided.Visit.Last());
        Assert.IsType<VisitCompleted>(decided.Visit.ElementAt(2));
    }

    [Fact]
    public void A_device_may_tell_of_a_refusal_or_of_nobody_at_home()
    {
        var given = In("Assigned");
        Assert.Equal([new VisitRefused(Visit, "asleep"), new PractitionerTimeFreed(Nurse, new(2024, 3, 8), Visit)],
            All(Sync(Offline with { Outcome = OfflineOutcome.Refused, Reason = "asleep" }, given, given.Bed)));
        Assert.Equal([new VisitNotAtHome(Visit), new PractitionerTimeFreed(Nurse, new(2024, 3, 8), Visit), new BedVisitMissed(Bed, Visit)],
            All(Sync(Offline with { Outcome = OfflineOutcome.NotAtHome }, given, given.Bed)));
    }

    [Fact]
    public void The_care_plan_s_visits_are_the_same_each_time_and_lie_on_working_days_but_for_the_first()
    {
        var (bed, command) = (Fold<FamilyBed>(AnOpenBed), new PlanVisits(new(9, 0), new(14, 0), Minutes: 45));
        var visits = command.Of(bed, At("2024-03-05 12:00"));
        Assert.Equal(visits, command.Of(bed, At("2024-03-05 13:00")));
        Assert.Equal(On("2024-03-06 09:00"), visits[0].From);
        Assert.Equal([On("2024-03-20 09:00"), On("2024-04-03 09:00"), On("2024-04-17 09:00"), On("2024-05-06 09:00")], // 1 to 5 May are holidays
            command.Of(bed with { Period = bed.Period! with { EndsOn = new(2024, 5, 6) } }, At("2024-03-07 12:00")).Where(v => v.Role == "doctor").Select(v => v.From));
        Assert.Equal((4, 8), (visits.Count(v => v.Role == "doctor"), visits.Count(v => v.Role == "nurse"))); // the last of each falls on a holiday
        Assert.All(visits, v => Assert.True(v.From > On("2024-03-05 12:00") && v.To <= On("2024-05-05 00:00")));
        Assert.Equal(visits.Where(v => v.From > On("2024-03-20 10:00")).Select(v => v.VisitId), command.Of(bed, At("2024-03-20 10:00")).Select(v => v.VisitId));
    }

    [Fact]
    public void Where_the_nurse_has_no_time_the_visit_waits_for_somebody() =>
        Assert.Equal([Planned], All(PlanVisits.Decide(Wanted, null, Fold<PractitionerDay>([Time with { VisitId = OtherBed }]), In("-").Bed, In("-").At)));

    private static IEnumerable<DomainEvent> All((IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) decided) =>
        [.. decided.Item1, .. decided.Item2, .. decided.Item3];

    private static PlanVisit Ask() => new(Visit, Bed, null, Nurse, "nurse", Planned.From, Planned.To);

    private static (IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Bed) Sync(OfflineVisit offline, Case c, FamilyBed? bed)
    {
        var (_, visit, day, ofBed) = offline.Decide(c.Visit, c.Day, bed, null, null, On("2024-04-02 10:00"), c.At);
        return (visit, day, ofBed);
    }

    private static (string, string, string, Action) Refused(string state, string command, string code, Func<Case, IEnumerable<DomainEvent>> ask) =>
        (state, command, code, () => _ = ask(In(state)).Count());

    private static Case In(string state) => new(
        States[state].Aggregate(default(HomeVisit), HomeVisit.Evolve),
        state is "Assigned" or "EnRoute" or "Started" or "Deteriorating" ? Fold<PractitionerDay>([Time]) : null,
        Fold<FamilyBed>(AnOpenBed), At("2024-03-08 09:10"));

    private static string StateOf(HomeVisit? visit) => visit switch
    {
        null => "-",
        { Status: VisitStatus.Started, Deterioration: not null, Escalation: null } => "Deteriorating",
        _ => visit.Status.ToString(),
    };

    private static T Fold<T>(IEnumerable<DomainEvent> history) where T : class, IState<T> => history.Aggregate(default(T), (state, e) => T.Evolve(state, e))!;
}
