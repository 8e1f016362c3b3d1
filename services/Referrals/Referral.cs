using System.Collections.Immutable;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Referrals.Answering;

namespace FamilyDoctor.Referrals;

/// <param name="ContractId">Null in an emergency without an active contract.</param>
/// <param name="ContractVersion">Version of the local copy that the right to refer rests on.</param>
/// <param name="DuplicateReason">Why there is a second one for this service.</param>
/// <param name="FromOrg">The team's institution.</param>
public sealed record ReferralDrafted(
    Guid ReferralId, string Direction, Guid ResidentId, Guid? ContractId, long ContractVersion, Guid TeamId, Guid FromOrg, string DistrictCode,
    Guid HospitalId, string Service, ReferralPriority Priority, string Reason, IReadOnlyList<string> ConditionCodes, string? SkipLevelReason,
    Guid? ClinicalSummaryRef, int? HospitalLevel = null, Guid? DuplicateOf = null, string? DuplicateReason = null) : DomainEvent;
public sealed record ReferralSlotHeld(Guid ReferralId, Guid BookId, DateOnly Date, DateTimeOffset Start) : DomainEvent;
/// <summary>No slot is kept for it any more; it is still on its way.</summary>
public sealed record ReferralSlotReleased(Guid ReferralId) : DomainEvent;
/// <summary>What else the resident needs of the same service, instead of a second referral.</summary>
public sealed record ReferralMerged(Guid ReferralId, string Reason, IReadOnlyList<string> ConditionCodes, Guid? LetterRef) : DomainEvent;
public sealed record ReferralSubmitted(
    Guid ReferralId, Guid ToHospital, string Service, DateTimeOffset At, DateTimeOffset ResponseDueAt, string ConsentRef) : DomainEvent;
/// <param name="SlotStart">Null: an emergency bay is kept free instead.</param>
public sealed record ReferralFastTracked(Guid ReferralId, DateTimeOffset? SlotStart, DateTimeOffset At) : DomainEvent;
public sealed record ReferralAccepted(Guid ReferralId, string By, DateTimeOffset At) : DomainEvent;
public sealed record ReferralScheduled(Guid ReferralId, DateTimeOffset Start) : DomainEvent;
/// <param name="FromLevel">1 is the grassroots; to which level insurers share in is policy.</param>
public sealed record ReferralAuthorised(Guid ReferralId, string Number, DateOnly ValidTo, int? FromLevel = null, int? ToLevel = null) : DomainEvent;
/// <param name="Reference">The insurer's number.</param>
public sealed record ReferralInsured(Guid ReferralId, string Reference) : DomainEvent;
/// <param name="Code">The insurer's own; the referral goes on.</param>
public sealed record ReferralInsuranceRefused(Guid ReferralId, string Code) : DomainEvent;
/// <summary>The hospital's clock stands until the family doctor has told what is missing.</summary>
public sealed record ReferralReturnedForInformation(Guid ReferralId, IReadOnlyList<string> Missing, Guid? QuestionRef, DateTimeOffset At) : DomainEvent;
/// <param name="ResponseDueAt">The clock goes on from where it stood.</param>
/// <param name="EscalatesAt">When the next office hears of it; null after the last.</param>
public sealed record ReferralInformationSupplied(
    Guid ReferralId, IReadOnlyList<string> ConditionCodes, Guid? LetterRef, DateTimeOffset At, DateTimeOffset ResponseDueAt,
    DateTimeOffset? EscalatesAt) : DomainEvent;
/// <param name="TargetBy">The day by which he should have been seen.</param>
/// <param name="EscalatesAt">That day is over.</param>
public sealed record ReferralWaitlisted(Guid ReferralId, DateOnly TargetBy, DateTimeOffset At, DateTimeOffset EscalatesAt) : DomainEvent;
public sealed record ReferralRedirected(
    Guid ReferralId, Guid FromHospital, Guid ToHospital, int ToLevel, string Reason, Guid? AdviceRef, DateTimeOffset At, DateTimeOffset NewDueAt) : DomainEvent;
