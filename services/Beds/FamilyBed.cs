using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds;

/// <param name="ContractId">Null for a bed that rests on an offer at discharge alone.</param>
/// <param name="ContractVersion">Version of the contract's copy that the request rested on; 0 without one.</param>
public sealed record BedRequested(
    Guid BedId, Guid ResidentId, Guid? ContractId, long ContractVersion, Guid TeamId, Guid InstitutionId, string DistrictCode,
    BedOrigin Origin, BedType Type, IReadOnlyList<string> ConditionCodes, DateTimeOffset RequestedAt) : DomainEvent;
/// <param name="Barthel">0 wholly dependent to 100 independent.</param>
/// <param name="Braden">6 to 23; low is a high risk of pressure sores.</param>
public sealed record BedAssessed(
    Guid BedId, int Barthel, int Braden, string FallsRisk, bool HomeSuitable, bool Caregiver, string Recommendation) : DomainEvent;
public sealed record BedWaitlisted(Guid BedId, int Rank, Guid GpId, Guid? NurseId, int PeriodDays) : DomainEvent;
public sealed record BedApproved(Guid BedId, BedType Type, int PeriodDays, Guid GpId, Guid? NurseId) : DomainEvent;
public sealed record BedDeclined(Guid BedId, string Reason, string? Alternative) : DomainEvent;
public sealed record BedRequestCancelled(Guid BedId, string By, string Reason) : DomainEvent;
/// <param name="WarnAt">From then on the end of the period is announced.</param>
/// <param name="EndsAt">The local midnight after PlannedEndOn.</param>
public sealed record BedOpened(
    Guid BedId, DateOnly OpenedOn, DateTimeOffset OpenedAt, DateOnly PlannedEndOn, DateTimeOffset WarnAt, DateTimeOffset EndsAt, CarePlan Plan,
    string ConsentRef) : DomainEvent;
public sealed record BedPeriodEndingSoon(Guid BedId, DateOnly EndsOn) : DomainEvent;
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
/// <summary>A visit to this bed was completed.</summary>
public sealed record BedVisited(Guid BedId, Guid VisitId) : DomainEvent;

/// <param name="Version">Of the bed, when the period began: the answer to a later one holds.</param>
/// <param name="SelfPay">The insurer does not pay its share.</param>
/// <param name="Word">The insurer's number, or its code for why not.</param>
public sealed record BedInsurance(long Version, bool SelfPay, string Word);

/// <summary>How often the doctor and the nurse come.</summary>
public sealed record CarePlan(int DoctorEveryDays, int NurseEveryDays);

[JsonConverter(typeof(JsonStringEnumConverter<BedOrigin>))]
public enum BedOrigin { Outpatient, HospitalDischarge, Resident, Team }

[JsonConverter(typeof(JsonStringEnumConverter<BedType>))]
public enum BedType { Therapeutic, Rehabilitative, Palliative }

[JsonConverter(typeof(JsonStringEnumConverter<CloseReason>))]
public enum CloseReason { Recovered, Improved, StableToRoutine, Transferred, Died, Request, Moved, Unsafe, ContractEnded, PeriodEnded }

[JsonConverter(typeof(JsonStringEnumConverter<BedStatus>))]
public enum BedStatus { Requested, Assessed, Waitlisted, Approved, Declined, Cancelled, Open, Paused, ClosingDue, Closed }

/// <summary>What was approved: who is responsible and for how long at a time.</summary>
public sealed record BedTerms(Guid GpId, Guid? NurseId, int PeriodDays);

/// <param name="ReviewedOn">Day of the opening, or of the last hard review.</param>
public sealed record BedPeriod(
    int Number, DateOnly OpenedOn, DateOnly EndsOn, DateTimeOffset WarnAt, DateTimeOffset EndsAt, DateOnly ReviewedOn, bool Warned = false,
    bool ExtensionRequested = false, int PausedDays = 0);

