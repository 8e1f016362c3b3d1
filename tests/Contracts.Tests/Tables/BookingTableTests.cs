using FamilyDoctor.Contracts.Booking;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Testing;
using static FamilyDoctor.Contracts.Tests.Sample;
using static FamilyDoctor.Testing.Spec;
using Decided = System.Collections.Generic.IEnumerable<FamilyDoctor.EventSourcing.DomainEvent>;

namespace FamilyDoctor.Contracts.Tests.Tables;

/// <summary>Appointment.states.md and ClinicSession.states.md are what the code does.</summary>
public sealed class BookingTableTests
{
    private static readonly Guid Session = new("00000000-0000-7000-8000-000000000031"), Later = new("00000000-0000-7000-8000-000000000032"),
        Mine = new("00000000-0000-7000-8000-000000000033"), Another = new("00000000-0000-7000-8000-000000000034");
    private static readonly Actor Clerk = new("clerk", Role.Clinic);
    private static readonly SessionPublished Published = new(
        Session, Team, Institution, "330203", "clinic", At("2024-06-03 09:00").Now, 30, 1, 70, At("2024-06-02 09:00").Now, At("2024-06-03 09:30").Now);
    private static readonly SessionPublished PublishedLater = Published with { SessionId = Later, Start = At("2024-06-04 09:00").Now, Slots = 2 };
    private static readonly AppointmentBooked Booked = new(
        Mine, Session, 0, Resident, ContractId, Team, Institution, "330203", "clinic", Published.Start, Published.Start.AddMinutes(30));
    private static readonly ServiceObligationScheduled FollowUps = new(Another, ContractId, "basic", "followUp", 2, new(2025, 2, 28), Signed.EndsAt);
    private static readonly Enrolment Left = Fold<Enrolment>([.. ASignedResident, new ContractTerminated(ContractId, TerminationReason.MovedOut, new(2024, 5, 1), "clinic")]);
    private static readonly DomainEvent[] Patient = [.. ASignedResident, FollowUps];

    private static readonly Dictionary<string, DomainEvent[]> Appointments = new()
    {
        ["-"] = [],
        ["Booked"] = [Booked],
        ["CheckedIn"] = [Booked, new ResidentCheckedIn(Mine)],
        ["Fulfilled"] = [Booked, new ResidentCheckedIn(Mine), new AppointmentFulfilled(Mine, AppointmentOutcome.Advice)],
        ["NoShow"] = [Booked, new AppointmentNoShow(Mine)],
        ["Cancelled"] = [Booked, new AppointmentCancelled(Mine, "clinic", "x", 1)],
    };

    private sealed record Visit(Appointment? Appointment, ClinicSession? Session, ClinicSession? Later, Enrolment? Resident, Moment At);

    private static readonly Dictionary<string, Func<Visit, Decided[]>> OnAppointment = new()
    {
        [nameof(BookAppointment)] = v => Of(new BookAppointment(Mine, Session, Resident).Decide(Mine, v.Appointment, v.Session, v.Resident, v.At)),
        [nameof(RescheduleAppointment)] = v => Of(new RescheduleAppointment(Later).Decide(v.Appointment, v.Session, v.Later, v.Resident, v.At)),
        [nameof(CancelAppointment)] = v => Of(new CancelAppointment("ill").Decide(v.Appointment, v.Session, Clerk, v.At)),
        [nameof(CheckIn)] = v => [CheckIn.Decide(v.Appointment)],
        [nameof(CompleteAppointment)] = v => Of(new CompleteAppointment(AppointmentOutcome.Advice, "followUp").Decide(v.Appointment, v.Resident)),
        [nameof(WhenContractEndedThenBookingsEnd)] = v => Of(WhenContractEndedThenBookingsEnd.Decide(v.Appointment, v.Session, Left, null, v.At)),
        [nameof(MarkNoShow)] = v => Of(MarkNoShow.Decide(v.Appointment, v.Resident, v.At)),
    };

