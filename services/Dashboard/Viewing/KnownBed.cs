using FamilyDoctor.Dashboard.Receiving;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using FamilyDoctor.IntegrationEvents.Beds;

namespace FamilyDoctor.Dashboard.Viewing;

/// <summary>How many family beds an institution may keep, from that moment on.</summary>
public sealed record BedCapacityStep(
    Guid Id, Guid InstitutionId, string DistrictCode, int Approved, DateTimeOffset At, long Version) : IRow<BedCapacityStep>
{
    public static IEnumerable<string> Indexes => ["institution_id, at"];

    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Message() is BedCapacitySet m ? [m.EventId] : [];

    public static BedCapacityStep Evolve(BedCapacityStep? row, Guid id, Recorded recorded)
    {
        var m = (BedCapacitySet)recorded.Message()!;
        return new(id, m.InstitutionId, m.DistrictCode, m.Approved, m.OccurredAt, m.StreamVersion);
    }
}

/// <summary>A family bed: an episode of care at home; never whose.</summary>
/// <param name="CloseBy">Last day of the care bridge after the contract ended; of the newest word about it, ClosureVersion.</param>
/// <param name="EndVersion">Of the newest word about its end: closed, or opened again.</param>
public sealed record KnownBed(
    Guid Id, string Number, Guid TeamId, Guid InstitutionId, string DistrictCode, string Origin, string Type, string Status,
    DateOnly? PlannedEndOn, DateTimeOffset? RequestedAt, DateOnly? OpenedOn, DateTimeOffset? OpenedAt, DateOnly? CloseBy,
    DateOnly? ClosedOn, int? BedDays, long ClosureVersion, long EndVersion, long Version) : IRow<KnownBed>
{
    static int IRow<KnownBed>.Version => 3;

    public static IEnumerable<string> Indexes => ["opened_on"];

    private static BedFacts? FactsOf(IntegrationEvent? message) => message switch
    {
        BedRequested m => m.Bed,
        BedWaitlisted m => m.Bed,
        BedApproved m => m.Bed,
        BedDeclined m => m.Bed,
        BedRequestCancelled m => m.Bed,
        BedOpened m => m.Bed,
        BedPeriodEndingSoon m => m.Bed,
        BedExtended m => m.Bed,
        BedPaused m => m.Bed,
        BedResumed m => m.Bed,
        BedClosureDue m => m.Bed,
        BedClosureCancelled m => m.Bed,
        BedClosed m => m.Bed,
        BedGpChanged m => m.Bed,
        BedRehomed m => m.Bed,
        BedReopened m => m.Bed,
        _ => null,
    };

    public static IEnumerable<Guid> Keys(Recorded recorded) => FactsOf(recorded.Message()) is { } facts ? [facts.BedId] : [];

    public static KnownBed Evolve(KnownBed? row, Guid id, Recorded recorded)
    {
        var message = recorded.Message()!;
        var facts = FactsOf(message)!;
        row ??= new(id, "", facts.TeamId, facts.InstitutionId, facts.DistrictCode, "", "", "", null, null, null, null, null, null, null, 0, 0, 0);
        if (message.StreamVersion > row.Version)
        {
            row = row with
            {
                Number = facts.Number,
                TeamId = facts.TeamId,
                InstitutionId = facts.InstitutionId,
                DistrictCode = facts.DistrictCode,
                Origin = facts.Origin,
                Type = facts.Type,
                Status = facts.Status,
                PlannedEndOn = facts.PlannedEndOn,
                Version = message.StreamVersion,
            };
        }
        return message switch
        {
            BedRequested => row with { RequestedAt = Knowing.Earliest(row.RequestedAt, message.OccurredAt) },
            BedOpened m => row with
            {
                OpenedOn = Knowing.Earliest(row.OpenedOn, m.Bed.OpenedOn ?? DateOnly.FromDateTime(m.OccurredAt.UtcDateTime)),
                OpenedAt = Knowing.Earliest(row.OpenedAt, m.OccurredAt),
            },
            BedClosureDue m when m.StreamVersion > row.ClosureVersion => row with { CloseBy = m.CloseBy, ClosureVersion = m.StreamVersion },
            BedClosureCancelled m when m.StreamVersion > row.ClosureVersion => row with { CloseBy = null, ClosureVersion = m.StreamVersion },
            BedClosed m when m.StreamVersion > row.EndVersion => row with { ClosedOn = m.ClosedOn, BedDays = m.BedDays, EndVersion = m.StreamVersion },
            BedReopened m when m.StreamVersion > row.EndVersion => row with { ClosedOn = null, BedDays = null, EndVersion = m.StreamVersion },
            _ => row,
        };
    }
}