/// <summary>The hospital's advice is enough, the resident need not come.</summary>
public sealed record ReferralAdvised(Guid ReferralId, string By, Guid? AdviceRef, DateTimeOffset At) : DomainEvent;
/// <param name="Cause">Why the hospital withdrew the slot.</param>
public sealed record ReferralRebookRequired(Guid ReferralId, string Cause) : DomainEvent;
/// <param name="ResponseDueAt">When the hospital must have answered; null: it took him before, and the new slot is his.</param>
public sealed record ReferralRescheduled(
    Guid ReferralId, Guid BookId, DateOnly Date, DateTimeOffset Start, DateTimeOffset? ResponseDueAt) : DomainEvent;
public sealed record ReferralDeclined(Guid ReferralId, string Reason, Guid? AdviceRef, DateTimeOffset At) : DomainEvent;
/// <param name="NextAt">When it goes one level up; null at the last.</param>
public sealed record ReferralOverdue(Guid ReferralId, int Level, string EscalatedTo, DateTimeOffset? NextAt) : DomainEvent;
/// <summary>The city's working days changed, and the hospital's time with them.</summary>
/// <param name="EscalatesAt">When the next office hears of it.</param>
public sealed record ReferralClockMoved(Guid ReferralId, DateTimeOffset ResponseDueAt, DateTimeOffset EscalatesAt) : DomainEvent;
/// <summary>The resident has another team now.</summary>
public sealed record ReferralOwnerChanged(Guid ReferralId, Guid TeamId, Guid FromOrg, string DistrictCode) : DomainEvent;
/// <summary>A consultation ended with a referral: what is known of it waits for the doctor to complete.</summary>
/// <param name="AppointmentId">Of the consultation.</param>
/// <param name="LapsesAt">Whoever has not completed it by then will not.</param>
public sealed record ReferralPrefilled(
    Guid ReferralId, Guid AppointmentId, Guid ResidentId, Guid ContractId, long ContractVersion, Guid TeamId, Guid FromOrg, string DistrictCode,
    DateTimeOffset LapsesAt) : DomainEvent;
/// <summary>It serves somebody who got urgently worse at home: the green channel has a slot for him, or the ambulance brings him.</summary>
/// <param name="VisitId">On which that was found.</param>
/// <param name="Route">greenChannel or emergency.</param>
/// <param name="ConfirmBy">The hospital has confirmed by then.</param>
public sealed record ReferralSteppedUp(Guid ReferralId, Guid VisitId, Guid? BedId, string Route, DateTimeOffset ConfirmBy) : DomainEvent;
/// <summary>No hospital had a slot: the ambulance brings him, and the district sees to it.</summary>
public sealed record EmergencyRouteTaken(Guid ReferralId, string Cause, string EscalatedTo) : DomainEvent;
/// <summary>The death that cancelled it was told in error: it needs another slot, or the doctor goes on with the draft.</summary>
public sealed record ReferralReopened(Guid ReferralId, bool IsDraft) : DomainEvent;
public sealed record PatientArrived(Guid ReferralId, DateTimeOffset At, bool Admitted, DateTimeOffset OutcomeDueAt) : DomainEvent;
public sealed record ReferralNoShow(Guid ReferralId) : DomainEvent;
public sealed record OutcomeReturned(
    Guid ReferralId, Disposition Disposition, Guid? ReportRef, Guid? PlanForGpRef, DateOnly? FollowUpDueBy, DateTimeOffset AcknowledgeBy) : DomainEvent;
/// <param name="Reason">Why the loop closed without an outcome.</param>
public sealed record ReferralClosed(Guid ReferralId, bool ClosedLoop, string? Reason) : DomainEvent;
public sealed record ReferralCancelled(Guid ReferralId, string By, string Reason, DateTimeOffset? At = null) : DomainEvent;

[JsonConverter(typeof(JsonStringEnumConverter<ReferralPriority>))]
public enum ReferralPriority { Routine, Urgent, Emergency }

[JsonConverter(typeof(JsonStringEnumConverter<Disposition>))]
public enum Disposition { Treated, Admitted, Discharged }

[JsonConverter(typeof(JsonStringEnumConverter<ReferralStatus>))]
public enum ReferralStatus
{
    Draft, Submitted, InfoRequested, Waitlisted, Scheduled, RebookRequired, Declined, Advised, InCare, NoShow, OutcomeReturned, Closed, Cancelled, Prefilled,
}