    private static readonly TransitionTable AppointmentTable = new("Contracts/Booking/Appointment.states.md", Appointments.Keys, OnAppointment.Keys);

    [Fact]
    public void Every_command_on_an_appointment_does_what_the_table_says() => AppointmentTable.HoldsFor((state, command) =>
    {
        var visit = In(state, command);
        var decided = OnAppointment[command](visit).Select(e => e.ToList()).ToList();
        var after = decided[0].Aggregate(visit.Appointment, Appointment.Evolve);
        return ([.. decided.SelectMany(e => e)], after?.Status.ToString() ?? "-");
    });

    [Fact]
    public void Every_code_on_an_appointment_is_given_where_it_stands() => AppointmentTable.RefusesAsListed(
    [
        Case("-", nameof(BookAppointment), "CONTRACT_NOT_ACTIVE", v => v with { Resident = Fold<Enrolment>([Registered, Eligible]) }),
        Case("-", nameof(BookAppointment), "CONTRACT_NOT_ACTIVE", v => v with { Session = v.Session! with { Start = At("2025-03-01 09:00").Now } }),
        Case("-", nameof(BookAppointment), "BOOKING_RESTRICTED", v => v with { Resident = v.Resident! with { RestrictedUntil = v.At.Now.AddMinutes(1) } }),
        Case("-", nameof(BookAppointment), "SLOT_TAKEN", v => v with { Session = ClinicSession.Evolve(v.Session, new SessionSlotTaken(Session, 0, Another)) }),
        Case("-", nameof(BookAppointment), "SLOT_TAKEN", v => v with { Session = v.Session! with { TeamId = Another } }), // the only slot is for the team's own
        Case("-", nameof(BookAppointment), "SLOT_PAST", v => v with { Session = v.Session! with { Start = At("2024-06-01 08:00").Now } }, slot: 0),
        Case("-", nameof(BookAppointment), "INVALID_TRANSITION", v => v with { Session = ClinicSession.Evolve(v.Session, new SessionCancelled(Session, "illness", v.At.Now)) }),
        Case("-", nameof(BookAppointment), "RESIDENT_DECEASED", v => v with { Resident = v.Resident! with { Death = new(new(2024, 5, 1), "hospital") } }),
        Case("Booked", nameof(RescheduleAppointment), "CONTRACT_NOT_ACTIVE", v => v with { Later = v.Later! with { Start = At("2025-03-01 09:00").Now } }),
        Case("Booked", nameof(RescheduleAppointment), "SLOT_TAKEN", v => v with { Later = v.Later! with { Slots = 0 } }),
        Case("CheckedIn", nameof(CompleteAppointment), "OBLIGATION_NOT_DUE", v => v with { Resident = Fold<Enrolment>(ASignedResident) }),
        Case("Booked", nameof(MarkNoShow), "APPOINTMENT_NOT_DUE", v => v with { At = At("2024-06-03 08:59") }),
    ]);

    [Fact]
    public void The_share_of_others_is_open_from_a_day_before() => new BookAppointment(Mine, Session, Resident).Decide(
        Mine, null, Fold<ClinicSession>([Published]) with { TeamId = Another }, Fold<Enrolment>(Patient), At("2024-06-02 09:00"));

    [Fact]
    public void Others_get_what_is_not_reserved_and_no_more()
    {
        var session = Fold<ClinicSession>([Published with { Slots = 10 }]) with { TeamId = Another };
        for (var n = 0; n < 3; n++)
            session = ClinicSession.Evolve(session, Assert.IsType<SessionSlotTaken>(Book(session).Session.Single()));
        Assert.Equal("SLOT_TAKEN", Assert.Throws<RuleBroken>(() => Book(session)).Code);

        (Decided, Decided Session, Decided) Book(ClinicSession s) =>
            new BookAppointment(null, Session, Resident).Decide(Guid.CreateVersion7(), null, s, Fold<Enrolment>(Patient), At("2024-06-01 09:00"));
    }