/// <summary>An offer of a family bed to a resident who leaves hospital.</summary>
public sealed record KnownOffer(
    Guid Id, Guid InstitutionId, Guid? BedId, DateTimeOffset? OfferedAt, DateTimeOffset? AcceptedAt) : IRow<KnownOffer>
{
    public static IEnumerable<Guid> Keys(Recorded recorded) => recorded.Message() switch
    {
        DischargeBedOffered m => [m.OfferId],
        DischargeBedOfferAccepted m => [m.OfferId],
        _ => [],
    };

    public static KnownOffer Evolve(KnownOffer? row, Guid id, Recorded recorded) => recorded.Message() switch
    {
        DischargeBedOffered m => (row ?? new(id, m.InstitutionId, null, null, null)) with { OfferedAt = m.OccurredAt },
        DischargeBedOfferAccepted m =>
            (row ?? new(id, m.InstitutionId, null, null, null)) with { AcceptedAt = m.OccurredAt, BedId = m.BedId },
        var other => throw new InvalidOperationException($"{other?.GetType().Name} is not about an offer."),
    };
}

/// <summary>A house call, planned and made or missed; never to whom.</summary>
/// <param name="BedId">Null for house calls outside a family bed.</param>
/// <param name="UrgentAt">When a deterioration was found that goes to hospital.</param>
public sealed record KnownVisit(
    Guid Id, Guid? BedId, Guid TeamId, Guid InstitutionId, string DistrictCode, DateTimeOffset PlannedFrom, DateTimeOffset PlannedTo,
    DateTimeOffset? CompletedAt, DateTimeOffset? MissedAt, DateTimeOffset? CancelledAt, DateTimeOffset? UrgentAt, long Version) : IRow<KnownVisit>
{
    static int IRow<KnownVisit>.Version => 2;

    public static IEnumerable<string> Indexes => ["planned_to", "completed_at", "bed_id"];

    private static VisitFacts? FactsOf(IntegrationEvent? message) => message switch
    {
        VisitPlanned m => m.Visit,
        VisitHandedOver m => m.Visit,
        VisitCompleted m => m.Visit,
        VisitMissed m => m.Visit,
        VisitRescheduled m => m.Visit,
        VisitRefused m => m.Visit,
        VisitNotAtHome m => m.Visit,
        VisitCancelled m => m.Visit,
        DeteriorationDetected m => m.Visit,
        _ => null,
    };

    public static IEnumerable<Guid> Keys(Recorded recorded) => FactsOf(recorded.Message()) is { } facts ? [facts.VisitId] : [];

    public static KnownVisit Evolve(KnownVisit? row, Guid id, Recorded recorded)
    {
        var message = recorded.Message()!;
        var facts = FactsOf(message)!;
        row ??= new(id, facts.BedId, facts.TeamId, facts.InstitutionId, facts.DistrictCode, facts.PlannedFrom, facts.PlannedTo, null, null, null, null, 0);
        if (message.StreamVersion > row.Version)
        {
            row = row with
            {
                BedId = facts.BedId,
                TeamId = facts.TeamId,
                InstitutionId = facts.InstitutionId,
                DistrictCode = facts.DistrictCode,
                PlannedFrom = facts.PlannedFrom,
                PlannedTo = facts.PlannedTo,
                Version = message.StreamVersion,
            };
        }
        return message switch
        {
            VisitCompleted m => row with { CompletedAt = Knowing.Earliest(row.CompletedAt, m.At) },
            DeteriorationDetected { Severity: "urgent" } => row with { UrgentAt = Knowing.Earliest(row.UrgentAt, message.OccurredAt) },
            VisitCancelled => row with { CancelledAt = Knowing.Earliest(row.CancelledAt, message.OccurredAt) },
            VisitMissed or VisitNotAtHome => row with { MissedAt = Knowing.Earliest(row.MissedAt, message.OccurredAt) },
            _ => row,
        };
    }
}
