using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Referrals.Answering;

namespace FamilyDoctor.Referrals;

/// <param name="ContractId">Null in an emergency without an active contract.</param>
/// <param name="ContractVersion">Version of the local copy that the right to refer rests on.</param>
/// <param name="FromOrg">The team's institution.</param>
public sealed record ReferralDrafted(
    Guid ReferralId, string Direction, Guid ResidentId, Guid? ContractId, long ContractVersion, Guid TeamId, Guid FromOrg, string DistrictCode,
    Guid HospitalId, string Service, ReferralPriority Priority, string Reason, IReadOnlyList<string> ConditionCodes, string? SkipLevelReason,
    Guid? ClinicalSummaryRef) : DomainEvent;
public sealed record ReferralSlotHeld(Guid ReferralId, Guid BookId, DateOnly Date, DateTimeOffset Start) : DomainEvent;
public sealed record ReferralSubmitted(
    Guid ReferralId, Guid ToHospital, string Service, DateTimeOffset At, DateTimeOffset ResponseDueAt, string ConsentRef) : DomainEvent;
/// <param name="SlotStart">Null: an emergency bay is kept free instead.</param>
public sealed record ReferralFastTracked(Guid ReferralId, DateTimeOffset? SlotStart, DateTimeOffset At) : DomainEvent;
public sealed record ReferralAccepted(Guid ReferralId, string By, DateTimeOffset At) : DomainEvent;
public sealed record ReferralScheduled(Guid ReferralId, DateTimeOffset Start) : DomainEvent;
public sealed record ReferralAuthorised(Guid ReferralId, string Number, DateOnly ValidTo) : DomainEvent;
/// <param name="Reference">The insurer's number.</param>
public sealed record ReferralInsured(Guid ReferralId, string Reference) : DomainEvent;
/// <param name="Code">The insurer's own; the referral goes on.</param>
public sealed record ReferralInsuranceRefused(Guid ReferralId, string Code) : DomainEvent;
public sealed record ReferralDeclined(Guid ReferralId, string Reason, Guid? AdviceRef, DateTimeOffset At) : DomainEvent;
/// <param name="NextAt">When it goes one level up; null at the last.</param>
public sealed record ReferralOverdue(Guid ReferralId, int Level, string EscalatedTo, DateTimeOffset? NextAt) : DomainEvent;
/// <summary>The city's working days changed, and the hospital's time with them.</summary>
/// <param name="EscalatesAt">When the next office hears of it.</param>
public sealed record ReferralClockMoved(Guid ReferralId, DateTimeOffset ResponseDueAt, DateTimeOffset EscalatesAt) : DomainEvent;
public sealed record PatientArrived(Guid ReferralId, DateTimeOffset At, bool Admitted, DateTimeOffset OutcomeDueAt) : DomainEvent;
public sealed record ReferralNoShow(Guid ReferralId) : DomainEvent;
public sealed record OutcomeReturned(
    Guid ReferralId, Disposition Disposition, Guid? ReportRef, Guid? PlanForGpRef, DateOnly? FollowUpDueBy, DateTimeOffset AcknowledgeBy) : DomainEvent;
/// <param name="Reason">Why the loop closed without an outcome.</param>
public sealed record ReferralClosed(Guid ReferralId, bool ClosedLoop, string? Reason) : DomainEvent;
public sealed record ReferralCancelled(Guid ReferralId, string By, string Reason) : DomainEvent;

[JsonConverter(typeof(JsonStringEnumConverter<ReferralPriority>))]
public enum ReferralPriority { Routine, Urgent, Emergency }

[JsonConverter(typeof(JsonStringEnumConverter<Disposition>))]
public enum Disposition { Treated, Admitted, Discharged }

[JsonConverter(typeof(JsonStringEnumConverter<ReferralStatus>))]
public enum ReferralStatus { Draft, Submitted, Scheduled, Declined, InCare, NoShow, OutcomeReturned, Closed, Cancelled }

/// <param name="Granted">Whether the insurer pays its share.</param>
/// <param name="Word">Its number, or its code for why not.</param>
public sealed record InsurerAnswer(bool Granted, string Word);

/// <summary>The day and time kept for a referral, and the quota it comes from.</summary>
public sealed record ChosenSlot(Guid BookId, DateOnly Date, DateTimeOffset Start);