    [Fact]
    public void Three_absences_in_three_months_stop_booking_for_a_month_but_not_for_a_priority_group()
    {
        var at = At("2024-06-03 10:00");
        var often = Fold<Enrolment>([.. Patient, new NoShowCounted(Another, at.Now.AddDays(-80)), new NoShowCounted(Later, at.Now.AddDays(-10))]);
        var decided = MarkNoShow.Decide(Fold<Appointment>([Booked]), often, at).Enrolment.ToList();
        Assert.Equal([new NoShowCounted(Mine, Published.Start), new BookingRestricted(at.Now.AddDays(30))], decided);
        var seldom = Fold<Enrolment>([.. Patient, new NoShowCounted(Another, at.Now.AddDays(-91)), new NoShowCounted(Later, at.Now.AddDays(-10))]);
        Assert.Single(MarkNoShow.Decide(Fold<Appointment>([Booked]), seldom, at).Enrolment);
        var elder = Fold<Enrolment>([.. Patient, new PriorityGroupAssigned("elderly", "birthDate", new(2020, 1, 1))]);
        Assert.Empty(MarkNoShow.Decide(Fold<Appointment>([Booked]), elder, at).Enrolment);
        var restricted = elder with { RestrictedUntil = At("2024-07-01 09:00").Now };
        Assert.NotEmpty(new BookAppointment(Mine, Session, Resident).Decide(Mine, null, Fold<ClinicSession>([Published]), restricted, At("2024-06-01 09:00")).Appointment);
    }

    private static readonly SessionDrafted Drafted = new(Session, Team, Institution, "330203", "clinic", Published.Start, 30, 1);

    private static readonly Dictionary<string, DomainEvent[]> Sessions = new()
    {
        ["-"] = [],
        ["Draft"] = [Drafted],
        ["Free"] = [Published],
        ["Full"] = [Published, new SessionSlotTaken(Session, 0, Another)],
        ["Waited"] = [Published, new SessionSlotTaken(Session, 0, Another), new WaitlistJoined(Session, Resident)],
        ["Offered"] = [Published, new SessionSlotTaken(Session, 0, Another), new WaitlistJoined(Session, Resident), new SessionSlotFreed(Session, 0, Another),
            new WaitlistOffered(Session, Resident, 0, At("2024-06-01 09:15").Now)],
        ["Closed"] = [Published, new SessionClosed(Session, Published.ClosesAt!.Value)],
        ["Cancelled"] = [Published, new SessionCancelled(Session, "illness", At("2024-06-01 08:00").Now)],
    };

    private static readonly Enrolment Somebody = Fold<Enrolment>(Patient) with { ResidentId = Another };

    private static readonly StudioHours Hours = new(DayOfWeek.Monday, new(9, 0), new(9, 30), 5);