/// <summary>Another hospital than the family doctor asked.</summary>
/// <param name="Before">Those that sent it on.</param>
public sealed record Redirection(Guid HospitalId, int Level, ImmutableList<Guid> Before);

/// <param name="Granted">Whether the insurer pays its share.</param>
/// <param name="Word">Its number, or its code for why not.</param>
public sealed record InsurerAnswer(bool Granted, string Word);

/// <summary>The day and time kept for a referral, and the quota it comes from.</summary>
public sealed record ChosenSlot(Guid BookId, DateOnly Date, DateTimeOffset Start);

/// <summary>A resident's way from his family doctor to a hospital and back; it ends when the doctor has read the outcome.</summary>
/// <param name="StepUp">Why it was made by itself; null for one that a doctor made.</param>
/// <param name="ByDeath">What it was when the resident's death cancelled it.</param>
/// <param name="ClockFrom">When the clock that runs now was started: sent to the hospital, or told to the office before.</param>
public sealed record Referral(
    ReferralDrafted Draft, ReferralStatus Status, ChosenSlot? Slot = null, DateTimeOffset? SubmittedAt = null, DateTimeOffset? ResponseDueAt = null,
    DateTimeOffset? RespondedAt = null, bool FastTracked = false, bool ConfirmedByHospital = false, int OverdueLevel = 0,
    DateTimeOffset? EscalatesAt = null, DateOnly? ValidTo = null, DateTimeOffset? ArrivedAt = null, bool Admitted = false,
    OutcomeReturned? Outcome = null, Guid? AdviceRef = null, Redirection? Redirection = null, DateTimeOffset? StandsSince = null,
    DateOnly? TargetBy = null, DateTimeOffset? WaitsUntil = null, int Rebookings = 0,
    InsurerAnswer? Insurer = null, DateTimeOffset? ClockFrom = null, ReferralSteppedUp? StepUp = null, EndedByDeath<ReferralStatus>? ByDeath = null) : IState<Referral>
{
    private const int Grassroots = 1;

    /// <summary>How often a patient who did not come gets another slot.</summary>
    public const int MostRebookings = 2;

    /// <summary>Until the patient comes anything may still change.</summary>
    public static readonly ReferralStatus[] BeforeArrival = [ReferralStatus.Prefilled, ReferralStatus.Draft, ReferralStatus.Submitted, ReferralStatus.InfoRequested,
        ReferralStatus.Waitlisted, ReferralStatus.Scheduled, ReferralStatus.RebookRequired];

    public Guid Id => Draft.ReferralId;

    public string Number => Ids.Human('R', Id);

    /// <summary>Where it goes now; hospitals send on what is another's.</summary>
    public Guid HospitalId => Redirection?.HospitalId ?? Draft.HospitalId;

    /// <summary>Every letter that came with it or after it.</summary>
    public ImmutableList<Guid> Letters { get; init; } = [];

    public ImmutableList<string> ConditionCodes { get; init; } = [];

    /// <summary>The visits at home that found him urgently worse.</summary>
    public ImmutableList<Guid> FoundOn { get; init; } = [];

    /// <summary>The green channel has him, and the hospital has not said that it expects him.</summary>
    public bool AwaitsConfirmation => StepUp is not null && Status is ReferralStatus.Scheduled && !ConfirmedByHospital;

    /// <summary>The hospital has agreed to see him, or the green channel has.</summary>
    public bool IsTaken => ConfirmedByHospital || FastTracked;

    /// <summary>Who has to act next.</summary>
    public Guid OwnerOrganizationId =>
        Status is ReferralStatus.Submitted or ReferralStatus.Waitlisted or ReferralStatus.Scheduled or ReferralStatus.InCare ? HospitalId : Draft.FromOrg;

    /// <summary>When the hospital must have answered, or seen who waits; null while its clock stands.</summary>
    public DateTimeOffset? DueAt => Status switch
    {
        ReferralStatus.InfoRequested => null,
        ReferralStatus.Waitlisted when RespondedAt <= ResponseDueAt => WaitsUntil, // who answered late stays late
        _ => ResponseDueAt,
    };

    public static Referral Evolve(Referral? referral, DomainEvent @event) => (referral, @event) switch
    {
        (null, ReferralPrefilled e) => new Referral(new(e.ReferralId, "up", e.ResidentId, e.ContractId, e.ContractVersion, e.TeamId, e.FromOrg, e.DistrictCode,
            Guid.Empty, "", ReferralPriority.Routine, "", [], null, null), ReferralStatus.Prefilled, EscalatesAt: e.LapsesAt),
        (null or { Status: ReferralStatus.Prefilled }, ReferralDrafted e) => new Referral(e, ReferralStatus.Draft)
        {
            ConditionCodes = [.. e.ConditionCodes],
            Letters = Known(e.ClinicalSummaryRef),
        },
        ({ Status: ReferralStatus.Draft or ReferralStatus.Submitted or ReferralStatus.Waitlisted } r, ReferralSlotHeld e) =>
            r with { Slot = new(e.BookId, e.Date, e.Start) },
        ({ Status: ReferralStatus.Draft or ReferralStatus.InfoRequested } r, ReferralSlotReleased) => r with { Slot = null },
        ({ } r, ReferralMerged e) when BeforeArrival.Contains(r.Status) => r.With(e.ConditionCodes, e.LetterRef),
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
        ({ Status: ReferralStatus.Submitted or ReferralStatus.Waitlisted } r, ReferralAccepted e) => r with
        {
            RespondedAt = r.RespondedAt ?? e.At,
            ConfirmedByHospital = true,
        },
        ({ Status: ReferralStatus.Scheduled, FastTracked: true } r, ReferralAccepted) => r with { ConfirmedByHospital = true },
        ({ Status: ReferralStatus.Submitted or ReferralStatus.Waitlisted } r, ReferralScheduled) => r with { Status = ReferralStatus.Scheduled },
        ({ Status: ReferralStatus.Scheduled } r, ReferralAuthorised e) => r with { ValidTo = e.ValidTo },
        // Whatever became of the referral meanwhile.
        ({ ValidTo: not null, Insurer: null } r, ReferralInsured e) => r with { Insurer = new(true, e.Reference) },
        ({ ValidTo: not null, Insurer: null } r, ReferralInsuranceRefused e) => r with { Insurer = new(false, e.Code) },
        ({ Status: ReferralStatus.Submitted } r, ReferralReturnedForInformation e) =>
            r.With([], e.QuestionRef) with { Status = ReferralStatus.InfoRequested, StandsSince = e.At },
        ({ Status: ReferralStatus.InfoRequested } r, ReferralInformationSupplied e) => r.With(e.ConditionCodes, e.LetterRef) with
        {
            Status = ReferralStatus.Submitted,
            StandsSince = null,
            ResponseDueAt = e.ResponseDueAt,
            EscalatesAt = e.EscalatesAt,
            ClockFrom = null, // a clock that has stood counts what was left
        },
        ({ Status: ReferralStatus.Submitted } r, ReferralWaitlisted e) => r with
        {
            Status = ReferralStatus.Waitlisted,
            RespondedAt = e.At,
            TargetBy = e.TargetBy,
            WaitsUntil = e.EscalatesAt,
            EscalatesAt = e.EscalatesAt,
            OverdueLevel = 0,
            Slot = null,
        },
        ({ Status: ReferralStatus.Submitted } r, ReferralRedirected e) => r.With([], e.AdviceRef) with
        {
            Redirection = new(e.ToHospital, e.ToLevel, [.. r.Redirection?.Before ?? [], e.FromHospital]),
            ResponseDueAt = e.NewDueAt,
            EscalatesAt = e.NewDueAt,
            ClockFrom = e.At,
            OverdueLevel = 0,
            Slot = null,
        },
        ({ Status: ReferralStatus.Submitted } r, ReferralAdvised e) => r with
        {
            Status = ReferralStatus.Advised,
            RespondedAt = e.At,
            AdviceRef = e.AdviceRef,
        },
        ({ Status: ReferralStatus.Submitted or ReferralStatus.Waitlisted } r, ReferralDeclined e) => r with
        {
            Status = ReferralStatus.Declined,
            RespondedAt = r.RespondedAt ?? e.At,
            AdviceRef = e.AdviceRef,
        },
        ({ Status: ReferralStatus.Submitted or ReferralStatus.Scheduled } r, ReferralRebookRequired) => r with
        {
            Status = ReferralStatus.RebookRequired,
            Slot = null,
        },
        ({ Status: ReferralStatus.Scheduled or ReferralStatus.RebookRequired or ReferralStatus.NoShow } r, ReferralRescheduled e) => r with
        {
            Status = e.ResponseDueAt is null ? ReferralStatus.Scheduled : ReferralStatus.Submitted,
            Slot = new(e.BookId, e.Date, e.Start),
            ResponseDueAt = e.ResponseDueAt ?? r.ResponseDueAt,
            EscalatesAt = e.ResponseDueAt ?? r.EscalatesAt,
            ClockFrom = null,
            OverdueLevel = e.ResponseDueAt is null ? r.OverdueLevel : 0,
            Rebookings = r.Rebookings + (r.Status is ReferralStatus.NoShow ? 1 : 0),
        },
        ({ } r, ReferralSteppedUp e) when BeforeArrival.Contains(r.Status) => r with { StepUp = r.StepUp ?? e, FoundOn = r.FoundOn.Add(e.VisitId) },
        ({ StepUp: not null, Status: ReferralStatus.Scheduled } r, EmergencyRouteTaken) => r,
        (({ Status: ReferralStatus.Submitted or ReferralStatus.Waitlisted } or { AwaitsConfirmation: true }) and { } r, ReferralOverdue e) => r with
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
        ({ Status: ReferralStatus.OutcomeReturned or ReferralStatus.NoShow or ReferralStatus.Advised or ReferralStatus.InCare } r, ReferralClosed) =>
            r with { Status = ReferralStatus.Closed },
        ({ Status: not (ReferralStatus.Declined or ReferralStatus.Closed or ReferralStatus.Cancelled) } r, ReferralOwnerChanged e) => r with
        {
            Draft = r.Draft with { TeamId = e.TeamId, FromOrg = e.FromOrg, DistrictCode = e.DistrictCode },
        },
        ({ } r, ReferralCancelled e) when BeforeArrival.Contains(r.Status) => r with
        {
            Status = ReferralStatus.Cancelled,
            ByDeath = EndedByDeath.Of(r.Status, e.Reason, e.At),
        },
        ({ Status: ReferralStatus.Cancelled, ByDeath.Status: var before } r, ReferralReopened e) => r with
        {
            Status = e.IsDraft ? before : ReferralStatus.RebookRequired,
            Slot = null,
            EscalatesAt = null,
            ByDeath = null,
        },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {referral?.Status.ToString() ?? "nothing"}."),
    };

    public static IEnumerable<Deadline> Deadlines(Referral referral) =>
        referral is { Status: ReferralStatus.Prefilled, EscalatesAt: { } lapses } ? [new(nameof(Referring.LapsePrefilledReferral), lapses)]
        : referral is ({ Status: ReferralStatus.Submitted or ReferralStatus.Waitlisted } or { AwaitsConfirmation: true }) and { EscalatesAt: { } due } ? [new(nameof(EscalateReferral), due)] : [];

    /// <summary>The number that lets the resident in, valid for a while after the day of the slot.</summary>
    public ReferralAuthorised Authorise(Policies.Moment at, bool withSlot)
    {
        var from = withSlot && Slot is { } slot && slot.Date > at.Today ? slot.Date : at.Today;
        return new(Id, Number, from.AddDays(at.Policy.ReferralAuthorisationDays), Grassroots, Redirection?.Level ?? Draft.HospitalLevel);
    }

    private Referral With(IReadOnlyList<string> conditionCodes, Guid? letter) => this with
    {
        ConditionCodes = [.. ConditionCodes.Union(conditionCodes)],
        Letters = [.. Letters.Union(Known(letter))],
    };

    private static ImmutableList<Guid> Known(Guid? letter) => letter is { } known ? [known] : [];

    /// <summary>True when it may go on from a state, false when it is so already; refuses otherwise.</summary>
    public static bool MayGo(Referral? referral, ReferralStatus to, params ReferralStatus[] from) =>
        Going.May("referral", referral?.Status, to, from);
}
