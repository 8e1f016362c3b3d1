using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;
using FamilyDoctor.Referrals.Documenting;
using FamilyDoctor.Referrals.Examining;
using FamilyDoctor.Referrals.Referring;
using FamilyDoctor.Testing;
using static FamilyDoctor.Referrals.Tests.Sample;
using static FamilyDoctor.Testing.Spec;
using Decided = System.Collections.Generic.IEnumerable<FamilyDoctor.EventSourcing.DomainEvent>;

namespace FamilyDoctor.Referrals.Tests.Tables;

/// <summary>Exam.states.md, ExamBook.states.md and ResidentExams.states.md are what the code does.</summary>
public sealed class ExamTableTests
{
    private static readonly Guid BookOfDay = ExamBook.StreamOf(HospitalId, "MRI", Day);
    private static readonly OpenExamBook Open = new(HospitalId, "MRI", null, Day, new(8, 0), 30, 1);
    private static readonly ExamBookOpened Opened = new(HospitalId, "MRI", null, Day, Time("2024-03-15 08:00"), 30, 1);
    private static readonly RequestExam Request = new(Id, Resident, HospitalId, "MRI", Day, "knee");
    private static readonly ExamRequested Requested =
        new(Id, Resident, ContractId, 4, Team, Institution, "330203", HospitalId, "MRI", "knee", Time("2024-03-01 09:00"), null, null);
    private static readonly DomainEvent[] Held = [Requested, new ExamSlotHeld(Id, BookOfDay, Day, Time("2024-03-15 08:00"))];
    private static readonly DomainEvent[] Confirmed = [.. Held, new ExamConfirmed(Id)];
    private static readonly DomainEvent[] Arrived = [.. Confirmed, new ExamArrived(Id)];
    private static readonly DomainEvent[] Performed = [.. Arrived, new ExamPerformed(Id, Time("2024-03-15 08:30"))];
    private static readonly DomainEvent[] Reported = [.. Performed, new ExamReportReturned(Id, null, false, Time("2024-03-15 10:00"))];
    private static readonly DomainEvent[] Critical =
        [.. Performed, new ExamReportReturned(Id, null, true, Time("2024-03-15 10:00")), new CriticalResultFlagged(Id, Time("2024-03-15 12:00"))];
    private static readonly ExamPlanned Planned = new(OtherId, "MRI", "knee", Day.AddDays(-30));

    private static readonly Dictionary<string, DomainEvent[]> States = new()
    {
        ["-"] = [],
        ["Held"] = Held,
        ["Confirmed"] = Confirmed,
        ["Arrived"] = Arrived,
        ["Performed"] = Performed,
        ["ReportReturned"] = Reported,
        ["CriticalReturned"] = Critical,
        ["CriticalKnown"] = [.. Critical, new ExamCriticalAcknowledged(Id, Time("2024-03-15 11:00"))],
        ["Acknowledged"] = [.. Reported, new ExamAcknowledged(Id)],
        ["Cancelled"] = [.. Held, new ExamCancelled(Id, "clinic", "resident")],
        ["CancelledByDeath"] = [.. Held, new ExamCancelled(Id, "service", EndedByDeath.Reason, Time("2024-03-14 09:00"))],
        ["RebookRequired"] = [.. Confirmed, new ExamRebookRequired(Id, "deviceBroken")],
        ["NoShow"] = [.. Held, new ExamNoShow(Id)],
        ["Rejected"] = [.. Held, new ExamRejected(Id, "implant")],
    };

    private sealed record Way(Exam? Exam, ExamBook? Book, ResidentExams? Others, Moment At);