    private static readonly Dictionary<string, Func<ClinicSession?, Moment, Decided[]>> OnSession = new()
    {
        [nameof(DraftSession)] = (s, at) => [new DraftSession(Session, Team, Published.Start, 30, 1).Decide(Session, s, Fold<TeamPanel>([Panel]), at)],
        [nameof(PublishSession)] = (s, at) => [new PublishSession(Session, Team, Published.Start, 30, 1).Decide(Session, s, Fold<TeamPanel>([Panel]), at)],
        [nameof(BookAppointment)] = (s, at) => Session_(new BookAppointment(Mine, Session, Another).Decide(Mine, null, s, Somebody, at)),
        ["BookOffered"] = (s, at) => Session_(new BookAppointment(Mine, Session, Resident).Decide(Mine, null, s, Fold<Enrolment>(Patient), at)),
        [nameof(JoinWaitlist)] = (s, at) => [new JoinWaitlist(Resident).Decide(s, Fold<Enrolment>(Patient), at).Item1],
        [nameof(LeaveWaitlist)] = (s, at) => [LeaveWaitlist.Decide(Resident, s, at)],
        [nameof(CancelAppointment)] = (s, at) => [ClinicSession.Freed(s, 0, Another, at)],
        [nameof(WhenContractEndedThenBookingsEnd)] = (s, at) => [WhenContractEndedThenBookingsEnd.Leave(Resident, s, Left, null, at)],
        [nameof(OfferWaitlistSlot)] = (s, at) => [OfferWaitlistSlot.Decide(s, at with { Now = at.Now.AddMinutes(15) })],
        [nameof(CloseSession)] = (s, _) => [CloseSession.Decide(s, At("2024-06-03 09:30"))],
        [nameof(CancelSession)] = (s, at) => [new CancelSession("illness").Decide(s, at)],
        [nameof(OfferStudioSessions)] = (s, at) => [OfStudio(s, at, new StudioScheduled(Another, Team, [Hours], 5, at.Now))],
        [nameof(WhenStudioChanged)] = (s, at) => [OfStudio(s, at, new StudioScheduled(Another, Team, [], 6, at.Now))],
    };

    private static Decided OfStudio(ClinicSession? session, Moment at, StudioScheduled studio) =>
        OfferStudioSessions.Decide(new(2024, 6, 3), Hours, session, Fold<TeamPanel>([Panel]), Fold<Studio>([studio]), at);

    private static readonly TransitionTable SessionTable = new("Contracts/Booking/ClinicSession.states.md", Sessions.Keys, OnSession.Keys);

    [Fact]
    public void Every_command_on_a_session_does_what_the_table_says() => SessionTable.HoldsFor((state, command) =>
    {
        var session = Sessions[state].Aggregate(default(ClinicSession), ClinicSession.Evolve);
        // The end of a half-day is seldom when the other commands come.
        var decided = OnSession[command](session, At(state is "Closed" ? "2024-06-03 10:00" : "2024-06-01 09:00")).Select(e => e.ToList()).ToList();
        var after = decided[^1].Aggregate(session, ClinicSession.Evolve);
        return ([.. decided.SelectMany(e => e)], StateOf(after));
    });

    [Fact]
    public void Every_code_on_a_session_is_given_where_it_stands() => SessionTable.RefusesAsListed(
    [
        Asking("-", nameof(DraftSession), "SESSION_IN_PAST", () => new DraftSession(Session, Team, Published.Start, 30, 1).Decide(Session, null, Fold<TeamPanel>([Panel]), At("2024-06-03 09:01"))),
        Asking("-", nameof(DraftSession), "TEAM_NOT_ACCEPTING", () => new DraftSession(Session, Team, Published.Start, 30, 1).Decide(Session, null, null, At("2024-06-01 09:00"))),
        Asking("Draft", nameof(PublishSession), "SESSION_IN_PAST", () => Publish("2024-06-03 09:01", Fold<TeamPanel>([Panel]))),
        Asking("Draft", nameof(PublishSession), "TEAM_NOT_ACCEPTING", () => Publish("2024-06-01 09:00", Fold<TeamPanel>([Panel with { Accepting = false }]))),
        Asking("Draft", nameof(PublishSession), "TEAM_NOT_ACCEPTING", () => Publish("2024-06-01 09:00", Fold<TeamPanel>([Panel, new PanelStopped(Team, true)]))),
        Asking("Draft", nameof(PublishSession), "TEAM_NOT_ACCEPTING", () => Publish("2024-06-01 09:00", null)),
        Asking("Full", nameof(JoinWaitlist), "CONTRACT_NOT_ACTIVE", () => Join("2024-06-01 09:00", Left)),
        Asking("Full", nameof(JoinWaitlist), "BOOKING_RESTRICTED", () => Join("2024-06-01 09:00", Fold<Enrolment>(Patient) with { RestrictedUntil = Published.Start })),
        Asking("Full", nameof(JoinWaitlist), "INVALID_TRANSITION", () => Join("2024-06-03 09:00", Fold<Enrolment>(Patient))), // it has begun
    ]);

