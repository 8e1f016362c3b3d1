using FamilyDoctor.EventSourcing;
using FamilyDoctor.Referrals.Examining;
using FamilyDoctor.Referrals.Referring;
using FamilyDoctor.Testing;
using static FamilyDoctor.Referrals.Tests.Sample;
using static FamilyDoctor.Testing.Spec;

namespace FamilyDoctor.Referrals.Tests.Examining;

public sealed class ExamDecisionsTests
{
    private static readonly Guid ExamBookId = ExamBook.StreamOf(HospitalId, "MRI", Day);
    private static readonly OpenExamBook Open = new(HospitalId, "MRI", null, Day, new(8, 0), 30, 2);
    private static readonly ExamBookOpened Opened = new(HospitalId, "MRI", null, Day, Time("2024-03-15 08:00"), 30, 2);
    private static readonly RequestExam Request = new(Id, Resident, HospitalId, "MRI", Day, "knee");
    private static readonly ExamRequested Requested =
        new(Id, Resident, ContractId, 4, Team, Institution, "330203", HospitalId, "MRI", "knee", Time("2024-03-01 09:00"), null, null);
    private static readonly ExamSlotHeld Held = new(Id, ExamBookId, Day, Time("2024-03-15 08:00"));
    private static readonly DomainEvent[] APerformedExam =
        [Requested, Held, new ExamConfirmed(Id), new ExamArrived(Id), new ExamPerformed(Id, Time("2024-03-15 08:30"))];

    private static Outcome Requesting(RequestExam request, KnownContract? contract, DomainEvent[] book, params DomainEvent[] others) =>
        Given<Exam>().And<ExamBook>(book).And<ResidentExams>(others).When("2024-03-01 09:00", (x, b, o, at) =>
            request.Decide(Id, x, b, o, contract, TeamOfTwo, Hospital with { Equipment = ["CT", "MRI", "endoscopy"] }, Doctor, at));

    [Fact]
    public void A_device_s_day_is_opened_once()
    {
        Given<ExamBook>().When("2024-03-01 09:00", (b, at) => Open.Decide(b, Hospital, at)).Then(Opened);
        Given<ExamBook>(Opened).When("2024-03-01 09:00", (b, at) => Open.Decide(b, Hospital, at)).ThenNothing();
        Given<ExamBook>(Opened).When("2024-03-01 09:00", (b, at) => (Open with { Slots = 9 }).Decide(b, Hospital, at)).ThenRefused("INVALID_TRANSITION");
        Given<ExamBook>().When("2024-03-01 09:00", (b, at) => (Open with { Modality = "PETCT" }).Decide(b, Hospital, at)).ThenRefused("SERVICE_NOT_OFFERED");
        Given<ExamBook>().When("2024-03-01 09:00", (b, at) => (Open with { Slots = 500 }).Decide(b, Hospital, at)).ThenRefused("RULE_VIOLATION");
    }

    [Fact]
    public void A_safe_exam_gets_the_first_slot() =>
        Requesting(Request, Contract(), [Opened]).Then(Requested, Held, new ExamSlotTaken(0, Id), new ExamPlanned(Id, "MRI", "knee", Day));

    [Fact]
    public void Asking_twice_is_asking_once() =>
        Given<Exam>(Requested, Held).And<ExamBook>(Opened).And<ResidentExams>().When("2024-03-01 09:00", (x, b, o, at) =>
            Request.Decide(Id, x, b, o, Contract(), TeamOfTwo, Hospital, Doctor, at)).ThenNothing();

    [Fact]
    public void Without_a_contract_there_is_no_exam() => Requesting(Request, null, [Opened]).ThenRefused("NO_ACTIVE_CONTRACT");

    [Fact]
    public void An_exam_can_wait_until_a_contract_in_its_grace_is_renewed() => Requesting(Request, Contract("InGrace"), [Opened]).ThenRefused("NO_ACTIVE_CONTRACT");