    private static readonly Dictionary<string, Func<Way, Decided[]>> Commands = new()
    {
        [nameof(RequestExam)] = w => Of(Ask(w, Request)),
        [nameof(ConfirmExam)] = w => [ConfirmExam.Decide(w.Exam)],
        [nameof(RecordExamArrival)] = w => [RecordExamArrival.Decide(w.Exam)],
        [nameof(RecordExamPerformed)] = w => [RecordExamPerformed.Decide(w.Exam, w.At)],
        [nameof(ReturnExamReport)] = w => [new ReturnExamReport(false).Decide(w.Exam, null, w.At)],
        ["ReturnExamReport: critical"] = w => [new ReturnExamReport(true).Decide(w.Exam, null, w.At)],
        [nameof(AcknowledgeCritical)] = w => [AcknowledgeCritical.Decide(w.Exam, w.At)],
        [nameof(EscalateCritical)] = w => [EscalateCritical.Decide(w.Exam, w.At)],
        [nameof(AcknowledgeExam)] = w => [AcknowledgeExam.Decide(w.Exam, w.At)],
        [nameof(CancelExam)] = w => Of(new CancelExam("resident").Decide(w.Exam, w.Book, Doctor)),
        [nameof(MarkExamNoShow)] = w => Of(MarkExamNoShow.Decide(w.Exam, w.At)),
        [nameof(WhenContractTransferredThenOwner)] = w => [NewOwner.Of(Contract().Facts with { TeamId = OtherId }).Decide(w.Exam)],
        [nameof(WhenResidentDiedThenCancelled)] = w => Of(WhenResidentDiedThenCancelled.Decide(w.Exam, w.Book, Doctor, w.At)),
        [nameof(WhenDeathReversedThenReopened)] = w => Of(WhenDeathReversedThenReopened.Decide(w.Exam, w.Book, w.Others, w.At)),
        [nameof(TellOfExamWithdrawal)] = w => Of(TellOfExamWithdrawal.Decide(Id, w.Exam, BookOfDay,
            ExamBook.Evolve(w.Book, new ExamSlotsWithdrawn([0], 1, [Id], "deviceBroken", Time("2024-03-14 09:00"))), w.Others)),
        [nameof(RescheduleExam)] = w => Of(new RescheduleExam(Day).Decide(w.Exam, Fold<ExamBook>([Opened]), At("2024-03-14 09:00"))),
        [nameof(AddExamDocument)] = w => [AddExamDocument.Decide(w.Exam, Id, OtherId, DocumentKind.Report)],
        [nameof(RejectExam)] = w => Of(new RejectExam("implant").Decide(w.Exam, w.Book)),
    };

    private static readonly TransitionTable Table = new("Referrals/Exam.states.md", States.Keys, Commands.Keys);

    [Fact]
    public void Every_command_does_what_the_table_says() => Table.HoldsFor((state, command) =>
    {
        var way = In(state, command);
        var decided = Commands[command](way).Select(e => e.ToList()).ToList();
        return ([.. decided.SelectMany(e => e)], StateOf(decided[0].Aggregate(way.Exam, Exam.Evolve)));
    });

    [Fact]
    public void No_event_follows_where_it_cannot() => Following.Only<Exam>("""
        CriticalResultFlagged: ReportReturned, CriticalReturned, CriticalKnown
        CriticalResultOverdue: CriticalReturned
        ExamAcknowledged: ReportReturned, CriticalReturned, CriticalKnown
        ExamArrived: Confirmed
        ExamCancelled: Held, Confirmed, RebookRequired
        ExamConfirmed: Held
        ExamCriticalAcknowledged: CriticalReturned
        ExamDocumentAdded: all but -
        ExamNoShow: Held, Confirmed
        ExamOwnerChanged: all but -, Acknowledged, Cancelled, CancelledByDeath, NoShow, Rejected
        ExamPerformed: Arrived
        ExamRebookRequired: Held, Confirmed
        ExamRejected: Held, Confirmed, Arrived
        ExamReopened: CancelledByDeath
        ExamReportReturned: Performed
        ExamRequested: -
        ExamRescheduled: RebookRequired
        ExamSlotHeld: Requested
        """, new Dictionary<string, DomainEvent[]>(States) { ["Requested"] = Held[..1] }, new ExamDocumentAdded(Id, OtherId, DocumentKind.Report), new CriticalResultOverdue(Id, 1, "institution", null), new ExamRescheduled(Id, Guid.Empty, Day, Time("2024-03-20 09:00")),
        new ExamReopened(Id), new ExamOwnerChanged(Id, OtherId, Institution, "330203"));

