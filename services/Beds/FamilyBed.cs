using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds;

/// <param name="ContractId">Null for a bed that rests on an offer at discharge alone.</param>
/// <param name="ContractVersion">Version of the contract's copy that the request rested on; 0 without one.</param>
public sealed record BedRequested(
    Guid BedId, Guid ResidentId, Guid? ContractId, long ContractVersion, Guid TeamId, Guid InstitutionId, string DistrictCode,
    BedOrigin Origin, BedType Type, IReadOnlyList<string> ConditionCodes, DateTimeOffset RequestedAt) : DomainEvent;
/// <param name="By">Who will come and look.</param>
public sealed record BedAssessmentScheduled(Guid BedId, DateTimeOffset At, Guid By) : DomainEvent;
/// <param name="Barthel">0 wholly dependent to 100 independent.</param>
/// <param name="Braden">6 to 23; low is a high risk of pressure sores.</param>
public sealed record BedAssessed(
    Guid BedId, int Barthel, int Braden, string FallsRisk, bool HomeSuitable, bool Caregiver, string Recommendation,
    bool AcuteUnstable = false, bool NeedsIsolation = false, int? ReachMinutes = null) : DomainEvent;
public sealed record BedWaitlisted(
    Guid BedId, int Rank, Guid GpId, Guid? NurseId, int PeriodDays, string? InsurerAuthRef = null) : DomainEvent;
/// <param name="InsurerAuthRef">The insurer's number, where it was asked beforehand.</param>
public sealed record BedApproved(
    Guid BedId, BedType Type, int PeriodDays, Guid GpId, Guid? NurseId, string? InsurerAuthRef = null) : DomainEvent;
public sealed record BedDeclined(Guid BedId, string Reason, string? Alternative) : DomainEvent;
public sealed record BedRequestCancelled(Guid BedId, string By, string Reason) : DomainEvent;
/// <param name="WarnAt">From then on the end of the period is announced.</param>
/// <param name="EndsAt">The local midnight after PlannedEndOn.</param>
public sealed record BedOpened(
    Guid BedId, DateOnly OpenedOn, DateTimeOffset OpenedAt, DateOnly PlannedEndOn, DateTimeOffset WarnAt, DateTimeOffset EndsAt, CarePlan Plan,
    string ConsentRef) : DomainEvent;
public sealed record BedPeriodEndingSoon(Guid BedId, DateOnly EndsOn) : DomainEvent;
public sealed record CarePlanRevised(Guid BedId, int Version, int DoctorEveryDays, int NurseEveryDays, IReadOnlyList<string> Goals) : DomainEvent;
/// <param name="TeamId">Whose bed it is from now on.</param>
/// <param name="GpId">Null when no doctor had been named yet.</param>
/// <param name="DelegationRef">Why a doctor of another team may care.</param>
public sealed record BedGpChanged(Guid BedId, Guid TeamId, Guid? GpId, Guid? NurseId, string Cause, string? DelegationRef = null) : DomainEvent;
/// <summary>The institution that kept it is closed, or its team works at another one: the seat goes along.</summary>
public sealed record BedRehomed(Guid BedId, Guid FromInstitutionId, Guid InstitutionId, string DistrictCode) : DomainEvent;
/// <param name="KeptOpenUntil">An unanswered request keeps the bed open until then.</param>
public sealed record BedExtensionRequested(Guid BedId, DateTimeOffset KeptOpenUntil) : DomainEvent;
/// <param name="ReviewedBy">The senior doctor of the hard review; null when none was due.</param>
public sealed record BedExtended(
    Guid BedId, int PeriodNo, DateOnly ExtendedOn, DateOnly NewEndOn, DateTimeOffset WarnAt, DateTimeOffset EndsAt, int Barthel, int Braden,
    Guid? ReviewedBy) : DomainEvent;