    [Fact]
    public void An_unknown_hospital_has_no_device() => Given<Exam>().And<ExamBook>(Opened).And<ResidentExams>().When("2024-03-01 09:00", (x, b, o, at) =>
        Request.Decide(Id, x, b, o, Contract(), TeamOfTwo, null, Doctor, at)).ThenRefused("SERVICE_NOT_OFFERED");

    [Fact]
    public void A_hospital_unknown_here_opens_its_day() =>
        Given<ExamBook>().When("2024-03-01 09:00", (b, at) => Open.Decide(b, null, at)).Then(Opened);

    [Fact]
    public void A_hospital_without_the_device_does_no_such_exam() =>
        Requesting(Request with { Modality = "PETCT" }, Contract(), []).ThenRefused("SERVICE_NOT_OFFERED");

    public static TheoryData<string, ExamSafety, bool> Safety => new()
    {
        { "MRI", new(), true },
        { "MRI", new(Implant: true), false },
        { "CT", new(Implant: true), true },
        { "CT", new(Pregnant: true), false },
        { "MRI", new(Pregnant: true), true },
        { "CT", new(ContrastAllergy: true), false },
        { "CT", new(Egfr: 29.9), false },
        { "CT", new(Egfr: 30), true },
        { "endoscopy", new(ContrastAllergy: true), true },
        { "endoscopy", new(Egfr: 29.9), true },
    };

    [Theory, MemberData(nameof(Safety))]
    public void An_exam_must_be_safe(string modality, ExamSafety safety, bool safe)
    {
        var outcome = Requesting(Request with { Modality = modality, Safety = safety }, Contract(), [Opened with { Modality = modality }]);
        if (safe)
            outcome.ThenEvents(typeof(ExamRequested), typeof(ExamSlotHeld), typeof(ExamSlotTaken), typeof(ExamPlanned));
        else
            outcome.ThenRefused("EXAM_CONTRAINDICATED");
    }

    [Theory]
    [InlineData("MRI", "knee", 90, true)]
    [InlineData("MRI", "knee", 91, false)]
    [InlineData("MRI", "knee", -90, true)] // planned for later
    [InlineData("MRI", "knee", -91, false)]
    [InlineData("MRI", "hip", 10, false)]
    [InlineData("CT", "knee", 10, false)]
    public void The_same_exam_within_three_months_needs_a_reason(string modality, string site, int daysBefore, bool duplicate)
    {
        var earlier = new ExamPlanned(OtherId, modality, site, Day.AddDays(-daysBefore));
        var outcome = Requesting(Request, Contract(), [Opened], earlier);
        if (duplicate)
        {
            outcome.ThenRefused("DUPLICATE_EXAM");
            outcome = Requesting(Request with { OverrideReason = "worse" }, Contract(), [Opened], earlier);
            Assert.Equal((OtherId, "worse"), (((ExamRequested)outcome.Events[0]).DuplicateOf, ((ExamRequested)outcome.Events[0]).OverrideReason));
        }
        else
        {
            outcome.ThenEvents(typeof(ExamRequested), typeof(ExamSlotHeld), typeof(ExamSlotTaken), typeof(ExamPlanned));
        }
    }

    [Fact]
    public void A_full_day_takes_nobody() =>
        Requesting(Request, Contract(), [Opened, new ExamSlotTaken(0, OtherId), new ExamSlotTaken(1, Ids.Of("3"))]).ThenRefused("QUOTA_EXHAUSTED");

    [Fact]
    public void A_day_that_is_over_takes_nobody() =>
        Requesting(Request, Contract(), [Opened with { FirstSlot = Time("2024-02-29 08:00") }]).ThenRefused("POOL_CLOSED");

    [Theory]
    [InlineData("2024-03-01 08:45", 1)] // the first slot has begun
    [InlineData("2024-03-01 08:30", 1)] // the last one begins now
    [InlineData("2024-03-01 09:00", 0)]
    public void The_first_slot_that_has_not_begun_is_taken(string first, int slot) =>
        Assert.Contains(new ExamSlotTaken(slot, Id), Requesting(Request, Contract(), [Opened with { FirstSlot = Time(first) }]).Events);

