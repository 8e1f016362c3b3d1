using System.Text.Json;
using FamilyDoctor.EventSourcing;
using FamilyDoctor.IntegrationEvents;
using Published = FamilyDoctor.IntegrationEvents.Beds;

namespace FamilyDoctor.Beds;

/// <summary>What Beds tells the others.</summary>
public sealed class BedsOutbound : IOutbound
{
    public StreamKind? Needs(DomainEvent @event) => @event switch
    {
        BedWaitlisted or BedApproved or BedDeclined or BedRequestCancelled or BedOpened or BedPeriodEndingSoon or BedExtended or BedPaused or BedResumed
            or BedClosureDue or BedClosureCancelled or BedClosed or CarePlanRevised or BedGpChanged or BedReopened
            or MissedVisitsEscalated or BedRehomed => StreamKind.Of<FamilyBed>(),
        DischargeBedOfferAccepted or DischargeBedOfferDeclined or DischargeBedOfferExpired => StreamKind.Of<DischargeBedOffer>(),
        VisitAssigned or VisitHandedOver or VisitCompleted or VisitMissed or VisitRescheduled or VisitEnRoute or VisitStarted or VisitRefused or VisitNotAtHome or VisitCancelled
            or DeteriorationDetected or DeteriorationEscalated or LateVisitRecorded or LateVisitQuarantined => StreamKind.Of<HomeVisit>(),
        _ => null,
    };

    public IEnumerable<IntegrationEvent> Map(Recorded recorded, object? state) => recorded.Event switch
    {
        BedCapacitySet e => [new Published.BedCapacitySet(e.InstitutionId, e.DistrictCode, e.Approved)],
        BedRequested e => [new Published.BedRequested(Facts(FamilyBed.Evolve(null, e)))],
        BedWaitlisted e => [new Published.BedWaitlisted(Bed(state), e.Rank)],
        BedApproved => [new Published.BedApproved(Bed(state))],
        BedDeclined e => [new Published.BedDeclined(Bed(state), e.Reason)],
        BedRequestCancelled e => [new Published.BedRequestCancelled(Bed(state), e.Reason)],
        // The insurer is not asked about the past.
        BedOpened e => IsImported(recorded) ? [new Published.BedOpened(Bed(state))]
            : [new Published.BedOpened(Bed(state)), new Published.BedAuthorisationRequested(Bed(state), 1, e.OpenedOn)],
        BedPeriodEndingSoon e => [new Published.BedPeriodEndingSoon(Bed(state), e.EndsOn)],
        BedExtended e => IsImported(recorded) ? [new Published.BedExtended(Bed(state), e.PeriodNo)]
            : [new Published.BedExtended(Bed(state), e.PeriodNo), new Published.BedAuthorisationRequested(Bed(state), e.PeriodNo, Began(e, (FamilyBed)state!))],
        CarePlanRevised e => [new Published.CarePlanRevised(Bed(state), e.Version, e.DoctorEveryDays, e.NurseEveryDays)],
        BedGpChanged e => [new Published.BedGpChanged(Bed(state), e.GpId, e.Cause)],
        BedRehomed e => [new Published.BedRehomed(Bed(state), e.FromInstitutionId)],
        BedPaused e => [new Published.BedPaused(Bed(state), e.ReferralId)],
        BedResumed => [new Published.BedResumed(Bed(state))],
        BedClosureDue e => [new Published.BedClosureDue(Bed(state), e.Cause, e.CloseBy)],
        BedClosureCancelled => [new Published.BedClosureCancelled(Bed(state))],
        BedClosed e => [new Published.BedClosed(Bed(state), Code(e.Reason), e.ClosedOn, e.BedDays, e.Visits)],
        BedReopened => [new Published.BedReopened(Bed(state))],
        MissedVisitsEscalated e => [new Published.MissedVisitsEscalated(Bed(state), e.InARow)],
        DischargeBedOffered e => [new Published.DischargeBedOffered(e.OfferId, e.ResidentId, e.InstitutionId, e.DownReferralId, e.ExpiresAt)],
        DischargeBedOfferAccepted e => [new Published.DischargeBedOfferAccepted(e.OfferId, Offer(state).ResidentId, Offer(state).InstitutionId, e.BedId)],
        DischargeBedOfferDeclined e => [new Published.DischargeBedOfferDeclined(e.OfferId, Offer(state).ResidentId, Offer(state).InstitutionId, e.Reason)],
        DischargeBedOfferExpired e => [new Published.DischargeBedOfferExpired(e.OfferId, Offer(state).ResidentId, Offer(state).InstitutionId)],
        VisitAssigned => [new Published.VisitPlanned(Visit(state, "Planned"))],
        VisitHandedOver e => [new Published.VisitHandedOver(Visit(state, "Planned"), e.PractitionerId != e.Responsible && e.Responsible != Guid.Empty ? e.Responsible : null)],
        VisitCompleted => [new Published.VisitCompleted(Visit(state, "Completed"), recorded.OccurredAt)],
        VisitMissed e => [new Published.VisitMissed(Visit(state, "Missed"), e.Cause)],
        VisitRescheduled => [new Published.VisitRescheduled(Visit(state))],
        VisitEnRoute => [new Published.VisitEnRoute(Visit(state))],
        VisitStarted => [new Published.VisitStarted(Visit(state))],
        VisitRefused e => [new Published.VisitRefused(Visit(state), e.Reason)],
        VisitNotAtHome => [new Published.VisitNotAtHome(Visit(state))],
        VisitCancelled e => [new Published.VisitCancelled(Visit(state), e.Reason)],
        DeteriorationDetected e => [new Published.DeteriorationDetected(Visit(state), e.Score, e.Triggers, Code(e.Severity), e.DueAt)],
        DeteriorationEscalated e => [new Published.DeteriorationEscalated(Visit(state), e.Route, e.ReferralId)],
        LateVisitRecorded e => [new Published.LateVisitRecorded(Visit(state), e.VisitedAt)],
        LateVisitQuarantined e => [new Published.LateVisitQuarantined(Visit(state))],
        _ => [],
    };

    private static bool IsImported(Recorded recorded) => recorded.Headers.Channel == "import";

    private static DateOnly Began(BedExtended e, FamilyBed bed) => e.NewEndOn.AddDays(-bed.Terms!.PeriodDays);

    private static Published.BedFacts Bed(object? state) => Facts((FamilyBed)state!);

    private static Published.BedFacts Facts(FamilyBed bed)
    {
        var r = bed.Request;
        return new(r.BedId, Ids.Human('B', r.BedId), r.ResidentId, r.ContractId, r.TeamId, r.InstitutionId, r.DistrictCode, Code(r.Origin), Code(r.Type),
            bed.Status.ToString(), bed.Period?.OpenedOn, bed.Period?.EndsOn);
    }

    private static DischargeBedOffered Offer(object? state) => ((DischargeBedOffer)state!).Offer;

    private static Published.VisitFacts Visit(object? state, string? status = null)
    {
        var visit = (HomeVisit)state!;
        var p = visit.Plan;
        return new(p.VisitId, p.BedId, p.ResidentId, visit.PractitionerId, p.TeamId, p.InstitutionId, p.DistrictCode, status ?? visit.Status.ToString(), p.From, p.To);
    }

    /// <summary>HospitalDischarge is hospitalDischarge outside.</summary>
    private static string Code(Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
