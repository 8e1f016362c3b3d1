using System.Collections.Concurrent;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents.Contracts;
using FamilyDoctor.IntegrationEvents.Teams;
using FamilyDoctor.Policies;
using FamilyDoctor.Referrals.Answering;
using FamilyDoctor.Referrals.Examining;
using FamilyDoctor.Referrals.Quotas;
using FamilyDoctor.Referrals.Referring;
using FamilyDoctor.Referrals.Returning;

namespace FamilyDoctor.Referrals;

/// <summary>The contract that gave the right then; rows of the past carry it, since copies may come later.</summary>
public sealed record ContractOfThePast(Guid ContractId, Guid ResidentId, Guid TeamId, Guid InstitutionId, string DistrictCode)
{
    public KnownContract Known => new(new ContractFacts(ContractId, ResidentId, TeamId, InstitutionId, DistrictCode, null,
        DateOnly.MinValue, DateOnly.MinValue, DateOnly.MaxValue, "Active", []), 0);
}

/// <summary>A day's slots of the past.</summary>
public sealed record QuotaRow(
    string Id, DateTimeOffset OccurredAt, Guid HospitalId, string Service, DateOnly Date, TimeOnly FirstSlot, int SlotMinutes,
    int FamilyDoctor, int Urgent, int Public) : IImportRow;

/// <summary>A referral of the past and what became of it.</summary>
public sealed record ReferralRow(
    string Id, DateTimeOffset OccurredAt, Guid ReferralId, ContractOfThePast Contract, Guid HospitalId, string Service, ReferralPriority Priority,
    string ReasonCode, DateOnly Date, DateTimeOffset SubmittedAt, DateTimeOffset? AcceptedAt = null, DateTimeOffset? ArrivedAt = null,
    bool? Admitted = null, DateTimeOffset? OutcomeAt = null, Disposition? Disposition = null, DateTimeOffset? AcknowledgedAt = null,
    DateTimeOffset? DeclinedAt = null, string? DeclineReason = null, DateTimeOffset? NoShowAt = null) : IImportRow;

/// <summary>A large device's day of the past.</summary>
public sealed record ExamBookRow(
    string Id, DateTimeOffset OccurredAt, Guid HospitalId, string Modality, DateOnly Date, TimeOnly FirstSlot, int SlotMinutes, int Slots,
    Guid? DeviceId = null) : IImportRow;

/// <summary>An exam of the past and what became of it.</summary>
public sealed record ExamRow(
    string Id, DateTimeOffset OccurredAt, Guid ExamId, ContractOfThePast Contract, Guid HospitalId, string Modality, DateOnly Date, string BodySite,
    DateTimeOffset? ConfirmedAt = null, DateTimeOffset? ArrivedAt = null, DateTimeOffset? PerformedAt = null, DateTimeOffset? ReportedAt = null,
    bool? Critical = null, DateTimeOffset? AcknowledgedAt = null) : IImportRow;

/// <summary>A patient's way back in the past.</summary>
public sealed record DownReferralRow(
    string Id, DateTimeOffset OccurredAt, Guid DownReferralId, ContractOfThePast Contract, Guid HospitalId, bool FamilyBedSuggested,
    Guid? UpReferralId = null, DateTimeOffset? AcceptedAt = null, DateTimeOffset? FirstContactAt = null, ContactMode? Mode = null,
    DateTimeOffset? ClosedAt = null) : IImportRow;

/// <summary>How rows of the past become the same decisions that live requests ask for.</summary>
public sealed class Importing(Runner runner, IEventStore store, PolicyBook policies)
{
    // When the days' pools go to the public; fixed at publication, so it is read once.
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> releases = new();

    public IReadOnlyDictionary<string, ImportKind> Kinds() => new Dictionary<string, ImportKind>
    {
        ["quotas"] = ImportKind.Of<QuotaRow>("quotas", (row, by, ct) => PublishQuotaEndpoint.Take(
            new(row.HospitalId, row.Service, row.Date, row.FirstSlot, row.SlotMinutes, row.FamilyDoctor, row.Urgent, row.Public), null, by, runner, ct)),
        ["referrals"] = ImportKind.Of<ReferralRow>("referrals", Referral, prepare: LearnReleases),
        ["exam-books"] = ImportKind.Of<ExamBookRow>("exam-books", (row, by, ct) => OpenExamBookEndpoint.Take(
            new(row.HospitalId, row.Modality, row.DeviceId, row.Date, row.FirstSlot, row.SlotMinutes, row.Slots), null, by, runner, ct)),
        ["exams"] = ImportKind.Of<ExamRow>("exams", Exam),
        ["down-referrals"] = ImportKind.Of<DownReferralRow>("down-referrals", DownReferral),
    };

    private delegate (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>) OnReferral(
        Referral? referral, QuotaBook? book, ResidentReferrals? others, Moment at);