    [Fact]
    public void An_exam_goes_on_in_its_slot_while_that_is_free_and_to_come()
    {
        ExamSlotTaken? again = new(0, Id);
        Assert.Equal(again, Again("2024-03-15 08:00"));
        Assert.Null(Again("2024-03-15 08:01"));
        Assert.Null(Again("2024-03-15 08:00", new ExamSlotsWithdrawn([0], 0, [], "deviceBroken", Time("2024-03-04 09:00"))));
        Assert.Null(Again("2024-03-15 08:00", new ExamSlotTaken(0, OtherId)));
        Assert.Null(Again("2024-03-15 08:00", new ExamSlotTaken(1, Id)));

        static ExamSlotTaken? Again(string now, params DomainEvent[] book) =>
            new DomainEvent[] { Opened }.Concat(book).Aggregate(default(ExamBook), ExamBook.Evolve)!.Again(Opened.FirstSlot, Id, Time(now));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void A_death_told_in_error_is_taken_back_for_so_many_days(int ticksTooLate, bool reopened)
    {
        var late = At("2024-03-02 09:00");
        var exam = new DomainEvent[] { Requested, Held, new ExamCancelled(Id, "service", EndedByDeath.Reason, late.Now) }.Aggregate(default(Exam), Exam.Evolve);
        late = late with { Now = late.Now.AddDays(late.Policy.DeathReversalDays).AddTicks(ticksTooLate) };
        var book = ExamBook.Evolve(null, Opened with { FirstSlot = late.Now.AddDays(1) });
        exam = exam! with { Slot = exam.Slot! with { Start = book.FirstSlot } };
        Assert.Equal(reopened, WhenDeathReversedThenReopened.Decide(exam, book, null, late).Exam.Any());
    }

    [Fact]
    public void Slots_are_withdrawn_until_they_begin_and_only_those_named()
    {
        var withdraw = new WithdrawExamSlots([0], "deviceBroken");
        DomainEvent[] book = [Opened, new ExamSlotTaken(0, Id), new ExamSlotTaken(1, OtherId)];
        var gone = Assert.IsType<ExamSlotsWithdrawn>(Assert.Single(Given<ExamBook>(book).When("2024-03-15 08:00", withdraw.Decide).Events));
        Assert.Equal(("0", Id, 1), (string.Join(' ', gone.Slots), Assert.Single(gone.Exams), gone.Taken));
        Given<ExamBook>(book).When("2024-03-15 08:01", withdraw.Decide).ThenRefused("POOL_CLOSED");
        Given<ExamBook>(book).When("2024-03-04 09:00", (withdraw with { Slots = [-1] }).Decide).ThenRefused("RULE_VIOLATION");
        Given<ExamBook>(book).When("2024-03-04 09:00", (withdraw with { Slots = [2] }).Decide).ThenRefused("RULE_VIOLATION");
    }

    [Fact]
    public void Whoever_lost_his_slot_is_told_once_and_whoever_has_another_one_keeps_it()
    {
        DomainEvent[] book = [Opened, new ExamSlotTaken(0, Id), new ExamSlotsWithdrawn([0], 1, [Id], "deviceBroken", Time("2024-03-04 09:00"))];
        var (waits, planned) = (book.Aggregate(default(ExamBook), ExamBook.Evolve)!, new ExamPlanned(Id, "MRI", "knee", Day));
        Assert.Equal([new Deadline(nameof(TellOfExamWithdrawal), Time("2024-03-04 09:00"))], ExamBook.Deadlines(waits));
        Assert.Empty(ExamBook.Deadlines(ExamBook.Evolve(waits, new ExamWithdrawalTold(Id))));
        Assert.Empty(ExamBook.Deadlines(ExamBook.Evolve(null, Opened)));
        Telling([Requested, Held], book, ExamBookId, planned).Then(new ExamRebookRequired(Id, "deviceBroken"), new ExamWithdrawalTold(Id), new ExamDropped(Id));
        Telling([Requested, Held], book, ExamBookId).Then(new ExamRebookRequired(Id, "deviceBroken"), new ExamWithdrawalTold(Id));
        Telling([Requested, Held], book, OtherId, planned).Then(new ExamWithdrawalTold(Id)); // his slot is of another day
        Telling([Requested, Held], [.. book, new ExamSlotTaken(1, Id)], ExamBookId, planned).Then(new ExamWithdrawalTold(Id));

        static Outcome Telling(DomainEvent[] exam, DomainEvent[] book, Guid bookId, params DomainEvent[] others) =>
            Given<Exam>(exam).And<ExamBook>(book).And<ResidentExams>(others).When("2024-03-04 09:00", (x, b, o, _) => TellOfExamWithdrawal.Decide(Id, x, bookId, b, o));
    }

    [Fact]
    public void Nobody_hears_of_a_critical_result_before_its_time()
    {
        DomainEvent[] critical = [.. APerformedExam, new ExamReportReturned(Id, null, true, Time("2024-03-15 10:00")), new CriticalResultFlagged(Id, Time("2024-03-15 12:00"))];
        Given<Exam>(critical).When("2024-03-15 11:59", EscalateCritical.Decide).ThenNothing();
        Given<Exam>(critical).When("2024-03-15 12:00", EscalateCritical.Decide).Then(new CriticalResultOverdue(Id, 1, "institution", Time("2024-03-15 14:00")));
    }

    [Fact]
    public void An_exam_goes_its_way_step_by_step()
    {
        Given<Exam>(Requested, Held).When("2024-03-02 09:00", (x, _) => ConfirmExam.Decide(x)).ThenEvents(typeof(ExamConfirmed));
        Given<Exam>(APerformedExam[..3]).When("2024-03-15 08:00", (x, _) => RecordExamArrival.Decide(x)).ThenEvents(typeof(ExamArrived));
        Given<Exam>(APerformedExam[..4]).When("2024-03-15 08:30", RecordExamPerformed.Decide).ThenEvents(typeof(ExamPerformed));
        Given<Exam>(APerformedExam[..2]).When("2024-03-15 08:30", RecordExamPerformed.Decide).ThenRefused("INVALID_TRANSITION");
        Given<Exam>(APerformedExam).When("2024-03-15 08:30", RecordExamPerformed.Decide).ThenNothing();
    }

    [Fact]
    public void A_critical_result_is_flagged()
    {
        Given<Exam>(APerformedExam).When("2024-03-15 10:00", (x, at) => new ReturnExamReport(false).Decide(x, null, at)).ThenEvents(typeof(ExamReportReturned));
        Given<Exam>(APerformedExam).When("2024-03-15 10:00", (x, at) => new ReturnExamReport(true).Decide(x, null, at))
            .Then(new ExamReportReturned(Id, null, true, Time("2024-03-15 10:00")), new CriticalResultFlagged(Id, Time("2024-03-15 12:00")));
    }

    [Fact]
    public void A_cancelled_exam_frees_its_slot_and_is_no_duplicate() =>
        Given<Exam>(Requested, Held).And<ExamBook>(Opened, new ExamSlotTaken(0, Id)).And<ResidentExams>(new ExamPlanned(Id, "MRI", "knee", Day))
            .When("2024-03-02 09:00", (x, b, _, _) => new CancelExam("resident").Decide(x, b, Doctor))
            .Then(new ExamCancelled(Id, "clinic", "resident"), new ExamSlotFreed(0, Id), new ExamDropped(Id));

    [Fact]
    public void A_missed_exam_is_no_duplicate_and_not_missed_before_its_day()
    {
        var planned = new ExamPlanned(Id, "MRI", "knee", Day);
        Given<Exam>(Requested, Held).And<ResidentExams>(planned).When("2024-03-15 18:00", (x, _, at) => MarkExamNoShow.Decide(x, at))
            .Then(new ExamNoShow(Id), new ExamDropped(Id));
        Given<Exam>(Requested, Held).And<ResidentExams>(planned).When("2024-03-14 18:00", (x, _, at) => MarkExamNoShow.Decide(x, at)).ThenRefused("SLOT_NOT_DUE");
    }
}
