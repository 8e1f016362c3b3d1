using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Referrals.Examining;

namespace FamilyDoctor.Referrals;

/// <param name="OverrideReason">Why it is done although the same was done lately.</param>
public sealed record ExamRequested(
    Guid ExamId, Guid ResidentId, Guid ContractId, long ContractVersion, Guid TeamId, Guid InstitutionId, string DistrictCode, Guid HospitalId,
    string Modality, string BodySite, DateTimeOffset RequestedAt, Guid? DuplicateOf, string? OverrideReason) : DomainEvent;
public sealed record ExamSlotHeld(Guid ExamId, Guid BookId, DateOnly Date, DateTimeOffset Start) : DomainEvent;
public sealed record ExamConfirmed(Guid ExamId) : DomainEvent;
public sealed record ExamArrived(Guid ExamId) : DomainEvent;
public sealed record ExamPerformed(Guid ExamId, DateTimeOffset At) : DomainEvent;
public sealed record ExamReportReturned(Guid ExamId, Guid? ReportRef, bool Critical, DateTimeOffset At) : DomainEvent;
public sealed record CriticalResultFlagged(Guid ExamId, DateTimeOffset AcknowledgeBy) : DomainEvent;
/// <param name="NextAt">When it goes one level up; null at the last.</param>
public sealed record CriticalResultOverdue(Guid ExamId, int Level, string EscalatedTo, DateTimeOffset? NextAt) : DomainEvent;
public sealed record ExamCriticalAcknowledged(Guid ExamId, DateTimeOffset At) : DomainEvent;
public sealed record ExamAcknowledged(Guid ExamId) : DomainEvent;
/// <summary>At the device it turned out not to be safe for him.</summary>
public sealed record ExamRejected(Guid ExamId, string Reason) : DomainEvent;
public sealed record ExamCancelled(Guid ExamId, string By, string Reason, DateTimeOffset? At = null) : DomainEvent;
/// <summary>The death that cancelled it was told in error, and its slot was still free: it is held again.</summary>
public sealed record ExamReopened(Guid ExamId) : DomainEvent;
/// <summary>The hospital withdrew its slot: another one is asked for.</summary>
/// <param name="Cause">Why the hospital withdrew the slot.</param>
public sealed record ExamRebookRequired(Guid ExamId, string Cause) : DomainEvent;
/// <summary>Another slot is held for it.</summary>
public sealed record ExamRescheduled(Guid ExamId, Guid BookId, DateOnly Date, DateTimeOffset Start) : DomainEvent;
public sealed record ExamNoShow(Guid ExamId) : DomainEvent;
/// <summary>The resident has another team now.</summary>
public sealed record ExamOwnerChanged(Guid ExamId, Guid TeamId, Guid InstitutionId, string DistrictCode) : DomainEvent;

[JsonConverter(typeof(JsonStringEnumConverter<ExamStatus>))]
public enum ExamStatus { Requested, Held, Confirmed, Arrived, Performed, ReportReturned, Acknowledged, Cancelled, NoShow, Rejected, RebookRequired }

/// <summary>An exam on a hospital's large device, from the request to the report that the family doctor has read.</summary>
public sealed record Exam(
    ExamRequested Request, ExamStatus Status, ChosenSlot? Slot = null, DateTimeOffset? PerformedAt = null, ExamReportReturned? Report = null,
    DateTimeOffset? AcknowledgeBy = null, DateTimeOffset? CriticalKnownAt = null, int OverdueLevel = 0, DateTimeOffset? EscalatesAt = null,
    EndedByDeath<ExamStatus>? ByDeath = null) : IState<Exam>
{
    public static Exam Evolve(Exam? exam, DomainEvent @event) => (exam, @event) switch
    {
        (null, ExamRequested e) => new(e, ExamStatus.Requested),
        ({ Status: ExamStatus.Requested } x, ExamSlotHeld e) => x with { Status = ExamStatus.Held, Slot = new(e.BookId, e.Date, e.Start) },
        ({ Status: ExamStatus.Held } x, ExamConfirmed) => x with { Status = ExamStatus.Confirmed },
        ({ Status: ExamStatus.Confirmed } x, ExamArrived) => x with { Status = ExamStatus.Arrived },
        ({ Status: ExamStatus.Arrived } x, ExamPerformed e) => x with { Status = ExamStatus.Performed, PerformedAt = e.At },
        ({ Status: ExamStatus.Performed } x, ExamReportReturned e) => x with { Status = ExamStatus.ReportReturned, Report = e },
        ({ Status: ExamStatus.ReportReturned } x, CriticalResultFlagged e) => x with { AcknowledgeBy = e.AcknowledgeBy, EscalatesAt = e.AcknowledgeBy },
        ({ Status: ExamStatus.ReportReturned, AcknowledgeBy: not null, CriticalKnownAt: null } x, CriticalResultOverdue e) =>
            x with { OverdueLevel = e.Level, EscalatesAt = e.NextAt },
        ({ Status: ExamStatus.ReportReturned, AcknowledgeBy: not null, CriticalKnownAt: null } x, ExamCriticalAcknowledged e) =>
            x with { CriticalKnownAt = e.At, EscalatesAt = null },
        ({ Status: ExamStatus.ReportReturned } x, ExamAcknowledged) => x with { Status = ExamStatus.Acknowledged },
        ({ Status: ExamStatus.Held or ExamStatus.Confirmed or ExamStatus.RebookRequired } x, ExamCancelled e) =>
            x with { Status = ExamStatus.Cancelled, ByDeath = EndedByDeath.Of(x.Status, e.Reason, e.At) },
        ({ Status: ExamStatus.Cancelled, ByDeath: not null } x, ExamReopened) => x with { Status = ExamStatus.Held, ByDeath = null },
        ({ Status: ExamStatus.Held or ExamStatus.Confirmed } x, ExamRebookRequired) => x with { Status = ExamStatus.RebookRequired },
        ({ Status: ExamStatus.RebookRequired } x, ExamRescheduled e) => x with { Status = ExamStatus.Held, Slot = new(e.BookId, e.Date, e.Start) },
        ({ Status: ExamStatus.Held or ExamStatus.Confirmed } x, ExamNoShow) => x with { Status = ExamStatus.NoShow },
        ({ IsOver: false } x, ExamOwnerChanged e) => x with
        {
            Request = x.Request with { TeamId = e.TeamId, InstitutionId = e.InstitutionId, DistrictCode = e.DistrictCode },
        },
        ({ Status: ExamStatus.Held or ExamStatus.Confirmed or ExamStatus.Arrived } x, ExamRejected) => x with { Status = ExamStatus.Rejected },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {exam?.Status.ToString() ?? "nothing"}."),
    };

    public bool IsOver => Status is ExamStatus.Acknowledged or ExamStatus.Cancelled or ExamStatus.NoShow or ExamStatus.Rejected;

    /// <summary>A critical result that nobody has taken note of.</summary>
    public bool IsCriticalUnread => Status is ExamStatus.ReportReturned && AcknowledgeBy is not null && CriticalKnownAt is null;

    public static IEnumerable<Deadline> Deadlines(Exam exam) => exam.EscalatesAt is { } due ? [new(nameof(EscalateCritical), due)] : [];

    /// <summary>True when it may go on from a state, false when it is so already; refuses otherwise.</summary>
    public static bool MayGo(Exam? exam, ExamStatus to, params ExamStatus[] from) => Going.May("exam", exam?.Status, to, from);
}