/// <param name="Version">Of the bed, when the period began that is answered.</param>
/// <param name="Reference">The insurer's number.</param>
public sealed record BedInsured(Guid BedId, long Version, string Reference) : DomainEvent;
/// <param name="Code">The insurer's own; the resident pays himself.</param>
public sealed record BedInsuranceRefused(Guid BedId, long Version, string Code) : DomainEvent;
/// <param name="Until">The bed closes then unless it was resumed.</param>
public sealed record BedPaused(Guid BedId, string Cause, Guid? ReferralId, DateOnly PausedOn, DateTimeOffset Until) : DomainEvent;
public sealed record BedResumed(Guid BedId, DateTimeOffset ResumedAt, int PausedDays) : DomainEvent;
/// <param name="CloseAt">The local midnight after CloseBy.</param>
public sealed record BedClosureDue(Guid BedId, string Cause, DateOnly CloseBy, DateTimeOffset CloseAt) : DomainEvent;
public sealed record BedClosureCancelled(Guid BedId) : DomainEvent;
public sealed record BedClosed(
    Guid BedId, CloseReason Reason, DateOnly ClosedOn, DateTimeOffset ClosedAt, int BedDays, int Visits, Guid? SummaryRef) : DomainEvent;
/// <summary>The death that closed the bed was reported in error: care goes on.</summary>
public sealed record BedReopened(Guid BedId, DateTimeOffset ReopenedAt) : DomainEvent;
/// <summary>A visit to this bed was completed.</summary>
public sealed record BedVisited(Guid BedId, Guid VisitId) : DomainEvent;
/// <summary>A visit to this bed did not take place.</summary>
public sealed record BedVisitMissed(Guid BedId, Guid VisitId) : DomainEvent;
/// <summary>So many visits in a row did not take place: the head of the institution has to see to it.</summary>
public sealed record MissedVisitsEscalated(Guid BedId, int InARow) : DomainEvent;

/// <param name="Version">Of the bed, when the period began: the answer to a later one holds.</param>
/// <param name="SelfPay">The insurer does not pay its share.</param>
/// <param name="Word">The insurer's number, or its code for why not.</param>
public sealed record BedInsurance(long Version, bool SelfPay, string Word);

/// <summary>How often the doctor and the nurse come, and what for.</summary>
public sealed record CarePlan(int DoctorEveryDays, int NurseEveryDays, int Version = 1, IReadOnlyList<string>? Goals = null);

[JsonConverter(typeof(JsonStringEnumConverter<BedOrigin>))]
public enum BedOrigin { Outpatient, HospitalDischarge, Resident, Team }

[JsonConverter(typeof(JsonStringEnumConverter<BedType>))]
public enum BedType { Therapeutic, Rehabilitative, Palliative }

[JsonConverter(typeof(JsonStringEnumConverter<CloseReason>))]
public enum CloseReason { Recovered, Improved, StableToRoutine, Transferred, Died, Request, Moved, Unsafe, ContractEnded, PeriodEnded }

[JsonConverter(typeof(JsonStringEnumConverter<BedStatus>))]
public enum BedStatus { Requested, Assessed, Waitlisted, Approved, Declined, Cancelled, Open, Paused, ClosingDue, Closed }

/// <summary>What was approved: who is responsible and for how long at a time.</summary>
public sealed record BedTerms(Guid GpId, Guid? NurseId, int PeriodDays, string? InsurerAuthRef = null);

/// <param name="ReviewedOn">Day of the opening, or of the last hard review.</param>
public sealed record BedPeriod(
    int Number, DateOnly OpenedOn, DateOnly EndsOn, DateTimeOffset WarnAt, DateTimeOffset EndsAt, DateOnly ReviewedOn, bool Warned = false,
    bool ExtensionRequested = false, int PausedDays = 0);

