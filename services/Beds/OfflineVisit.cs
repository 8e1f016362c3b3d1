using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.Policies;

namespace FamilyDoctor.Beds;

[JsonConverter(typeof(JsonStringEnumConverter<OfflineOutcome>))]
public enum OfflineOutcome { Completed, Refused, NotAtHome }

/// <summary>Recorded: in time. Late: after the bed was closed. Quarantined: somebody has to look at it. Repeated: known already. Kept: stays as it is, with the code why.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SyncResult>))]
public enum SyncResult { Recorded, Late, Quarantined, Repeated, Kept }

/// <summary>A visit that was written down on a device without a network; the visit's id makes it the same one however often it is sent.</summary>
/// <param name="BedId">Null for a house call.</param>
/// <param name="ResidentId">Of a house call.</param>
/// <param name="DeviceTime">When the device wrote it down.</param>
public sealed record OfflineVisit(
    [Required] Guid? VisitId, Guid? BedId, Guid? ResidentId, [Required] Guid? PractitionerId, [Required, MaxLength(40)] string? Role,
    [Required] DateTimeOffset? From, [Required] DateTimeOffset? To, [Required] DateTimeOffset? DeviceTime, OfflineOutcome Outcome = OfflineOutcome.Completed,
    [MaxLength(20_000)] string? Findings = null, [MaxLength(50)] IReadOnlyList<Vital>? Vitals = null, [Codes] IReadOnlyList<string>? ActionCodes = null,
    bool MedsReviewed = false, DateOnly? NextDue = null, [MaxLength(100)] string? Reason = null)
{
    /// <summary>Devices may be behind for so long; what is older is no news from a device.</summary>
    private const int OldestDays = 366, ClockMinutes = 5;

    /// <param name="right">Of a house call that was not planned: from the contract as it is known here.</param>
    /// <param name="now">When it reached this service.</param>
    /// <param name="at">When the visit ended.</param>
    public (SyncResult Result, IEnumerable<DomainEvent> Visit, IEnumerable<DomainEvent> Day, IEnumerable<DomainEvent> Bed) Decide(
        HomeVisit? visit, PractitionerDay? day, FamilyBed? bed, CareRight? right, Guid? findingsRef, DateTimeOffset now, Moment at)
    {
        if (To > now.AddMinutes(ClockMinutes) || To < now.AddDays(-OldestDays))
            throw new RuleBroken("RULE_VIOLATION", "A device tells of visits of the last year.", new { now, To });
        var (from, to, date) = HomeVisit.Window(From!.Value, To!.Value, at);
        var (id, who) = (VisitId!.Value, PractitionerId!.Value);
        var report = new VisitCompleted(id, findingsRef, Vitals ?? [], ActionCodes ?? [], MedsReviewed, NextDue, DeviceTime!.Value.ToUniversalTime(), now);
        if (IsKnown(visit, report))
            return (SyncResult.Repeated, [], [], []);
        if (visit is not (null or { IsOpen: true } or { IsUnderWay: true }))
            throw HomeVisitKept(visit); // what is written stays as it is
        if (Outcome is OfflineOutcome.NotAtHome && visit?.Status is VisitStatus.Started)
            throw HomeVisitKept(visit); // somebody was let in
        var plan = (visit?.Plan ?? Planned(bed?.Right ?? right)) with { From = from, To = to };
        var freed = PractitionerDay.Free(day, id);
        if (bed?.IsOpenOn(date) is false)
        {
            return Outcome is OfflineOutcome.Completed
                ? (SyncResult.Quarantined, [new LateVisitQuarantined(plan, who, report)], freed, [])
                : throw new RuleBroken("VISIT_OUTSIDE_PERIOD", "The bed was not open on that day.", new { bed.Period?.OpenedOn, bed.LastDay });
        }
        var late = bed?.Closed is not null;
        var (known, events) = (visit ?? HomeVisit.Evolve(null, plan), new List<DomainEvent>());
        if (visit is null)
            events.Add(plan);
        if (known.Status is VisitStatus.Planned || (known.IsOpen && known.PractitionerId != who))
            events.Add(new VisitAssigned(id, who));
        events.AddRange(Outcome switch
        {
            OfflineOutcome.Refused => [new VisitRefused(id, Reason ?? "notTold")],
            OfflineOutcome.NotAtHome => [new VisitNotAtHome(id)],
            _ => [.. late ? [] : EarlyWarning.Of(known, bed, report.Vitals, at), report],
        });
        if (Outcome is not OfflineOutcome.Completed)
            return (SyncResult.Recorded, events, freed, Outcome is OfflineOutcome.NotAtHome ? FamilyBed.Missed(bed, id, at) : []);
        if (late)
            events.Add(new LateVisitRecorded(id, bed!.Id, from));
        if (day?.Open.Find(v => v.VisitId != id && v.From < to && from < v.To) is { } other)
            events.Add(new VisitOverlapFlagged(id, other.VisitId));
        return (late ? SyncResult.Late : SyncResult.Recorded, events, freed, bed is null ? [] : [new BedVisited(bed.Id, id)]);
    }

    /// <summary>What was not planned here is planned as it was made.</summary>
    private VisitPlanned Planned(CareRight? right)
    {
        if (right is null && BedId is null)
            throw new RuleBroken("CONTRACT_NOT_ACTIVE", "The resident has no active contract with a family doctor team.");
        return right is null ? throw new UnknownId()
            : new(VisitId!.Value, BedId, right.ResidentId, right.TeamId, right.InstitutionId, right.DistrictCode, Role!, From!.Value, To!.Value);
    }

    private bool IsKnown(HomeVisit? visit, VisitCompleted report) => (Outcome, visit) switch
    {
        (OfflineOutcome.Completed, { } v) => (v.Completion ?? v.Quarantine?.Report) is { } told && told.FindingsRef == report.FindingsRef
            && told.MedsReviewed == report.MedsReviewed && told.NextDue == report.NextDue && told.DeviceTime == report.DeviceTime
            && told.Vitals.SequenceEqual(report.Vitals) && told.ActionCodes.SequenceEqual(report.ActionCodes),
        (OfflineOutcome.Refused, { Status: VisitStatus.Refused }) or (OfflineOutcome.NotAtHome, { Status: VisitStatus.NotAtHome }) => true,
        _ => false,
    };

    private static RuleBroken HomeVisitKept(HomeVisit visit) => visit.Status is VisitStatus.Completed
        ? new("VISIT_ALREADY_COMPLETED", "This visit has been completed already.")
        : new("INVALID_TRANSITION", $"This is not possible for a visit that is {visit.Status}.",
            new { state = visit.Status.ToString(), allowed = new[] { nameof(VisitStatus.Planned), nameof(VisitStatus.Assigned) } });
}