    /// <summary>
    /// First what concerns the day's slots, then the rest without them: otherwise the first patient of a day who came
    /// would release its pool before the others were booked. What the rest will come to is tried out beforehand, so
    /// that a row is taken in whole or not at all.
    /// </summary>
    private async Task<Done> Referral(ReferralRow row, Envelope by, CancellationToken ct)
    {
        var (id, bookId) = (row.ReferralId, QuotaBook.StreamOf(row.HospitalId, row.Service, row.Date));
        var others = ResidentReferrals.StreamOf(row.Contract.ResidentId);
        var (booking, seeing) = (Booking(row, bookId, by), Seeing(row));
        booking.Step(booking.From(0)[^1].At, (r, _, o, _) =>
        {
            foreach (var (at, decide) in seeing.From(0))
            {
                var (own, _, guard) = decide(r, null, o, policies.At(at));
                (r, o) = (own.Aggregate(r, Referrals.Referral.Evolve), guard.Aggregate(o, ResidentReferrals.Evolve));
            }
            return ([], [], []);
        });
        if (seeing.Count > 0 && seeing.From(0)[0].At < booking.From(0)[^1].At)
            throw new RuleBroken("RULE_VIOLATION", "The times of this row are not in order.", new { at = seeing.From(0)[0].At });

        var booked = await runner.History<Referral, QuotaBook, ResidentReferrals>(id, bookId, others, by, booking.InOrder().Select(step => (step.At,
            new Func<Referral?, QuotaBook?, ResidentReferrals?, Moment, (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)>(
                step.Decide))), ct);
        if (seeing.Count == 0)
            return booked;
        return await runner.History<Referral, ResidentReferrals>(id, others, by with { Idempotency = by.Idempotency! with { Key = $"{by.Idempotency.Key}:seen" } },
            seeing.InOrder().Select(step => (step.At, new Func<Referral?, ResidentReferrals?, Moment, (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)>((r, o, at) =>
            {
                var (own, _, guard) = step.Decide(r, null, o, at);
                return (own, guard);
            }))), ct);
    }

    /// <summary>From the draft to the hospital's answer.</summary>
    private Past<OnReferral> Booking(ReferralRow row, Guid bookId, Envelope by)
    {
        var (id, actor) = (row.ReferralId, by.Actor with { OrganizationId = null });
        var hospital = new HospitalFacts(row.HospitalId, "", "", row.Contract.DistrictCode, 1, [row.Service], []);
        var draft = new DraftReferral(id, row.Contract.ResidentId, row.HospitalId, row.Service, row.Priority, Codes.Check(row.ReasonCode), [row.ReasonCode]);
        var (hold, submit) = (new HoldSlot(row.Date), new SubmitReferral($"import:{id:N}"));
        var decline = new DeclineReferral(Codes.Check(row.DeclineReason ?? "unspecified"));
        var isRoutine = row.Priority is not (ReferralPriority.Urgent or ReferralPriority.Emergency);
        // A patient who came had been accepted, even where nobody noted when.
        var cameUnnoted = isRoutine && (row.ArrivedAt ?? row.NoShowAt) is not null;

        var past = new Past<OnReferral>();
        past.Step(row.SubmittedAt, (r, _, o, at) =>
        {
            var (own, others) = draft.Decide(id, r, o, row.Contract.Known, null, hospital, null, actor, at);
            return (own, [], others);
        });
        past.Step(row.SubmittedAt, (r, b, _, at) =>
        {
            if (!isRoutine && b?.FirstFree(row.Priority, contracted: true, at.Now) is null)
                return ([], [], []); // the green channel takes a bay where no slot is free
            var (own, book) = hold.Decide(r, b, at);
            return (own, book, []);
        });
        past.Step(row.SubmittedAt, (r, b, _, at) =>
        {
            var (own, book) = submit.Decide(r, b, at);
            return (own, book, []);
        });
        past.Step(row.AcceptedAt ?? (cameUnnoted ? row.SubmittedAt : null), (r, b, _, at) =>
        {
            var (own, book) = new AcceptReferral().Decide(r, b, actor, at);
            return (own, book, []);
        });
        past.Step(row.DeclinedAt, (r, b, _, at) => decline.Decide(r, b, null, null, at));

        if (releases.TryGetValue(bookId, out var releaseAt))
            past.Clock(releaseAt, (_, b, _, at) => ([], ReleasePoolToPublic.Decide(b, at with { Now = releaseAt }), []));
        var since = row.SubmittedAt;
        foreach (var _ in EscalateReferral.Offices)
        {
            var due = since = ResponseClock.DueAt(row.Priority, policies.At(since));
            past.Clock(due, (r, _, _, at) => (EscalateReferral.Decide(r, at with { Now = due }), [], []));
        }
        return past;
    }