/// <summary>A family bed: an approved episode of care at home, from the request to its end.</summary>
/// <param name="Stage">Open or Paused also while the closure is due, since care goes on during the bridge.</param>
/// <param name="HomeSince">The resident was at home then: at the request, the opening, the last resumption. An older admission is no news.</param>
/// <param name="Closing">Set while the care bridge after a contract's end runs.</param>
public sealed record FamilyBed(
    BedRequested Request, BedStatus Stage, BedAssessed? Assessment, BedTerms? Terms, BedPeriod? Period, BedPaused? Pause, BedClosureDue? Closing,
    BedClosed? Closed, int PausedDays, int Visits, DateTimeOffset HomeSince, BedInsurance? Insurance = null)
    : IState<FamilyBed>
{
    public Guid Id => Request.BedId;

    public BedStatus Status => Closing is null ? Stage : BedStatus.ClosingDue;

    public bool IsInCare => Stage is BedStatus.Open or BedStatus.Paused;

    public bool IsPalliative => Request.Type is BedType.Palliative;

    public bool IsNotOpenYet => Stage is BedStatus.Requested or BedStatus.Assessed or BedStatus.Waitlisted or BedStatus.Approved;

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

    public static FamilyBed Evolve(FamilyBed? bed, DomainEvent @event) => (bed, @event) switch
    {
        (null, BedRequested e) => new(e, BedStatus.Requested, null, null, null, null, null, null, 0, 0, e.RequestedAt),
        ({ Stage: BedStatus.Requested or BedStatus.Assessed } b, BedAssessed e) => b with { Stage = BedStatus.Assessed, Assessment = e },
        ({ Stage: BedStatus.Assessed } b, BedWaitlisted e) => b with { Stage = BedStatus.Waitlisted, Terms = new(e.GpId, e.NurseId, e.PeriodDays) },
        ({ Stage: BedStatus.Assessed or BedStatus.Waitlisted } b, BedApproved e) =>
            b with { Stage = BedStatus.Approved, Terms = new(e.GpId, e.NurseId, e.PeriodDays) },
        ({ Stage: BedStatus.Assessed } b, BedDeclined) => b with { Stage = BedStatus.Declined },
        ({ IsNotOpenYet: true } b, BedRequestCancelled) => b with { Stage = BedStatus.Cancelled },
        ({ Stage: BedStatus.Approved } b, BedOpened e) => b with
        {
            Stage = BedStatus.Open,
            HomeSince = e.OpenedAt,
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
        ({ Period: not null } b, BedVisited) => b with { Visits = b.Visits + 1 }, // visits of the open days may be recorded later
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
    public static IReadOnlyList<string> Against(BedType type, int barthel, bool caregiver, string recommendation)
    {
        var criteria = new List<string>();
        if (type is not BedType.Palliative && barthel > 90)
            criteria.Add("selfCarePossible");
        if (barthel <= 60 && !caregiver)
            criteria.Add("noCaregiver");
        if (recommendation is "hospital")
            criteria.Add("hospitalNeeded");
        return criteria;
    }

    /// <summary>True when it may go on from a stage, false when it is so already; refuses otherwise.</summary>
    public static bool MayGo(FamilyBed? bed, BedStatus to, params BedStatus[] from)
    {
        if (bed is null)
            throw new UnknownId();
        if (bed.Stage == to)
            return false;
        if (from.Contains(bed.Stage))
            return true;
        throw bed switch
        {
            { Closed: { } closed } => new RuleBroken("BED_CLOSED", "This family bed is closed.", new { closed.ClosedOn, closed.Reason }),
            { Stage: BedStatus.Requested } when to is BedStatus.Approved or BedStatus.Waitlisted or BedStatus.Declined or BedStatus.Open =>
                new RuleBroken("ASSESSMENT_REQUIRED", "The resident and the home have not been assessed yet."),
            _ => Impossible(bed, from),
        };
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