/// <summary>A family bed: an approved episode of care at home, from the request to its end.</summary>
/// <param name="Stage">Open or Paused also while the closure is due, since care goes on during the bridge.</param>
/// <param name="HomeSince">The resident was at home then: at the request, the opening, the last resumption. An older admission is no news.</param>
/// <param name="Closing">Set while the care bridge after a contract's end runs.</param>
/// <param name="MissedInARow">Visits that did not take place since the last one that did.</param>
public sealed record FamilyBed(
    BedRequested Request, BedStatus Stage, BedAssessed? Assessment, BedTerms? Terms, BedPeriod? Period, BedPaused? Pause, BedClosureDue? Closing,
    BedClosed? Closed, int PausedDays, int Visits, DateTimeOffset HomeSince, BedAssessmentScheduled? Appointment = null, CarePlan? Plan = null,
    int MissedInARow = 0, BedInsurance? Insurance = null) : IState<FamilyBed>
{
    public Guid Id => Request.BedId;

    public BedStatus Status => Closing is null ? Stage : BedStatus.ClosingDue;

    public bool IsInCare => Stage is BedStatus.Open or BedStatus.Paused;

    public bool IsPalliative => Request.Type is BedType.Palliative;

    public bool IsNotOpenYet => Stage is BedStatus.Requested or BedStatus.Assessed or BedStatus.Waitlisted or BedStatus.Approved;

    public bool IsOver => !IsNotOpenYet && !IsInCare;

    /// <summary>When the bed closes by itself if nobody acts: the earliest of period end, pause limit and care bridge.</summary>
    public (DateTimeOffset At, CloseReason Reason)? ClosesByItself
    {
        get
        {
            if (!IsInCare)
                return null;
            var (at, reason) = (DateTimeOffset.MaxValue, CloseReason.PeriodEnded);
            if (!IsPalliative) // a palliative bed never ends with its period
                (at, reason) = (Period!.EndsAt, CloseReason.PeriodEnded);
            if (Pause is { } pause && pause.Until < at)
                (at, reason) = (pause.Until, CloseReason.Transferred);
            if (Closing is { } closing && closing.CloseAt < at)
                (at, reason) = (closing.CloseAt, CloseReason.ContractEnded);
            return at == DateTimeOffset.MaxValue ? null : (at, reason);
        }
    }

    private const int MostReachMinutes = 45;

    /// <summary>Up to this much of a hundred somebody depends on help.</summary>
    public const int Dependent = 60;

    public static FamilyBed Evolve(FamilyBed? bed, DomainEvent @event) => (bed, @event) switch
    {
        (null, BedRequested e) => new(e, BedStatus.Requested, null, null, null, null, null, null, 0, 0, e.RequestedAt),
        ({ Stage: BedStatus.Requested } b, BedAssessmentScheduled e) => b with { Appointment = e },
        ({ Stage: BedStatus.Requested or BedStatus.Assessed } b, BedAssessed e) => b with { Stage = BedStatus.Assessed, Assessment = e },
        ({ Stage: BedStatus.Assessed } b, BedWaitlisted e) => b with
        {
            Stage = BedStatus.Waitlisted,
            Terms = new(e.GpId, e.NurseId, e.PeriodDays, e.InsurerAuthRef),
        },
        ({ Stage: BedStatus.Assessed or BedStatus.Waitlisted } b, BedApproved e) =>
            b with { Stage = BedStatus.Approved, Terms = new(e.GpId, e.NurseId, e.PeriodDays, e.InsurerAuthRef) },
        ({ Stage: BedStatus.Assessed } b, BedDeclined) => b with { Stage = BedStatus.Declined },
        ({ IsNotOpenYet: true } b, BedRequestCancelled) => b with { Stage = BedStatus.Cancelled },
        ({ Stage: BedStatus.Approved } b, BedOpened e) => b with
        {
            Stage = BedStatus.Open,
            HomeSince = e.OpenedAt,
            Plan = e.Plan,
            Period = new(1, e.OpenedOn, e.PlannedEndOn, e.WarnAt, e.EndsAt, e.OpenedOn),
        },
        ({ IsInCare: true, Period: { } p } b, BedPeriodEndingSoon) => b with { Period = p with { Warned = true } },
        ({ IsInCare: true, Period: { } p } b, BedExtensionRequested e) => b with
        {
            Period = p with { ExtensionRequested = true, EndsAt = e.KeptOpenUntil },
        },
        ({ IsInCare: true, Period: { } p } b, BedExtended e) => b with
        {
            Period = new(e.PeriodNo, p.OpenedOn, e.NewEndOn, e.WarnAt, e.EndsAt, e.ReviewedBy is null ? p.ReviewedOn : e.ExtendedOn),
        },
        ({ IsInCare: true } b, CarePlanRevised e) => b with { Plan = new(e.DoctorEveryDays, e.NurseEveryDays, e.Version, e.Goals) },
        ({ IsOver: false } b, BedGpChanged e) => b with
        {
            Request = b.Request with { TeamId = e.TeamId },
            Terms = e.GpId is { } gp && b.Terms is { } terms ? terms with { GpId = gp, NurseId = e.NurseId } : b.Terms,
        },
        ({ IsOver: false } b, BedRehomed e) => b with { Request = b.Request with { InstitutionId = e.InstitutionId, DistrictCode = e.DistrictCode } },
        ({ Stage: BedStatus.Open } b, BedPaused e) => b with { Stage = BedStatus.Paused, Pause = e },
        ({ Stage: BedStatus.Paused, Period: { } p } b, BedResumed e) => b with
        {
            Stage = BedStatus.Open,
            HomeSince = e.ResumedAt,
            Pause = null,
            PausedDays = b.PausedDays + e.PausedDays,
            Period = p with { PausedDays = p.PausedDays + e.PausedDays },
        },
        ({ IsInCare: true, Closing: null } b, BedClosureDue e) => b with { Closing = e },
        ({ IsInCare: true, Closing: not null } b, BedClosureCancelled) => b with { Closing = null },
        ({ IsInCare: true } b, BedClosed e) => b with { Stage = BedStatus.Closed, Pause = null, Closing = null, Closed = e },
        ({ Closed.Reason: CloseReason.Died } b, BedReopened e) => b with { Stage = BedStatus.Open, Closed = null, HomeSince = e.ReopenedAt },
        ({ Period: not null } b, BedVisited) => b with { Visits = b.Visits + 1, MissedInARow = 0 }, // visits of the open days may be recorded later
        ({ IsInCare: true } b, BedVisitMissed) => b with { MissedInARow = b.MissedInARow + 1 },
        ({ IsInCare: true } b, MissedVisitsEscalated) => b,
        ({ Period: not null } b, BedInsured e) => b with { Insurance = new(e.Version, false, e.Reference) },
        ({ Period: not null } b, BedInsuranceRefused e) => b with { Insurance = new(e.Version, true, e.Code) },
        _ => throw new InvalidOperationException($"{@event.GetType().Name} cannot follow {bed?.Status.ToString() ?? "nothing"}."),
    };

    public static IEnumerable<Deadline> Deadlines(FamilyBed bed)
    {
        if (bed is { IsInCare: true, Period: { Warned: false } period })
            yield return new(nameof(Opening.WarnOfPeriodEnd), period.WarnAt);
        if (bed.ClosesByItself is { } end)
            yield return new(nameof(Ending.CloseOverdueBed), end.At);
    }

    /// <summary>What speaks against a family bed, as codes; none for one that is right.</summary>
    public static IReadOnlyList<string> Against(BedType type, int barthel, bool caregiver, string recommendation, BedAssessed? found = null)
    {
        var criteria = new List<string>();
        if (type is not BedType.Palliative && barthel > 90)
            criteria.Add("selfCarePossible");
        if (barthel <= Dependent && !caregiver)
            criteria.Add("noCaregiver");
        if (recommendation is "hospital")
            criteria.Add("hospitalNeeded");
        if (found is { AcuteUnstable: true })
            criteria.Add("acuteUnstable");
        if (found is { NeedsIsolation: true })
            criteria.Add("isolationNeeded");
        if (found?.ReachMinutes > MostReachMinutes)
            criteria.Add("outOfReach");
        return criteria;
    }

    /// <summary>True when it may go on from a stage, false when it is so already; refuses otherwise.</summary>
    public static bool MayGo(FamilyBed? bed, BedStatus to, params BedStatus[] from)
    {
        if (bed is null)
            throw new UnknownId();
        if (bed.Stage == to)
            return false;
        return from.Contains(bed.Stage) ? true : throw NotFrom(bed, to, from);
    }

    /// <summary>The bed, when it is at one of these stages; refuses otherwise.</summary>
    public static FamilyBed At(FamilyBed? bed, params BedStatus[] stages)
    {
        if (bed is null)
            throw new UnknownId();
        return stages.Contains(bed.Stage) ? bed : throw NotFrom(bed, stages[0], stages);
    }

    private static RuleBroken NotFrom(FamilyBed bed, BedStatus to, BedStatus[] from) => bed switch
    {
        { Closed: { } closed } => new("BED_CLOSED", "This family bed is closed.", new { closed.ClosedOn, closed.Reason }),
        { Stage: BedStatus.Requested } when to is BedStatus.Approved or BedStatus.Waitlisted or BedStatus.Declined or BedStatus.Open =>
            new("ASSESSMENT_REQUIRED", "The resident and the home have not been assessed yet."),
        _ => Impossible(bed, from),
    };

    /// <summary>Who may be visited for this bed on a day, and by which team; refuses outside the open days.</summary>
    public static CareRight Visitable(FamilyBed? bed, DateOnly date, Moment at)
    {
        if (bed is null)
            throw new UnknownId();
        if (bed.Closed is { } closed && closed.ClosedAt <= at.Now)
            throw new RuleBroken("BED_CLOSED", "This family bed is closed.", new { closed.ClosedOn, closed.Reason });
        if (!bed.IsOpenOn(date))
            throw new RuleBroken("VISIT_OUTSIDE_PERIOD", "The bed is not open on that day.", new { bed.Period?.OpenedOn, bed.LastDay });
        return bed.Right;
    }

    public CareRight Right => new(Request.ContractId, Request.ContractVersion, Request.ResidentId, Request.TeamId, Request.InstitutionId, Request.DistrictCode);

    /// <summary>The last day of care as far as it is known; a palliative bed goes on.</summary>
    public DateOnly? LastDay => this switch
    {
        { Closed: { } past } => past.ClosedOn,
        { IsPalliative: true } => DateOnly.MaxValue,
        { Closing: { } closing } => closing.CloseBy,
        _ => Period?.EndsOn,
    };

    public bool IsOpenOn(DateOnly date) => Period is { } period && date >= period.OpenedOn && date <= LastDay;

    /// <summary>The events when a visit did not take place; several in a row go to the head of the institution.</summary>
    public static IEnumerable<DomainEvent> Missed(FamilyBed? bed, Guid visitId, Moment at)
    {
        if (bed is not { IsInCare: true })
            return [];
        var inARow = bed.MissedInARow + 1;
        return inARow < at.Policy.MissedVisitsInARow
            ? [new BedVisitMissed(bed.Id, visitId)]
            : [new BedVisitMissed(bed.Id, visitId), new MissedVisitsEscalated(bed.Id, inARow)];
    }

    public static RuleBroken Impossible(FamilyBed bed, params BedStatus[] allowed) => new(
        "INVALID_TRANSITION", $"This is not possible for a family bed that is {bed.Status}.",
        new { state = bed.Status.ToString(), allowed = allowed.Select(s => s.ToString()) });

    /// <summary>The events that end the episode: the resident may have another bed and the seat is free.</summary>
    public BedEvents End(BedCapacity? capacity, CloseReason reason, Moment at, Guid? summaryRef = null, int? visits = null)
    {
        var paused = PausedDays + (Pause is { } pause ? at.Today.DayNumber - pause.PausedOn.DayNumber : 0);
        var days = Math.Max(1, at.Today.DayNumber - Period!.OpenedOn.DayNumber - paused); // the first and the last day count as one
        return (
            [new BedClosed(Id, reason, at.Today, at.Now, days, visits ?? Visits, summaryRef)],
            [new ResidentBedFreed(Request.ResidentId, Id)],
            [new BedSeatReleased(BedCapacity.Open(capacity).InstitutionId, Id, at.Now)]);
    }

    /// <summary>The events that take a request back before the bed is open.</summary>
    public BedEvents Cancel(BedCapacity? capacity, string by, string reason, Moment at) => (
        [new BedRequestCancelled(Id, by, reason)],
        [new ResidentBedFreed(Request.ResidentId, Id)],
        Stage switch
        {
            BedStatus.Approved => [new BedSeatReleased(BedCapacity.Open(capacity).InstitutionId, Id, at.Now)],
            BedStatus.Waitlisted => [new BedWaitlistLeft(BedCapacity.Open(capacity).InstitutionId, Id)],
            _ => [],
        });
}