    [Fact]
    public void Every_code_is_given_where_it_stands() => Table.RefusesAsListed(
    [
        Case("-", nameof(RequestExam), "NO_ACTIVE_CONTRACT", w => Request.Decide(Id, null, w.Book, w.Others, null, TeamOfTwo, Hospital, Doctor, w.At)),
        Case("-", nameof(RequestExam), "NOT_PANEL_GP",
            w => Request.Decide(Id, null, w.Book, w.Others, Contract(), TeamOfTwo, Hospital, Doctor with { Id = Nurse.ToString() }, w.At)),
        Case("-", nameof(RequestExam), "SERVICE_NOT_OFFERED", w => Ask(w, Request with { Modality = "PETCT" })),
        Case("-", nameof(RequestExam), "EXAM_CONTRAINDICATED", w => Ask(w, Request with { Safety = new(Implant: true) })),
        Case("-", nameof(RequestExam), "DUPLICATE_EXAM", w => Ask(w with { Others = ResidentExams.Evolve(null, Planned) }, Request)),
        Case("-", nameof(RequestExam), "QUOTA_EXHAUSTED", w => Ask(w with { Book = null }, Request)),
        Case("-", nameof(RequestExam), "POOL_CLOSED", w => Ask(w with { At = At("2024-03-15 08:01") }, Request)),
        Case("RebookRequired", nameof(RescheduleExam), "QUOTA_EXHAUSTED", w => new RescheduleExam(Day).Decide(w.Exam, null, w.At)),
        Case("RebookRequired", nameof(RescheduleExam), "POOL_CLOSED", w => new RescheduleExam(Day).Decide(w.Exam, w.Book, At("2024-03-15 08:01"))),
        Case("Held", nameof(MarkExamNoShow), "SLOT_NOT_DUE", w => MarkExamNoShow.Decide(w.Exam, At("2024-03-14 23:59"))),
    ]);

    [Fact]
    public void Nobody_reads_a_critical_result_and_three_offices_hear_of_it_two_hours_after_each_other()
    {
        DomainEvent[] history = Critical;
        foreach (var (level, office, at, next) in new[] { (1, "institution", "12:00", "14:00"), (2, "district", "14:00", "16:00"), (3, "commission", "16:00", null) })
        {
            Assert.Equal([new Deadline(nameof(EscalateCritical), Time($"2024-03-15 {at}"))], Exam.Deadlines(Fold<Exam>(history)!));
            var overdue = EscalateCritical.Decide(Fold<Exam>(history), At($"2024-03-15 {at}")).Single();
            Assert.Equal(new CriticalResultOverdue(Id, level, office, next is null ? null : Time($"2024-03-15 {next}")), overdue);
            history = [.. history, overdue];
        }
        Assert.Empty(Exam.Deadlines(Fold<Exam>(history)!));
        Assert.Empty(Exam.Deadlines(Fold<Exam>(States["CriticalKnown"])!)); // the clock has stopped
        Assert.Equal([new ExamCriticalAcknowledged(Id, Time("2024-03-16 08:00"))], AcknowledgeCritical.Decide(Fold<Exam>(history), At("2024-03-16 08:00")));
    }

    [Fact]
    public void A_device_s_day_does_what_its_table_says()
    {
        Dictionary<string, DomainEvent[]> states = new()
        {
            ["-"] = [],
            ["Open"] = [Opened],
            ["Full"] = [Opened, new ExamSlotTaken(0, OtherId)],
            ["Withdrawn"] = [Opened, new ExamSlotsWithdrawn([0], 0, [], "deviceBroken", Time("2024-03-01 08:00"))],
        };
        Dictionary<string, Func<ExamBook?, Moment, Decided>> commands = new()
        {
            [nameof(OpenExamBook)] = (b, at) => Open.Decide(b, Hospital, at),
            [nameof(RequestExam)] = (b, at) => [ExamBook.Take(b, Id, at.Now)],
            [nameof(CancelExam)] = (b, _) => ExamBook.Free(b, OtherId),
            [nameof(WithdrawExamSlots)] = new WithdrawExamSlots([0], "deviceBroken").Decide,
        };
        var table = new TransitionTable("Referrals/ExamBook.states.md", states.Keys, commands.Keys);
        table.HoldsFor((state, command) =>
        {
            var book = Fold<ExamBook>(states[state]);
            var decided = commands[command](book, At("2024-03-01 09:00")).ToList();
            var after = decided.Aggregate(book, ExamBook.Evolve);
            return (decided, after switch
            {
                null => "-",
                { Withdrawn.Count: > 0 } => "Withdrawn",
                _ => after.Taken.Count == after.Slots ? "Full" : "Open",
            });
        });
        table.RefusesAsListed(
        [
            ("-", nameof(OpenExamBook), "SERVICE_NOT_OFFERED", () => _ = (Open with { Modality = "PETCT" }).Decide(null, Hospital, At("2024-03-01 09:00")).Count()),
            ("-", nameof(OpenExamBook), "RULE_VIOLATION", () => _ = (Open with { Slots = 500 }).Decide(null, Hospital, At("2024-03-01 09:00")).Count()),
            ("Open", nameof(OpenExamBook), "INVALID_TRANSITION",
                () => _ = (Open with { Slots = 2 }).Decide(Fold<ExamBook>([Opened]), Hospital, At("2024-03-01 09:00")).Count()),
            ("Open", nameof(WithdrawExamSlots), "RULE_VIOLATION",
                () => _ = new WithdrawExamSlots([1], "deviceBroken").Decide(Fold<ExamBook>([Opened]), At("2024-03-01 09:00")).Count()),
            ("Open", nameof(WithdrawExamSlots), "POOL_CLOSED",
                () => _ = new WithdrawExamSlots([0], "deviceBroken").Decide(Fold<ExamBook>([Opened]), At("2024-03-15 08:01")).Count()),
            ("Open", nameof(RequestExam), "POOL_CLOSED", () => _ = ExamBook.Take(Fold<ExamBook>([Opened]), Id, Time("2024-03-15 08:01"))),
        ]);
    }