/// <summary>A resident's way from his family doctor to a hospital and back; it ends when the doctor has read the outcome.</summary>
/// <param name="ClockFrom">When the clock that runs now was started: sent to the hospital, or told to the office before.</param>
public sealed record Referral(
    ReferralDrafted Draft, ReferralStatus Status, ChosenSlot? Slot = null, DateTimeOffset? SubmittedAt = null, DateTimeOffset? ResponseDueAt = null,
    DateTimeOffset? RespondedAt = null, bool FastTracked = false, bool ConfirmedByHospital = false, int OverdueLevel = 0,
    DateTimeOffset? EscalatesAt = null, DateOnly? ValidTo = null, DateTimeOffset? ArrivedAt = null, bool Admitted = false,
    OutcomeReturned? Outcome = null, Guid? AdviceRef = null, InsurerAnswer? Insurer = null, DateTimeOffset? ClockFrom = null) : IState<Referral>
{
    public Guid Id => Draft.ReferralId;

    public string Number => Ids.Human('R', Id);

    /// <summary>Who has to act next.</summary>
    public Guid OwnerOrganizationId =>
        Status is ReferralStatus.Submitted or ReferralStatus.Scheduled or ReferralStatus.InCare ? Draft.HospitalId : Draft.FromOrg;

    public static Referral Evolve(Referral? referral, DomainEvent @event) => (referral, @event) switch
    {
        (null, ReferralDrafted e) => new(e, ReferralStatus.Draft),
        ({ Status: ReferralStatus.Draft or ReferralStatus.Submitted } r, ReferralSlotHeld e) => r with { Slot = new(e.BookId, e.Date, e.Start) },
        ({ Status: ReferralStatus.Draft } r, ReferralSubmitted e) => r with
        {
            Status = ReferralStatus.Submitted,
            SubmittedAt = e.At,
            ResponseDueAt = e.ResponseDueAt,
            EscalatesAt = e.ResponseDueAt,
            ClockFrom = e.At,
        },
        ({ Status: ReferralStatus.Submitted } r, ReferralFastTracked e) => r with
        {
            Status = ReferralStatus.Scheduled,
            FastTracked = true,
            RespondedAt = e.At,
            Slot = e.SlotStart is null ? null : r.Slot,
        },
        ({ Status: ReferralStatus.Submitted } r, ReferralAccepted e) => r with { RespondedAt = e.At, ConfirmedByHospital = true },
        ({ Status: ReferralStatus.Scheduled, FastTracked: true } r, ReferralAccepted) => r with { ConfirmedByHospital = true },
        ({ Status: ReferralStatus.Submitted } r, ReferralScheduled) => r with { Status = ReferralStatus.Scheduled },
        ({ Status: ReferralStatus.Scheduled } r, ReferralAuthorised e) => r with { ValidTo = e.ValidTo },
        // Whatever became of the referral meanwhile.
        ({ ValidTo: not null, Insurer: null } r, ReferralInsured e) => r with { Insurer = new(true, e.Reference) },
        ({ ValidTo: not null, Insurer: null } r, ReferralInsuranceRefused e) => r with { Insurer = new(false, e.Code) },
        ({ Status: ReferralStatus.Submitted } r, ReferralDeclined e) => r with
        {
            Status = ReferralStatus.Declined,
            RespondedAt = e.At,
            AdviceRef = e.AdviceRef,
        },
        ({ Status: ReferralStatus.Submitted } r, ReferralOverdue e) => r with
        {
            OverdueLevel = e.Level,
            EscalatesAt = e.NextAt,
            ClockFrom = r.EscalatesAt,
        },
        ({ Status: ReferralStatus.Submitted } r, ReferralClockMoved e) => r with { ResponseDueAt = e.ResponseDueAt, EscalatesAt = e.EscalatesAt },
        ({ Status: ReferralStatus.Scheduled } r, PatientArrived e) => r with
        {
            Status = ReferralStatus.InCare,
            ArrivedAt = e.At,
            Admitted = e.Admitted,
        },
        ({ Status: ReferralStatus.Scheduled } r, ReferralNoShow) => r with { Status = ReferralStatus.NoShow },
        ({ Status: ReferralStatus.InCare } r, OutcomeReturned e) => r with { Status = ReferralStatus.OutcomeReturned, Outcome = e },
        ({ Status: ReferralStatus.OutcomeReturned or ReferralStatus.NoShow } r, ReferralClosed) => r with { Status = ReferralStatus.Closed },
        ({ Status: ReferralStatus.Draft or ReferralStatus.Submitted or ReferralStatus.Scheduled } r, ReferralCancelled) =>
            r with { Status = ReferralStatus.Cancelled },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {referral?.Status.ToString() ?? "nothing"}."),
    };

    public static IEnumerable<Deadline> Deadlines(Referral referral) =>
        referral is { Status: ReferralStatus.Submitted, EscalatesAt: { } due } ? [new(nameof(EscalateReferral), due)] : [];

    /// <summary>The number that lets the resident in, valid for a while after the day of the slot.</summary>
    public ReferralAuthorised Authorise(Policies.Moment at, bool withSlot)
    {
        var from = withSlot && Slot is { } slot && slot.Date > at.Today ? slot.Date : at.Today;
        return new(Id, Number, from.AddDays(at.Policy.ReferralAuthorisationDays));
    }

    /// <summary>True when it may go on from a state, false when it is so already; refuses otherwise.</summary>
    public static bool MayGo(Referral? referral, ReferralStatus to, params ReferralStatus[] from) =>
        Going.May("referral", referral?.Status, to, from);
}