    private static Decided Publish(string now, TeamPanel? panel) =>
        new PublishSession(Session, Team, Published.Start, 30, 1).Decide(Session, Fold<ClinicSession>([Drafted]), panel, At(now));

    private static Decided Join(string now, Enrolment resident) => new JoinWaitlist(Resident).Decide(Fold<ClinicSession>(Sessions["Full"]), resident, At(now)).Item1;

    private static (string, string, string, Action) Asking(string state, string command, string code, Func<Decided> ask) =>
        (state, command, code, () => _ = ask().Count());

    [Fact]
    public void A_half_day_of_the_past_does_not_close_and_takes_the_bookings_it_had()
    {
        var at = At("2024-05-01 09:00");
        var past = Assert.IsType<SessionPublished>(new PublishSession(Session, Team, Published.Start, 30, 2).Decide(Session, null, Fold<TeamPanel>([Panel]), at, At("2024-06-03 10:01").Now).Single());
        Assert.Null(past.ClosesAt);
        Assert.Empty(ClinicSession.Deadlines(Fold<ClinicSession>([past])));
        // One that was still to come when it was taken in has closed meanwhile; its bookings come in after it.
        var closed = Fold<ClinicSession>(Sessions["Closed"]);
        Assert.NotEmpty(Session_(new BookAppointment(Mine, Session, Resident).Decide(Mine, null, closed, Fold<Enrolment>(Patient), at))[1]);
    }

    [Fact]
    public void An_offer_that_expires_goes_to_the_next_who_waits()
    {
        var session = Fold<ClinicSession>([.. Sessions["Offered"], new WaitlistJoined(Session, Another)]);
        Assert.Equal([new WaitlistOfferExpired(Session, Resident, 0), new WaitlistOffered(Session, Another, 0, At("2024-06-01 09:30").Now)],
            OfferWaitlistSlot.Decide(session, At("2024-06-01 09:15")));
    }

    private static string StateOf(ClinicSession? session) => session switch
    {
        null => "-",
        { Status: not SessionStatus.Published } => session.Status.ToString(),
        { Offers.Count: > 0 } => "Offered",
        { Waiting.Count: > 0 } => "Waited",
        _ => session.Free.Any() ? "Free" : "Full",
    };

    private static Visit In(string state, string command) => new(
        Appointments[state].Aggregate(default(Appointment), Appointment.Evolve),
        Fold<ClinicSession>(state is "-" ? [Published] : [Published, new SessionSlotTaken(Session, 0, Mine)]),
        Fold<ClinicSession>([PublishedLater]), Fold<Enrolment>(Patient), At(command is nameof(MarkNoShow) ? "2024-06-03 10:00" : "2024-06-01 09:00"));

    private static (string, string, string, Action) Case(string state, string command, string code, Func<Visit, Visit> given, int? slot = null) =>
        (state, command, code, () =>
        {
            var visit = given(In(state, command));
            var decided = slot is null ? OnAppointment[command](visit)
                : Of(new BookAppointment(Mine, Session, Resident, slot).Decide(Mine, visit.Appointment, visit.Session, visit.Resident, visit.At));
            _ = decided.Sum(e => e.Count());
        }
    );

    private static Decided[] Session_((Decided, Decided, Decided) three) => [three.Item1, three.Item2];

    private static Decided[] Of((Decided, Decided) two) => [two.Item1, two.Item2];

    private static Decided[] Of((Decided, Decided, Decided) three) => [three.Item1, three.Item2, three.Item3];

    private static T Fold<T>(IEnumerable<DomainEvent> history) where T : class, IState<T> => history.Aggregate(default(T), (state, e) => T.Evolve(state, e))!;
}