    [Fact]
    public void A_resident_s_exams_do_what_their_table_says()
    {
        Dictionary<string, DomainEvent[]> states = new() { ["-"] = [], ["Planned"] = [Planned] };
        Dictionary<string, Func<ResidentExams?, Decided>> commands = new()
        {
            [nameof(RequestExam)] = o => Ask(new(null, Fold<ExamBook>([Opened]), o, At("2024-03-01 09:00")), Request).Others,
            ["RequestExam: again with a reason"] = o =>
                Ask(new(null, Fold<ExamBook>([Opened]), o, At("2024-03-01 09:00")), Request with { OverrideReason = "worse" }).Others,
        };
        new TransitionTable("Referrals/ResidentExams.states.md", states.Keys, commands.Keys).HoldsFor((state, command) =>
        {
            var decided = commands[command](Fold<ResidentExams>(states[state])).ToList();
            return (decided, decided.Aggregate(Fold<ResidentExams>(states[state]), ResidentExams.Evolve) is null ? "-" : "Planned");
        });
    }

    private static (Decided Exam, Decided Book, Decided Others) Ask(Way way, RequestExam request) =>
        request.Decide(Id, way.Exam, way.Book, way.Others, Contract(), TeamOfTwo, Hospital, Doctor, way.At);

    private static Way In(string state, string command) => new(
        Fold<Exam>(States[state]),
        Fold<ExamBook>(state is "-" or "Cancelled" or "CancelledByDeath" or "RebookRequired" or "Rejected" ? [Opened] : [Opened, new ExamSlotTaken(0, Id)]),
        Fold<ResidentExams>(state is "-" or "CancelledByDeath" or "RebookRequired" ? [] : [new ExamPlanned(Id, "MRI", "knee", Day)]),
        At(command switch
        {
            nameof(RequestExam) => "2024-03-01 09:00",
            nameof(WhenDeathReversedThenReopened) => "2024-03-14 10:00",
            _ => "2024-03-15 13:00",
        }));

    private static string StateOf(Exam? exam) => exam switch
    {
        null => "-",
        { Status: ExamStatus.Cancelled, ByDeath: not null } => "CancelledByDeath",
        { IsCriticalUnread: true } => "CriticalReturned",
        { Status: ExamStatus.ReportReturned, CriticalKnownAt: not null } => "CriticalKnown",
        _ => exam.Status.ToString(),
    };

    private static (string, string, string, Action) Case(
        string state, string command, string code, Func<Way, object> ask) => (state, command, code, () => _ = ask(In(state, command)));

    private static Decided[] Of((Decided, Decided) two) => [two.Item1, two.Item2];

    private static Decided[] Of((Decided, Decided, Decided) three) => [three.Item1, three.Item2, three.Item3];

    private static T? Fold<T>(IEnumerable<DomainEvent> history) where T : class, IState<T> => history.Aggregate(default(T), T.Evolve);
}