    /// <summary>From the patient's arrival to the doctor who read the outcome.</summary>
    private static Past<OnReferral> Seeing(ReferralRow row)
    {
        var past = new Past<OnReferral>();
        past.Step(row.ArrivedAt, (r, _, _, at) => (new RecordArrival(row.Admitted ?? false).Decide(r, at), [], []));
        past.Step(row.NoShowAt, (r, _, _, at) =>
        {
            var (own, others) = MarkReferralNoShow.Decide(r, at);
            return (own, [], others);
        });
        past.Step(row.OutcomeAt, (r, _, _, at) =>
        {
            var (own, others) = new ReturnOutcome(row.Disposition ?? Disposition.Treated).Decide(r, null, null, at);
            return (own, [], others);
        });
        past.Step(row.AcknowledgedAt, (r, _, _, _) => (AcknowledgeOutcome.Decide(r), [], []));
        return past;
    }

    private async Task LearnReleases(IReadOnlyList<ReferralRow> rows, CancellationToken ct)
    {
        var unknown = rows.Where(r => System.Text.RegularExpressions.Regex.IsMatch(r.Service, Codes.Pattern))
            .Select(r => QuotaBook.StreamOf(r.HospitalId, r.Service, r.Date)).Distinct().Where(id => !releases.ContainsKey(id)).ToList();
        foreach (var (id, history) in await store.Read([.. unknown.Select(id => (id, 0L))], ct, withHeaders: false))
            releases[id] = ((QuotaPublished)history[0].Event).ReleaseAt;
    }

    private async Task<Done> Exam(ExamRow row, Envelope by, CancellationToken ct)
    {
        var (id, actor) = (row.ExamId, by.Actor with { OrganizationId = null });
        var hospital = new HospitalFacts(row.HospitalId, "", "", row.Contract.DistrictCode, 1, [], [row.Modality]);
        // Whatever was done twice in the past was done for some reason.
        var request = new RequestExam(id, row.Contract.ResidentId, row.HospitalId, row.Modality, row.Date, Codes.Check(row.BodySite), null, "history");
        var confirmedAt = row.ConfirmedAt ?? row.ArrivedAt ?? row.PerformedAt ?? row.ReportedAt;
        var arrivedAt = row.ArrivedAt ?? row.PerformedAt ?? row.ReportedAt;

        var past = new Past<Func<Exam?, ExamBook?, ResidentExams?, Moment, (IEnumerable<DomainEvent>, IEnumerable<DomainEvent>, IEnumerable<DomainEvent>)>>();
        past.Step(row.OccurredAt, (x, b, o, at) => request.Decide(id, x, b, o, row.Contract.Known, null, hospital, actor, at));
        past.Step(confirmedAt, (x, _, _, _) => (ConfirmExam.Decide(x), [], []));
        past.Step(arrivedAt, (x, _, _, _) => (RecordExamArrival.Decide(x), [], []));
        past.Step(row.PerformedAt ?? row.ReportedAt, (x, _, _, at) => (RecordExamPerformed.Decide(x, at), [], []));
        past.Step(row.ReportedAt, (x, _, _, at) => (new ReturnExamReport(row.Critical ?? false).Decide(x, null, at), [], []));
        past.Step(row.AcknowledgedAt, (x, _, _, at) => (AcknowledgeExam.Decide(x, at), [], []));
        for (var level = 1; row is { Critical: true, ReportedAt: { } reported } && level <= EscalateCritical.Offices.Count; level++)
        {
            var due = reported.AddHours(level * policies.At(reported).Policy.CriticalResultHours);
            past.Clock(due, (x, _, _, at) => (EscalateCritical.Decide(x, at with { Now = due }), [], []));
        }
        return await runner.History(id, ExamBook.StreamOf(row.HospitalId, row.Modality, row.Date), ResidentExams.StreamOf(row.Contract.ResidentId), by,
            past.InOrder(), ct);
    }

    private async Task<Done> DownReferral(DownReferralRow row, Envelope by, CancellationToken ct)
    {
        var id = row.DownReferralId;
        var propose = new ProposeDownReferral(id, row.Contract.ResidentId, row.HospitalId, row.UpReferralId, null, null, row.FamilyBedSuggested);

        var past = new Past<Func<DownReferral?, Moment, IEnumerable<DomainEvent>>>();
        past.Step(row.OccurredAt, (down, at) => propose.Decide(id, down, null, row.Contract.Known, null, null, at));
        past.Step(row.AcceptedAt ?? row.FirstContactAt, (down, _) => AcceptDownReferral.Decide(down));
        past.Step(row.FirstContactAt, (down, at) => new RecordFirstContact(row.Mode ?? ContactMode.Phone).Decide(down, at));
        past.Step(row.ClosedAt, (down, _) => CloseDownReferral.Decide(down));
        for (var level = 1; level <= EscalateDownReferral.Offices.Count; level++)
        {
            var due = row.OccurredAt + level * ProposeDownReferral.AcceptWithin;
            past.Clock(due, (down, at) => EscalateDownReferral.Decide(down, at with { Now = due }));
        }
        return await runner.History(id, by, past.InOrder(), ct);
    }
}
